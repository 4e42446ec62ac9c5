/** `.npy`: what is read writes back to the same elements, and a second reader of a few lines finds the same ones. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { readNpy, writeNpy } from '../../src/formats/npy.ts'
import { type StoredArray, type StoredType, storedBytes } from '../../src/formats/stored-array.ts'
import { fromText, golden, npyFile } from '../formats/numpy.ts'
import { storedArrays } from '../generators/stored-arrays.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

/** Headers that are almost right. */
const headers = fc
  .record({
    descr: fc.constantFrom('<f4', '>f4', '<i8', '>i2', '|b1', '|u1', '=f8', '<f2', '|O', '<U3', '|f4', '<c8', 'f4', '>u4'),
    order: fc.constantFrom('False', 'True', 'false', '0'),
    shape: fc.oneof(
      fc.array(fc.nat(4), { maxLength: 4 }).map((sizes) => (sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`)),
      fc.constantFrom(
        '(3)',
        '(3L,)',
        '(-1,)',
        '[3]',
        '(3,,)',
        '(1e3,)',
        '(99999999999999999999,)',
        '(4294967296, 4294967296)',
        '(0, 9007199254740991)',
        '(,)',
      ),
    ),
    keys: fc.shuffledSubarray(['descr', 'order', 'shape'], { minLength: 2 }),
    count: fc.nat(300),
    version: fc.constantFrom<[number, number]>([1, 0], [1, 0], [2, 0], [3, 0], [1, 1], [0, 0]),
  })
  .map(({ descr, order, shape, keys, count, version }) => {
    const parts = { descr: `'descr': '${descr}'`, order: `'fortran_order': ${order}`, shape: `'shape': ${shape}` }
    const header = `{${keys.map((key) => parts[key as 'descr']).join(', ')}, }\n`
    return npyFile(
      header,
      Uint8Array.from({ length: count }, (_, i) => (descr === '|b1' ? i & 1 : (i * 29) & 255)),
      version,
    )
  })

const written = (type?: StoredType): fc.Arbitrary<Uint8Array> =>
  storedArrays(type === undefined ? ['bool', 'u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'u64', 'i64', 'f16', 'f32', 'f64'] : [type]).map(
    (array) => {
      const file = writeNpy(array)
      if (E.isLeft(file)) throw new Error(file.left.message)
      return file.right
    },
  )

/** Where an element lies in the file, by the text of the header: no loop and no table of the reader's. */
const wrongNpy = (bytes: Uint8Array, value: unknown): string | null => {
  const array = value as StoredArray // the target's reader gives these
  const { type, shape, values } = array
  const again = writeNpy(array)
  if (E.isLeft(again)) return again.left.message
  const width = storedBytes[type]
  const text = Buffer.from(bytes).toString('latin1')
  const data = text.length - values.length * width
  const dict = text.slice(0, data)
  const columns = /fortran_order['"]\s*:\s*True/.test(dict)
  const big = /['"]descr['"]\s*:\s*['"]>/.test(dict)
  const start = again.right.length - values.length * width
  for (let i = 0; i < values.length; i++) {
    const from = data + width * (columns ? placeInColumns(i, shape) : i)
    for (let j = 0; j < width; j++)
      if (again.right[start + i * width + j] !== bytes[from + (big ? width - 1 - j : j)]) return `element ${i} differs`
  }
  return null
}
const placeInColumns = (index: number, shape: readonly number[]): number => {
  let [left, place] = [index, 0]
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number
    place += (left % size) * shape.slice(0, axis).reduce((n, each) => n * each, 1)
    left = Math.floor(left / size)
  }
  return place
}

const files = golden.flatMap(({ npy, refused }) => [...npy.map(({ file }) => file), ...Object.values(refused)]).map(fromText)

export const npyTarget: FuzzTarget = {
  name: 'npy',
  seeds: async () => files,
  files: fc.oneof(headers, written(), written('f32')),
  read: (bytes) => readNpy(bytes, { limit: smallLimit }),
  wrong: wrongNpy,
}
