/** Arrays of files as samples, labels and tensors. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import {
  classes,
  dataset,
  dim,
  pixels,
  readNpy,
  readNpz,
  type StoredArray,
  samples,
  tensor,
  tensorOf,
  toArray,
  toStoredArray,
  writeNpy,
} from 'shapewright'
import { describe, expect, it } from 'vitest'

const x: StoredArray = { type: 'f64', shape: [2, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6) }
const y: StoredArray = { type: 'i64', shape: [2], values: BigInt64Array.of(1n, 0n) }
const bytes = (array: StoredArray): Uint8Array => {
  const file = writeNpy(array)
  if (E.isLeft(file)) throw new Error(file.left.message)
  return file.right
}

describe('x.npy and y.npy', () => {
  it('are a data set in three lines', () => {
    const [xFile, yFile] = [bytes(x), bytes(y)]
    const made = pipe(
      E.Do,
      E.bind('x', () => readNpy(xFile)),
      E.bind('y', () => readNpy(yFile)),
      E.chainW((files) => dataset(samples(files.x, [3]), classes(files.y, 2))),
    )
    if (E.isLeft(made)) throw new Error(made.left.message)
    const [inputs, targets] = made.right.batch(2)
    expect(toArray(inputs)).toEqual([[1, 2, 3], [4, 5, 6]]) // biome-ignore format: rows
    expect(toArray(targets)).toEqual([1, 0])
  })
  it('of a file that NumPy wrote', async () => {
    const { npz } = JSON.parse(readFileSync(new URL('../golden/numpy/2.json', import.meta.url), 'utf8')) as {
      readonly npz: readonly { readonly file: string }[]
    }
    const arrays = await readNpz(Buffer.from(npz[0]?.file ?? '', 'base64'))()
    const [a, b] = E.isRight(arrays) ? [arrays.right.get('x'), arrays.right.get('y')] : []
    if (a === undefined || b === undefined) throw new Error('x and y')
    expect(dataset(samples(a, [3]), classes(b, 2))).toMatchObject({ right: { length: 2 } })
  })
})

describe('an array', () => {
  const refusal = (made: E.Either<{ readonly message: string }, unknown>) => (E.isLeft(made) ? made.left.message : 'was taken')
  it('must have the shape of samples, but for axes of one', () => {
    expect(refusal(dataset(samples(x, [2]), classes([0, 1, 0], 2)))).toBe('dataset: the array is [2, 3], samples are [2]')
    expect(refusal(dataset(samples(x, [1]), classes([0, 1, 0, 0, 0, 0], 2)))).toBe('dataset: the array is [2, 3], samples are [1]')
    expect(refusal(dataset(samples(x, [dim('n', 3), 1]), classes(y, 2)))).toBe('was taken')
    expect(refusal(dataset(samples({ ...x, shape: [] }, [6]), classes([0], 2)))).toBe('dataset: the array is [], samples are [6]')
  })
  it('of pixels must be of bytes', () => {
    const image: StoredArray = { type: 'u8', shape: [1, 2, 2], values: new Uint8Array(4) }
    expect(refusal(dataset(pixels(image, [2, 2, 1]), classes([0], 2)))).toBe('was taken')
    expect(refusal(dataset(pixels(x, [3]), classes(y, 2)))).toBe('dataset: the array is of f64, pixels are of u8')
  })
  it('of labels must be whole numbers below the count', () => {
    expect(refusal(dataset(samples(x, [3]), classes({ ...y, values: BigInt64Array.of(2n ** 40n, 0n) } as StoredArray, 2)))).toBe(
      'dataset: the label of sample 0 is 1099511627776, expected a whole number from 0 to 1',
    )
  })
  it('becomes a tensor of a codec, and a tensor becomes an array', () => {
    const decoded = tensorOf(['rows', 3]).decode(x)
    expect(E.isRight(decoded) && toArray(decoded.right)).toEqual([[1, 2, 3], [4, 5, 6]]) // biome-ignore format: rows
    expect(tensorOf([2], 'i32').decode(y)).toMatchObject({ _tag: 'Right' })
    const wrong = tensorOf([3, 2]).decode(x)
    expect(E.isLeft(wrong) && wrong.left.map(({ message }) => message)).toEqual(['expected [3, 2], got [2, 3]'])
    const large = tensorOf([2], 'i32').decode({ ...y, values: BigInt64Array.of(0n, 2n ** 40n) })
    expect(E.isLeft(large) && large.left.map(({ message }) => message)).toEqual([
      '[1]: expected a whole number of 32 bits, got 1099511627776',
    ])
    expect(tensorOf([]).decode({ type: 'f32', shape: [], values: Float32Array.of(4) })).toMatchObject({ _tag: 'Right' })
    expect(toStoredArray(tensor([true, false], 'bool'))).toStrictEqual({ type: 'bool', shape: [2], values: Uint8Array.of(1, 0) })
    const back = tensorOf([1, 2]).decode(toStoredArray(tensor([[0.1, -0]])))
    expect(E.isRight(back) && toStoredArray(back.right)).toStrictEqual(toStoredArray(tensor([[0.1, -0]])))
  })
})
