/** JSON of strangers: no key twice, nothing deeper or longer than was said, keys and numbers as they were written. */
import * as E from 'fp-ts/lib/Either.js'

/** A number keeps its text, since 2^53 + 1 has no number in JavaScript; an object is a map, since `__proto__` is a key. */
export type StrictJson = null | boolean | string | WrittenNumber | readonly StrictJson[] | ReadonlyMap<string, StrictJson>
export interface WrittenNumber {
  readonly number: string
}

export interface JsonLimits {
  /** Objects and arrays inside one another; 32 unless said. */
  readonly depth?: number
  /** Values in all; 2^22 unless said. */
  readonly values?: number
}
/** What is wrong, and before which character. */
export interface JsonError {
  readonly message: string
  readonly offset: number
}

/** Reads a text that is one JSON value, with white space around it. */
export const parseStrictJson = (text: string, limits: JsonLimits = {}): E.Either<JsonError, StrictJson> => {
  const cursor: Cursor = { text, at: 0, depth: limits.depth ?? 32, values: limits.values ?? 2 ** 22 }
  try {
    const value = readValue(cursor)
    skipSpace(cursor)
    return cursor.at === text.length ? E.right(value) : E.left({ offset: cursor.at, message: `${seen(cursor)} behind the end` })
  } catch (cause) {
    if (cause instanceof Fault) return E.left({ offset: cause.offset, message: cause.message })
    throw cause
  }
}

/** A whole number from 0 to 2^53 - 1 that is written as digits alone; null for anything else. */
export const wholeNumberIn = (json: StrictJson | undefined): number | null => {
  const text = isWritten(json) ? json.number : ''
  const number = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : -1
  return Number.isSafeInteger(number) && number >= 0 ? number : null
}

export const isObject = (json: StrictJson | undefined): json is ReadonlyMap<string, StrictJson> => json instanceof Map
export const isArray = (json: StrictJson | undefined): json is readonly StrictJson[] => Array.isArray(json)
export const isWritten = (json: StrictJson | undefined): json is WrittenNumber =>
  typeof json === 'object' && json !== null && !isObject(json) && !isArray(json)

/** Where reading stands; `depth` and `values` are what is left of them. */
interface Cursor {
  readonly text: string
  at: number
  depth: number
  values: number
}

/** Thrown and caught in this file. */
class Fault extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message)
  }
}

const fail = ({ at }: Cursor, message: string): never => {
  throw new Fault(at, message)
}

/** `'}'`, or the end. */
const seen = ({ text, at }: Cursor): string => (at < text.length ? `'${String.fromCodePoint(text.codePointAt(at) as number)}'` : 'the end')

const space = /[ \t\n\r]*/y
const skipSpace = (cursor: Cursor): void => {
  space.lastIndex = cursor.at
  space.exec(cursor.text)
  cursor.at = space.lastIndex
}

const readValue = (cursor: Cursor): StrictJson => {
  skipSpace(cursor)
  cursor.values -= 1
  if (cursor.values < 0) return fail(cursor, 'too many values')
  const first = cursor.text[cursor.at]
  if (first === '{') return inside(cursor, readObject)
  if (first === '[') return inside(cursor, readArray)
  if (first === '"') return readString(cursor)
  const word = readWord(cursor)
  return word === undefined ? readNumber(cursor) : word
}

const inside = <T>(cursor: Cursor, read: (cursor: Cursor) => T): T => {
  cursor.depth -= 1
  if (cursor.depth < 0) return fail(cursor, 'too deep')
  cursor.at += 1
  const value = read(cursor)
  cursor.depth += 1
  return value
}

const readObject = (cursor: Cursor): ReadonlyMap<string, StrictJson> => {
  const entries = new Map<string, StrictJson>()
  items(cursor, '}', () => {
    const start = cursor.at
    if (cursor.text[start] !== '"') fail(cursor, `expected a key, got ${seen(cursor)}`)
    const key = readString(cursor)
    if (entries.has(key)) throw new Fault(start, `the key ${quoted(key)} stands here twice`)
    skipSpace(cursor)
    if (cursor.text[cursor.at] !== ':') fail(cursor, `expected ':', got ${seen(cursor)}`)
    cursor.at += 1
    entries.set(key, readValue(cursor))
  })
  return entries
}

const readArray = (cursor: Cursor): readonly StrictJson[] => {
  const values: StrictJson[] = []
  items(cursor, ']', () => values.push(readValue(cursor)))
  return values
}

/** Items with commas between them, up to the bracket that closes. */
const items = (cursor: Cursor, close: string, read: () => void): void => {
  skipSpace(cursor)
  if (cursor.text[cursor.at] === close) {
    cursor.at += 1
    return
  }
  for (;;) {
    skipSpace(cursor)
    read()
    skipSpace(cursor)
    const next = cursor.text[cursor.at]
    if (next !== ',' && next !== close) fail(cursor, `expected ',' or '${close}', got ${seen(cursor)}`)
    cursor.at += 1
    if (next === close) return
  }
}

const words: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]
/** undefined where there is none. */
const readWord = (cursor: Cursor): boolean | null | undefined => {
  const word = words.find(([text]) => cursor.text.startsWith(text, cursor.at))
  if (word === undefined) return undefined
  cursor.at += word[0].length
  return word[1]
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const readNumber = (cursor: Cursor): WrittenNumber => {
  number.lastIndex = cursor.at
  const found = number.exec(cursor.text)
  if (found === null) return fail(cursor, `expected a value, got ${seen(cursor)}`)
  cursor.at = number.lastIndex
  return { number: found[0] }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none of them in a string
const plain = /[^"\\\u0000-\u001f]*/y
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

const readString = (cursor: Cursor): string => {
  const parts: string[] = []
  cursor.at += 1
  for (;;) {
    plain.lastIndex = cursor.at
    plain.exec(cursor.text)
    parts.push(cursor.text.slice(cursor.at, plain.lastIndex))
    cursor.at = plain.lastIndex
    const next = cursor.text[cursor.at]
    if (next === '"') break
    if (next !== '\\') return fail(cursor, next === undefined ? 'a string without an end' : 'a control character in a string')
    parts.push(readEscape(cursor))
  }
  cursor.at += 1
  return parts.join('')
}

/** One character; of a pair of surrogates both halves. */
const readEscape = (cursor: Cursor): string => {
  const { text, at } = cursor
  const kind = text[at + 1] ?? ''
  if (kind !== 'u') {
    const character = Object.hasOwn(escapes, kind) ? escapes[kind] : undefined
    if (character === undefined) return fail(cursor, 'an unknown escape')
    cursor.at += 2
    return character
  }
  const unit = unitAt(cursor, at)
  const isHigh = unit >= 0xd800 && unit < 0xdc00
  if (!isHigh && unit >= 0xdc00 && unit < 0xe000) return fail(cursor, 'half a character')
  if (!isHigh) {
    cursor.at += 6
    return String.fromCharCode(unit)
  }
  const low = text.startsWith('\\u', at + 6) ? unitAt(cursor, at + 6) : 0
  if (low < 0xdc00 || low >= 0xe000) return fail(cursor, 'half a character')
  cursor.at += 12
  return String.fromCharCode(unit, low)
}
const unitAt = (cursor: Cursor, at: number): number => {
  const digits = cursor.text.slice(at + 2, at + 6)
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : fail(cursor, 'an unknown escape')
}

const longestShown = 80
/** A name of a stranger as it stands in a sentence. */
export const quoted = (name: string): string => JSON.stringify(name.length > longestShown ? `${name.slice(0, longestShown)}...` : name)
