/** Runs what was exported in onnxruntime-web, beside our own predictions. */
import * as E from 'fp-ts/lib/Either.js'
import * as ort from 'onnxruntime-web/wasm'
import { exportOnnx, type OnnxOptions } from '../../../src/formats/onnx/index.ts'
import * as e from '../../../src/graph/expression.ts'
import { isNode, markStatistic } from '../../../src/graph/make.ts'
import { nodeOf } from '../../../src/graph/node.ts'
import { compute, key, normal, predict, reshape, tensor, toTypedArray } from '../../../src/index.ts'
import { sizeOfDim } from '../../../types/elements.ts'
import type { AnyTensor } from '../../../types/tensor.ts'
import { faultsOf, type ReadFile, readOnnx } from './read.ts'

ort.env.wasm.numThreads = 1
ort.env.logLevel = 'error'

/** A model without its types, as a generator makes it. */
// biome-ignore lint/suspicious/noExplicitAny: models of all types
export type AnyOne = any

/** The file, or the message thrown. */
export const bytesOf = (model: AnyOne, params: unknown, options: OnnxOptions = {}): Uint8Array => {
  const bytes = exportOnnx(model, params as never, options)
  if (E.isLeft(bytes)) throw new Error(bytes.left.message)
  return bytes.right
}
export const fileOf = (model: AnyOne, params: unknown, options: OnnxOptions = {}): ReadFile => readOnnx(bytesOf(model, params, options))

/** What onnxruntime gives for inputs, and its shape. */
export const ran = async (bytes: Uint8Array, feeds: Readonly<Record<string, ort.Tensor>>) => {
  const session = await ort.InferenceSession.create(bytes, { graphOptimizationLevel: 'all', logSeverityLevel: 3 })
  try {
    const results = await session.run(feeds)
    const [name] = session.outputNames as [string]
    const { data, dims } = results[name] as ort.Tensor
    return { name, values: data as Float32Array, shape: dims }
  } finally {
    await session.release()
  }
}

/** Normal numbers, or tokens below a count, of a shape. */
export const samples = (shape: readonly number[], seed: number, tokens: number | null = null): AnyTensor => {
  const drawn = normal(key(seed), shape as [2]) as AnyTensor
  if (tokens === null) return drawn
  const values = toTypedArray(drawn as never) as unknown as Float32Array
  const picked = Array.from(values, (value) => Math.floor(Math.abs(value) * 1000) % tokens)
  return reshape(shape as [2])(tensor(picked as [1], 'i32') as never) as AnyTensor
}

/** Where the result is a few numbers near 0, what they were made of was larger. */
const LEAST = 0.1

export interface Agreement {
  /** The largest difference, in parts of the largest magnitude, or of 0.1. */
  readonly error: number
  readonly shape: readonly number[]
  readonly expected: readonly number[]
  readonly faults: readonly string[]
}
/** How far what onnxruntime gives is from `predict`. */
export const agreement = async (model: AnyOne, params: unknown, inputs: AnyTensor, options: OnnxOptions = {}): Promise<Agreement> => {
  const bytes = bytesOf(model, params, options)
  const predicted = await predict(model, { params: params as never, inputs: inputs as never } as never)()
  if (E.isLeft(predicted)) throw new Error(predicted.left.message)
  const ours = predicted.right as AnyTensor
  const expected = toTypedArray(ours as never) as unknown as Float32Array
  const values = toTypedArray(inputs as never) as unknown as Float32Array
  const shape = inputs.shape as readonly number[]
  const feed = new ort.Tensor(inputs.dtype === 'i32' ? 'int32' : 'float32', values as Float32Array, shape)
  const theirs = await ran(bytes, { [options.input ?? 'input']: feed })
  let [error, largest] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [expected[i] as number, theirs.values[i] as number]
    // NaN and infinities must be the same
    error = Math.max(error, Object.is(a, b) ? 0 : Number.isFinite(a) ? Math.abs(a - b) : Number.POSITIVE_INFINITY)
    if (Number.isFinite(a)) largest = Math.max(largest, Math.abs(a))
  }
  if (Number.isNaN(error)) error = Number.POSITIVE_INFINITY
  return {
    error: error / Math.max(largest, LEAST),
    shape: theirs.shape,
    expected: ours.shape as readonly number[],
    faults: faultsOf(readOnnx(bytes)),
  }
}

/** Parameters as they are after some training: no bias and no statistic is what it starts with. */
export const trainedParams = (model: AnyOne, seed: number): unknown => {
  let at = seed
  const moved = (tree: unknown, name: string): unknown => {
    if (!isNode(tree)) return Object.fromEntries(Object.entries(tree as object).map(([part, inner]) => [part, moved(inner, part)]))
    const noise = nodeOf(
      samples(
        tree.shape.map((size) => sizeOfDim(size, tree.sizes) as number),
        ++at,
      ),
    )
    const alike = e.reshape(noise, tree.shape)
    if (name === 'variance') return markStatistic(e.add(e.mul(noise, noise), 0.5))
    const next = e.add(tree, e.mul(alike, 0.3))
    return name === 'mean' ? markStatistic(next) : next
  }
  return compute(moved(model.init(key(seed)), '') as never)
}
