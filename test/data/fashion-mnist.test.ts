import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import { ShapeError } from 'shapewright'
import { fashionClasses, fashionMnist, type Mnist, mnist } from 'shapewright/data'
import { expect, it } from 'vitest'

const remedy = 'run apt-get install --reinstall dataset-fashion-mnist (Debian), or give the directory of its four files'

it('reads the real Fashion-MNIST where it is installed, and else says what to do', async () => {
  const read = await fashionMnist({ shape: [28, 28, 1] })()
  expect(E.isRight(read)).toBe(existsSync('/usr/share/datasets/fashion-mnist'))
  if (E.isLeft(read)) expect(read.left.message).toContain(remedy)
  else {
    const { train, validation, test } = read.right
    expect([train.length, validation.length, test.length]).toEqual([55_000, 5_000, 10_000])
    expect([train.inputs.shape, test.inputs.shape]).toEqual([
      [28, 28, 1],
      [28, 28, 1],
    ])
    expect([...train.targets.values.subarray(0, 4)].map((label) => fashionClasses[label])).toEqual([
      'ankle boot',
      'T-shirt',
      'T-shirt',
      'dress',
    ])
    // The published mean of the 60,000 training images' pixels, 0.2860 of white.
    let sum = 0
    for (const { inputs } of [train, validation]) for (const value of inputs.values) sum += value
    expect(sum / (60_000 * 784 * 255)).toBeCloseTo(0.286, 4)
  }
})

it('says in one line what to do about files that are missing or damaged, plain or gzip', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fashion-'))
  const file = join(directory, 'train-images-idx3-ubyte')
  const message = async () => {
    const read = await fashionMnist({ directory })()
    return E.isLeft(read) ? read.left.message : 'was read'
  }
  expect(await message()).toBe(`fashionMnist: ${file} cannot be read; ${remedy}`)
  await writeFile(`${file}.gz`, new Uint8Array([0x1f, 0x8b, 8, 0]))
  expect(await message()).toMatch(/^fashionMnist: .*ubyte\.gz is damaged, .*; run apt-get install/)
  const empty = new Uint8Array([0, 0, 8, 3])
  await writeFile(`${file}.gz`, gzipSync(empty))
  const inflated = await message()
  expect(inflated).toMatch(/ubyte\.gz is damaged, its SHA-256 is [0-9a-f]{64}; /)
  await writeFile(file, empty)
  expect(await message()).toBe(inflated.replace('ubyte.gz', 'ubyte')) // the plain file comes first, and has the same digest
  await rm(directory, { recursive: true })
})

it('gives images in one of three shapes', async () => {
  const rows = E.map(({ test }: Mnist<[28, 28]>) => test.inputs.shape)(await mnist({ shape: [28, 28] })())
  const images = E.map(({ test }: Mnist<[28, 28, 1]>) => test.batch(1)[0].shape)(await mnist({ shape: [28, 28, 1] })())
  expect([rows, images]).toEqual([E.right([28, 28]), E.right([1, 28, 28, 1])])
  const untyped = mnist as (options: unknown) => unknown
  expect(() => untyped({ shape: [32, 32] })).toThrow(new ShapeError('mnist: an image is [784], [28, 28] or [28, 28, 1], got [32, 32]'))
})
