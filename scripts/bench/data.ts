/** The same data and the same initial weights for every line, as one file of 32-bit numbers: parameters, inputs, targets. */
import { writeFileSync } from 'node:fs'
import { elements, parametersOf, sampleShape, type Workload } from './workloads.ts'

export interface Data {
  readonly parameters: readonly Float32Array[]
  /** All batches, one after the other. */
  readonly inputs: Float32Array
  readonly targets: Float32Array | Int32Array
}

/** Numbers that are the same in every run; quality does not matter. */
const generator = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}
/** Of an image's pixels, so many are black. */
const black = 0.8

/** Weights are Glorot's uniform, biases 0; pixels are bytes / 255 and mostly black; labels are what a fixed linear teacher says, so that there is something to learn. */
export const dataOf = (workload: Workload): Data => {
  const next = generator(7)
  const parameters = parametersOf(workload).map((parameter) => {
    const { fan } = parameter
    const limit = fan === null ? 0 : Math.sqrt(6 / (fan[0] + fan[1]))
    return Float32Array.from({ length: elements(parameter) }, () => (2 * next() - 1) * limit)
  })
  const rows = workload.batch * workload.batches
  if (workload.loss === 'flags') return { parameters, ...truthTable(rows) }
  const width = sampleShape(workload).reduce((n, d) => n * d, 1)
  const inputs = Float32Array.from({ length: rows * width }, () => (next() < black ? 0 : Math.floor(next() * 256) / 255))
  return { parameters, inputs, targets: taught(inputs, width, workload.sizes.at(-1) as number, next) }
}

/** The file that the lines read, in this order and with nothing between. */
export const writeData = (path: string, { parameters, inputs, targets }: Data): void => {
  const parts = [...parameters, inputs, targets]
  writeFileSync(path, Buffer.concat(parts.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))))
}

/** The rows of exclusive or, over and over. */
const truthTable = (rows: number) => ({
  inputs: Float32Array.from({ length: rows * 2 }, (_, i) => ((i >> 1) >> (i & 1)) & 1),
  targets: Float32Array.from({ length: rows }, (_, row) => ((row & 1) ^ (row >> 1)) & 1),
})

const taught = (inputs: Float32Array, width: number, classes: number, next: () => number): Int32Array => {
  const teacher = Float32Array.from({ length: width * classes }, () => next() - 0.5)
  return Int32Array.from({ length: inputs.length / width }, (_, row) => {
    const scores = new Float64Array(classes)
    for (let i = 0; i < width; i++) {
      const x = inputs[row * width + i] as number
      if (x !== 0) for (let c = 0; c < classes; c++) scores[c] = (scores[c] as number) + x * (teacher[i * classes + c] as number)
    }
    return scores.indexOf(Math.max(...scores))
  })
}
