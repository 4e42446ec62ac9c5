/** Writing safetensors, byte for byte as the reference does. */
import * as E from 'fp-ts/lib/Either.js'
import { encodeElements } from '../elements.ts'
import { type StoredArray, storedBytes } from '../stored-array.ts'
import { quoted } from '../strict-json.ts'
import { namedType, rankOf } from './dtype.ts'
import { badTensor, type SafetensorsError, tooLarge } from './error.ts'
import { largestHeader, lengthBytes, metadataKey } from './header.ts'

/**
 * The bytes of a safetensors file: types with the widest elements first, then by name, metadata by key; so equal tensors
 * give equal bytes, whatever the order of the map. f16 and bf16 are rounded to the nearest, ties to even. Left where an
 * array is not as long as its shape says, or a name is not one.
 *
 * @example
 * const file = writeSafetensors(new Map([['scale', { type: 'f32', shape: [], values: new Float32Array([2]) }]]))
 * E.isRight(file) && file.right.length // => 76
 */
export const writeSafetensors = (
  tensors: ReadonlyMap<string, StoredArray>,
  metadata: ReadonlyMap<string, string> = new Map(),
): E.Either<SafetensorsError, Uint8Array<ArrayBuffer>> => {
  const placed = inOrder(tensors)
  for (const { name, array } of placed) {
    const fault = faultOf(name, array)
    if (fault !== null) return E.left(badTensor(name, fault))
  }
  for (const [key, value] of metadata)
    if (!isText(key) || !isText(value)) return E.left(badTensor(metadataKey, `the metadata ${quoted(key)} has half of a character`))
  const header = headerOf(placed, metadata)
  if (header.length > largestHeader) return E.left(tooLarge(largestHeader, `the header of ${header.length} bytes`))
  return E.right(fileOf(header, placed))
}

interface Placed {
  readonly name: string
  readonly array: StoredArray
  readonly begin: number
  readonly end: number
}

const inOrder = (tensors: ReadonlyMap<string, StoredArray>): readonly Placed[] => {
  const sorted = [...tensors].sort(
    ([a, { type: x }], [b, { type: y }]) => rankOf(namedType(y)) - rankOf(namedType(x)) || byCodePoints(a, b),
  )
  let at = 0
  return sorted.map(([name, array]) => {
    const begin = at
    at += array.values.length * storedBytes[array.type]
    return { name, array, begin, end: at }
  })
}

const faultOf = (name: string, { shape, values }: StoredArray): string | null => {
  if (name === metadataKey) return `a tensor may not be called ${metadataKey}`
  if (!isText(name)) return `the name ${quoted(name)} has half of a character`
  const product = shape.reduce((n, size) => n * size, 1)
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || product !== values.length)
    return `${quoted(name)} has the shape [${shape.join(', ')}] and ${values.length} elements`
  return null
}

/** Whether it is text: half of a pair of surrogates has no UTF-8. */
const isText = (text: string): boolean => !/\p{Surrogate}/u.test(text)

/** The order of UTF-8, and so of the reference: by whole characters. JavaScript compares halves of pairs. */
const byCodePoints = (a: string, b: string): number => {
  let at = 0
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  return leading(a, at) - leading(b, at)
}
/** Where the texts part, a half of a pair comes behind all that is no pair. */
const leading = (text: string, at: number): number => {
  if (at >= text.length) return -1
  const unit = text.charCodeAt(at)
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit
}

const headerOf = (placed: readonly Placed[], metadata: ReadonlyMap<string, string>): Uint8Array => {
  const member = (key: string, json: string): string => `${JSON.stringify(key)}:${json}`
  const words = [...metadata].sort(([a], [b]) => byCodePoints(a, b)).map(([key, value]) => member(key, JSON.stringify(value)))
  const members = [
    ...(words.length === 0 ? [] : [member(metadataKey, `{${words.join(',')}}`)]),
    ...placed.map(({ name, array: { type, shape }, begin, end }) =>
      member(name, `{"dtype":"${namedType(type)}","shape":[${shape.join(',')}],"data_offsets":[${begin},${end}]}`),
    ),
  ]
  const json = new TextEncoder().encode(`{${members.join(',')}}`)
  const header = new Uint8Array(Math.ceil(json.length / alignment) * alignment).fill(space)
  header.set(json)
  return header
}
const alignment = 8
const space = 0x20

const fileOf = (header: Uint8Array, placed: readonly Placed[]): Uint8Array<ArrayBuffer> => {
  const start = lengthBytes + header.length
  const file = new Uint8Array(start + (placed.at(-1)?.end ?? 0))
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true)
  file.set(header, lengthBytes)
  for (const { array, begin, end } of placed) encodeElements(array, file.subarray(start + begin, start + end))
  return file
}
