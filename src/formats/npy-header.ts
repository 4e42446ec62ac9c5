/** The header of a `.npy` file: a dict of Python with three keys, read by hand. Nothing in it is ever run. */
import * as E from 'fp-ts/lib/Either.js'
import type { StoredType } from './stored-array.ts'

/** What the dict says. */
export interface NpyHeader {
  readonly type: StoredType
  readonly bigEndian: boolean
  /** First size fastest. */
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
}

/** What is wrong, and before which character of the header; `descr` where it is an element type that no array here holds. */
export interface HeaderFault {
  readonly at: number
  readonly why: string
  readonly descr?: string
}

/** Element types by what follows the byte order. */
const types: Readonly<Record<string, StoredType>> = {
  b1: 'bool',
  u1: 'u8',
  i1: 'i8',
  u2: 'u16',
  i2: 'i16',
  u4: 'u32',
  i4: 'i32',
  u8: 'u64',
  i8: 'i64',
  f2: 'f16',
  f4: 'f32',
  f8: 'f64',
}
/** How NumPy writes a type; bfloat16 it does not have. */
export const descrOf = (type: StoredType): string | null => {
  const code = Object.keys(types).find((each) => types[each] === type)
  return code === undefined ? null : `${code.endsWith('1') ? '|' : '<'}${code}`
}

/** As NumPy has it. */
const mostAxes = 64

type Value =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'truth'; readonly truth: boolean }
  | { readonly is: 'sizes'; readonly sizes: readonly number[] }
/** A reading goes on behind `at`, or it stops. */
type Step<A> = E.Either<HeaderFault, { readonly value: A; readonly at: number }>

export const parseNpyHeader = (text: string): E.Either<HeaderFault, NpyHeader> => {
  const dict = readDict(text)
  if (E.isLeft(dict)) return dict
  const { descr, fortran_order: order, shape } = Object.fromEntries(dict.right)
  for (const key of keys) if (!dict.right.has(key)) return stop(0, `it has no '${key}'`)
  if (order?.is !== 'truth') return stop(0, `'fortran_order' is neither True nor False`)
  if (shape?.is !== 'sizes') return stop(0, `'shape' is no tuple of sizes`)
  if (shape.sizes.length > mostAxes) return stop(0, `'shape' has ${shape.sizes.length} axes, at most ${mostAxes} can be`)
  if (descr?.is !== 'text') return stop(0, `'descr' is no text`)
  const element = elementOf(descr.text)
  return E.isLeft(element) ? element : E.right({ ...element.right, fortranOrder: order.truth, shape: shape.sizes })
}

const keys: readonly string[] = ['descr', 'fortran_order', 'shape']
const stop = (at: number, why: string): E.Either<HeaderFault, never> => E.left({ at, why })

const elementOf = (descr: string): E.Either<HeaderFault, Pick<NpyHeader, 'type' | 'bigEndian'>> => {
  const [order = '', code] = [descr[0], descr.slice(1)]
  const type = Object.hasOwn(types, code) ? types[code] : undefined
  if (type !== undefined && '<>='.includes(order)) return E.right({ type, bigEndian: order === '>' })
  if (type !== undefined && order === '|' && code.endsWith('1')) return E.right({ type, bigEndian: false })
  const shown = descr.length > 20 ? `${descr.slice(0, 20)}...` : descr
  return E.left({ at: 0, descr, why: `elements of type '${shown}'${kindOf(descr)} are not read` })
}
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^[|<>=]?O/, ', which are Python objects and may run code,'],
  [/^[|<>=]?c\d/, ', complex numbers,'],
  [/^[|<>=]?[SUa]\d/, ', texts,'],
  [/^[|<>=]?[Mm]8/, ', dates,'],
  [/^[|<>=]?V/, ', raw records,'],
]
const kindOf = (descr: string): string => kinds.find(([pattern]) => pattern.test(descr))?.[1] ?? ''

/** Spaces and line ends. Sticky, as all that follow: they match where they are asked to. */
const space = /[ \t\r\n]*/y
const textLiteral = /'([^'"\\\n]*)'|"([^'"\\\n]*)"/y
const truthLiteral = /True|False/y
/** Python 2 wrote an L behind long numbers. */
const sizeLiteral = /(0|[1-9]\d*)L?(?![\w.])/y

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}
const behindSpace = (text: string, at: number): number => at + (matchAt(space, text, at)?.[0].length ?? 0)

const readDict = (text: string): E.Either<HeaderFault, ReadonlyMap<string, Value>> => {
  const dict = new Map<string, Value>()
  let at = behindSpace(text, 0)
  if (text[at] !== '{') return stop(at, 'it is no dict of Python')
  at = behindSpace(text, at + 1)
  while (text[at] !== '}') {
    const entry = readEntry(text, at)
    if (E.isLeft(entry)) return entry
    const [key, value] = entry.right.value
    if (dict.has(key)) return stop(at, `it has '${key}' twice`)
    dict.set(key, value)
    at = entry.right.at
    if (text[at] === ',') at = behindSpace(text, at + 1)
    else if (text[at] !== '}') return stop(at, `expected ',' or '}'`)
  }
  at = behindSpace(text, at + 1)
  return at === text.length ? E.right(dict) : stop(at, 'something follows the dict')
}

const readEntry = (text: string, start: number): Step<readonly [string, Value]> => {
  const key = matchAt(textLiteral, text, start)
  if (key === null) return stop(start, 'expected a key')
  const name = key[1] ?? key[2] ?? ''
  if (!keys.includes(name)) return stop(start, `it has the key '${name.slice(0, 20)}', which is none of ${keys.join(', ')}`)
  const colon = behindSpace(text, start + key[0].length)
  if (text[colon] !== ':') return stop(colon, `expected ':'`)
  const value = readValue(text, behindSpace(text, colon + 1))
  if (E.isLeft(value)) return value
  return E.right({ value: [name, value.right.value], at: behindSpace(text, value.right.at) })
}

const readValue = (text: string, at: number): Step<Value> => {
  const literal = matchAt(textLiteral, text, at)
  if (literal !== null) return E.right({ value: { is: 'text', text: literal[1] ?? literal[2] ?? '' }, at: at + literal[0].length })
  const truth = matchAt(truthLiteral, text, at)
  if (truth !== null) return E.right({ value: { is: 'truth', truth: truth[0] === 'True' }, at: at + truth[0].length })
  if (text[at] === '[') return E.left({ at, descr: '[', why: 'records of several fields are not read' })
  return text[at] === '(' ? readSizes(text, at) : stop(at, 'expected a text, True, False or a tuple of sizes')
}

/** `()`, `(3,)`, `(3, 4)`: one size without a comma is no tuple. */
const readSizes = (text: string, start: number): Step<Value> => {
  const sizes: number[] = []
  let at = behindSpace(text, start + 1)
  let comma = true
  while (text[at] !== ')') {
    const size = comma ? matchAt(sizeLiteral, text, at) : null
    if (size === null) return stop(at, comma ? 'expected a size, a whole number from 0' : `expected ',' or ')'`)
    if (!Number.isSafeInteger(Number(size[1]))) return stop(at, `a size is past counting`)
    sizes.push(Number(size[1]))
    at = behindSpace(text, at + size[0].length)
    comma = text[at] === ','
    if (comma) at = behindSpace(text, at + 1)
  }
  if (sizes.length === 1 && !comma) return stop(at, `one size needs a ',' behind it to be a tuple`)
  return E.right({ value: { is: 'sizes', sizes }, at: at + 1 })
}
