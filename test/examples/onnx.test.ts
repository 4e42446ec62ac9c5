/** The files that lessons write: what another program makes of them is what the lesson prints. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as ort from 'onnxruntime-web/wasm'
import { toTypedArray } from 'shapewright'
import { mnist } from 'shapewright/data'
import { afterAll, describe, expect, it } from 'vitest'
import { ran } from '../formats/onnx/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'shapewright-onnx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lesson = (name: string, ...args: readonly string[]): Promise<{ readonly lines: readonly string[]; readonly complaint: string }> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, NODE_OPTIONS: '' } }
    execFile(process.execPath, ['--import', 'tsx', `examples/${name}.ts`, ...args], options, (_, output, complaint) =>
      resolve({ lines: output.trimEnd().split('\n'), complaint }),
    )
  })

/** Of the first test images, as rows of numbers. */
const images = async (count: number): Promise<Float32Array> => {
  const digits = await mnist()()
  if (E.isLeft(digits)) throw new Error(digits.left.message)
  const [pixels] = digits.right.test.batch(count as 10)
  return toTypedArray(pixels).slice()
}
/** The probabilities of a file, a list an image. */
const probabilities = async (file: string, shape: readonly number[]): Promise<readonly (readonly number[])[]> => {
  const pixels = await images(shape[0] as number)
  const { values } = await ran(new Uint8Array(readFileSync(file)), { input: new ort.Tensor('float32', pixels, shape) })
  return Array.from({ length: shape[0] as number }, (_, i) => Array.from(values.slice(10 * i, 10 * i + 10)))
}
const likeliest = (row: readonly number[]): number => row.indexOf(Math.max(...row))

describe('files of lessons', () => {
  it('02-mnist predicts the digits that it printed', async () => {
    const file = join(folder, 'perceptron.onnx')
    const { lines, complaint } = await lesson('02-mnist', '--hidden', '12', '--batch', '256', '--epochs', '1', '--onnx', file)
    expect(complaint).toBe('')
    expect(lines.at(-1)).toBe(`${file} has the network, for any program that runs ONNX`)
    const rows = await probabilities(file, [10, 784])
    for (const row of rows) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
    expect(lines.at(-2)).toBe(`prediction  ${rows.map(likeliest).join(' ')}`)
  })
  it('04-mnist-cnn knows most digits', async () => {
    const file = join(folder, 'network.onnx')
    const { complaint } = await lesson('04-mnist-cnn', '--train', '2000', '--epochs', '2', '--onnx', file)
    expect(complaint).toBe('')
    const truths = [7, 2, 1, 0, 4, 1, 4, 9, 5, 9, 0, 6, 9, 0, 1, 5, 9, 7, 3, 4]
    const rows = await probabilities(file, [20, 28, 28, 1])
    expect(rows.filter((row, i) => likeliest(row) === truths[i]).length).toBeGreaterThan(14)
  })
  it('say why they are not written', async () => {
    const file = join(folder, 'nowhere', 'network.onnx')
    const { complaint } = await lesson('04-mnist-cnn', '--train', '64', '--epochs', '1', '--onnx', file)
    expect(complaint).toMatch(/^\S+network\.onnx cannot be written: ENOENT[^\n]*\n$/)
  })
})
