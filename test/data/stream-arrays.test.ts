/** Data sets in files of IDX and NumPy: rows that are read where they lie are those of the whole array. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import {
  type ByteSource,
  bytesSource,
  type Classes,
  dim,
  readNpy,
  type StoredArray,
  type StreamedDataset,
  streamArrays,
  writeNpy,
} from 'shapewright'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { arrayFile } from '../../src/data/stream/array-file.ts'
import { parseIdx } from '../../src/formats/idx.ts'
import type { Refusal } from '../../src/tensor/size.ts'
import type { Typed } from '../../types/model.ts'
import { idxFiles } from '../fuzz/idx.ts'
import { storedArrays } from '../generators/stored-arrays.ts'
import { leftOf, rightOf } from '../train/values.ts'

const npy = (array: StoredArray): ByteSource => bytesSource(rightOf(writeNpy(array)))
const images = npy({ type: 'u8', shape: [5, 2, 2], values: Uint8Array.from({ length: 20 }, (_, i) => i * 12) })
const labels = npy({ type: 'i64', shape: [5], values: BigInt64Array.from([0n, 2n, 1n, 2n, 0n]) })

/** Every cut of the rows, by their elements. */
const sameRows = async (bytes: Uint8Array, { shape, values }: { shape: readonly number[]; values: ArrayLike<unknown> }): Promise<void> => {
  const file = rightOf(await arrayFile(bytesSource(bytes))())
  const [length = 0, ...sample] = shape
  const width = sample.reduce((n, size) => n * size, 1)
  expect(file.shape).toEqual(shape)
  for (let from = 0; from < length; from++) {
    const count = 1 + (from % (length - from))
    const got = rightOf(await file.rows(from, count)())
    expect(Array.from(got as ArrayLike<unknown>)).toEqual(Array.from(values).slice(from * width, (from + count) * width))
  }
}

describe('rows of a file', () => {
  it('are those of the whole array: IDX', async () => {
    await fc.assert(
      fc.asyncProperty(idxFiles, async (bytes) => {
        const whole = parseIdx(bytes)
        if (E.isRight(whole)) await sameRows(bytes, whole.right)
        else expect(E.isLeft(await arrayFile(bytesSource(bytes))())).toBe(true)
      }),
    )
  })
  it('are those of the whole array: NumPy', async () => {
    await fc.assert(
      fc.asyncProperty(storedArrays(), async (array) => {
        const file = writeNpy(array)
        if (E.isLeft(file) || array.shape.length === 0) return
        await sameRows(file.right, rightOf(readNpy(file.right)))
      }),
    )
  })
})

describe('streamArrays', () => {
  it('has the shapes that were said in its type, pixels, tokens and class numbers', async () => {
    const opened = rightOf(await streamArrays({ inputs: { file: images, shape: [2, 2, 1], as: 'pixels' }, targets: { file: labels, classes: 3 } })()) // biome-ignore format: a call
    expectTypeOf(opened).toEqualTypeOf<StreamedDataset<[2, 2, 1], Classes<3>>>()
    const loaded = rightOf(await opened.load())
    expect([...loaded.inputs.values]).toEqual(Array.from({ length: 20 }, (_, i) => i * 12))
    expect([loaded.inputs.stored, [...loaded.targets.values]]).toEqual(['u8', [0, 2, 1, 2, 0]])
    const tokens = rightOf(await streamArrays({ inputs: { file: labels, shape: [], as: 'tokens' }, targets: { file: images, shape: [dim('pixels', 4)] }, weights: { file: labels } })()) // biome-ignore format: a call
    expectTypeOf(tokens).toEqualTypeOf<StreamedDataset<Typed<[], 'i32'>, ['pixels']>>()
    const all = rightOf(await tokens.load())
    expect([all.inputs.dtype, [...(all.weights?.values ?? [])]]).toEqual(['i32', [0, 2, 1, 2, 0]])
    expect([...all.targets.values].slice(0, 3)).toEqual([0, 12, 24])
  })
  it('checks blocks when they are read', async () => {
    const few = rightOf(await streamArrays({ inputs: { file: images, shape: [4] }, targets: { file: labels, classes: 2 } })())
    expect(leftOf(await few.load()).message).toBe('stream: the label of sample 1 is 2, expected a whole number from 0 to 1')
    const large = npy({ type: 'u64', shape: [2], values: BigUint64Array.from([1n, 2n ** 40n]) })
    const wide = rightOf(await streamArrays({ inputs: { file: large, shape: [] }, targets: { file: large, classes: 2 } })())
    expect(leftOf(await wide.load()).message).toBe('streamArrays: the targets of sample 1 have 1099511627776, which is no i32')
    const gone: ByteSource = {
      ...images,
      read: (from, to) => (from > 100 ? async () => E.left('the disk is gone') : images.read(from, to)),
    }
    const lost = rightOf(await streamArrays({ inputs: { file: gone, shape: [4] }, targets: { file: labels, classes: 3 } })())
    expect(leftOf(await lost.load()).message).toBe("streamArrays: the inputs from sample 0 on can't be read: the disk is gone")
  })
  it('says what is wrong with files before anything is read of them', async () => {
    const halves = npy({ type: 'f32', shape: [5], values: Float32Array.from([0.5, 1, 1.5, 2, 2.5]) })
    const cut = bytesSource(rightOf(await images.read(0, images.byteLength - 1)()))
    const gzip = bytesSource(Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0]))
    const none = npy({ type: 'f32', shape: [0, 4], values: new Float32Array(0) })
    const targets = { file: labels, classes: 3 } as const
    const cases = [
      [{ inputs: { file: images, shape: [3] }, targets }, 'streamArrays: the inputs of the file are [2, 2], expected [3]'],
      [{ inputs: { file: npy({ type: 'u8', shape: [5, 1, 2, 3], values: new Uint8Array(30) }), shape: [2, 3, 1] }, targets: { file: images, shape: [4, 1, 2] } }, 'streamArrays: the targets of the file are [2, 2], expected [4, 1, 2]'],
      [{ inputs: { file: npy({ type: 'u8', shape: [5, 3, 2], values: new Uint8Array(30) }), shape: [2, 3] }, targets }, 'streamArrays: the inputs of the file are [3, 2], expected [2, 3]'],
      [{ inputs: { file: halves, shape: [], as: 'pixels' }, targets }, 'streamArrays: the inputs of the file are f32, pixels are u8'],
      [{ inputs: { file: halves, shape: [], as: 'tokens' }, targets }, 'streamArrays: the inputs of the file are f32, tokens are whole numbers'],
      [{ inputs: { file: images, shape: [4] }, targets: { file: halves, classes: 3 } }, 'streamArrays: the targets of the file are f32, class numbers are whole numbers'],
      [{ inputs: { file: images, shape: ['pixels'] }, targets }, 'streamArrays: the inputs are [pixels], of which a size is not known; write dim(name, n)'],
      [{ inputs: { file: cut, shape: [4] }, targets }, "streamArrays: the inputs can't be read: [5, 2, 2] of u8 is 148 bytes with its header, the file has 147"],
      [{ inputs: { file: gzip, shape: [4] }, targets }, "streamArrays: the inputs can't be read: idx: the first two bytes must be 00 00, got 1f 8b (gzip; readIdx inflates it); what is read by rows is an IDX file or an .npy file, not compressed"],
      [{ inputs: { file: none, shape: [4] }, targets }, 'streamArrays: 0 inputs and 5 targets'],
      [{ inputs: { file: none, shape: [4] }, targets: { file: none, shape: [4] } }, 'streamArrays: there are no samples'],
      [{ inputs: { file: npy({ type: 'f32', shape: [], values: new Float32Array(1) }), shape: [] }, targets }, "streamArrays: the inputs can't be read: the array has no axis, and so no rows"],
    ] as const // biome-ignore format: a case a line
    for (const [files, message] of cases) {
      const opened: unknown = await (streamArrays(files as never) as unknown as () => Promise<unknown>)()
      expect(opened).toMatchObject({ _tag: 'Left', left: { message } })
    }
  })
  it('refuses from JavaScript what the types refuse', () => {
    const n: number = 3
    // @ts-expect-error streamArrays: expected options by name
    expect(() => streamArrays(3)).toThrow('streamArrays: expected options by name, got 3')
    // @ts-expect-error streamArrays: there is no option 'labels'
    expect(() => streamArrays({ inputs: { file: images, shape: [4] }, targets: { file: labels, labels: 3 } })).toThrow("streamArrays: there is no option 'labels'") // biome-ignore format: under its comment
    // @ts-expect-error as is 'numbers', 'pixels' or 'tokens'
    expect(() => streamArrays({ inputs: { file: images, shape: [4], as: 'bytes' }, targets: { file: labels, classes: 3 } })).toThrow("streamArrays: elements are 'numbers', 'pixels' or 'tokens', got bytes") // biome-ignore format: under its comment
    const wide = streamArrays({ inputs: { file: images, shape: [n] }, targets: { file: labels, classes: 3 } })
    expectTypeOf(wide).toEqualTypeOf<Refusal<"streamArrays: a size is not a literal; write dim('name', n)">>()
    expect(() => streamArrays({ inputs: { file: images, shape: [-1] }, targets: { file: labels, classes: 3 } })).toThrow('streamArrays: a size must be a whole number, got -1') // biome-ignore format: a call
    expect(() => streamArrays({ inputs: { file: images, shape: [4] }, targets: { file: labels, classes: 0 } })).toThrow('classes: expected at least one class, got 0') // biome-ignore format: a call
  })
})
