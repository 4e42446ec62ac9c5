/** Where two descriptions of models differ. */
import * as E from 'fp-ts/lib/Either.js'
import { isArray, isObject, isWritten, parseStrictJson, type StrictJson } from '../formats/strict-json.ts'

/** So many differences are told. */
const most = 5

/** Each place with what stood there and what stands there now: `layers.1.kind was "relu", is "tanh"`. */
export const otherwise = (before: string, now: string): readonly string[] => {
  if (before === now) return []
  const [a, b] = [parseStrictJson(before), parseStrictJson(now)]
  if (E.isLeft(a) || E.isLeft(b)) return ['its description cannot be read']
  const found: string[] = []
  compare(a.right, b.right, '', found)
  return found.slice(0, most)
}

const compare = (a: StrictJson | undefined, b: StrictJson | undefined, path: string, found: string[]): void => {
  if (found.length >= most) return
  const [x, y] = [partsOf(a), partsOf(b)]
  if (x === null || y === null) {
    if (text(a) !== text(b)) found.push(`${path === '' ? 'it' : path} was ${text(a)}, is ${text(b)}`)
    return
  }
  for (const key of new Set([...x.keys(), ...y.keys()])) compare(x.get(key), y.get(key), path === '' ? key : `${path}.${key}`, found)
}

const partsOf = (json: StrictJson | undefined): ReadonlyMap<string, StrictJson> | null =>
  isObject(json) ? json : isArray(json) && json.some(isObject) ? new Map(json.map((part, i) => [String(i), part])) : null

const text = (json: StrictJson | undefined): string => {
  if (json === undefined) return 'not there'
  if (isWritten(json)) return json.number
  if (isArray(json)) return `[${json.map(text).join(', ')}]`
  return isObject(json) ? 'there' : JSON.stringify(json)
}
