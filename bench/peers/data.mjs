/** What the lines in JavaScript share: the numbers of a data file, as parameters and batches. */
import { readFileSync } from 'node:fs'

/** Parameters' shapes in the order of layers, weights before biases. */
const shapesOf = ({ network, sizes }) =>
  network === 'cnn'
    ? [[5, 5, 1, 8], [8], [5, 5, 8, 16], [16], [784, 10], [10]]
    : sizes.slice(1).flatMap((width, i) => [[sizes[i], width], [width]])

export const dataOf = (job) => {
  const { buffer, byteOffset } = readFileSync(job.data)
  let at = byteOffset
  const take = (Kind, length) => {
    at += 4 * length
    return new Kind(buffer.slice(at - 4 * length, at))
  }
  const size = (shape) => shape.reduce((a, b) => a * b, 1)
  const parameters = shapesOf(job).map((shape) => ({ shape, values: take(Float32Array, size(shape)) }))
  const image = job.network === 'cnn' ? [28, 28, 1] : [job.sizes[0]]
  const shape = [job.batch, ...image]
  const inputs = Array.from({ length: job.batches }, () => ({ shape, values: take(Float32Array, size(shape)) }))
  const Kind = job.loss === 'classes' ? Int32Array : Float32Array
  const targets = Array.from({ length: job.batches }, () => take(Kind, job.batch))
  return { parameters, inputs, targets }
}

/** Class numbers as rows of zeros with a one. */
export const oneHot = (classes, count) => {
  const values = new Float32Array(classes.length * count)
  classes.forEach((label, row) => {
    values[row * count + label] = 1
  })
  return values
}
