/** Scores of given outputs: a model that gives back what it is given, so that a metric sees these numbers. */
import * as shapewright from 'shapewright'
import { streamed } from '../../src/data/stream/stream.ts'
import { sourceOf } from '../data/sources.ts'
import { rightOf } from './values.ts'

// biome-ignore lint/suspicious/noExplicitAny: sizes that only run time knows
type Untyped = any
const js = shapewright as Untyped

export interface Outputs {
  readonly output: readonly (readonly number[])[]
  /** Class numbers, or numbers of the shape of the outputs. */
  readonly target: readonly number[] | readonly (readonly number[])[]
  readonly classes?: number
}

const identity = (n: number): Untyped =>
  js.tensor(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))))

/** All metrics of the outputs, as `evaluate` gives them; of positions, so many a sample. */
export const scored = async (
  { output, target, classes }: Outputs,
  metrics: Readonly<Record<string, unknown>>,
  {
    batchSize = 32,
    positions = 0,
    blockRows = 0,
  }: { readonly batchSize?: number; readonly positions?: number; readonly blockRows?: number } = {},
): Promise<Untyped> => {
  const width = output[0]?.length ?? 0
  const places = positions === 0 ? [] : [js.dim('time', positions)]
  const named = positions === 0 ? [] : ['time']
  const model = js.pipe(js.input([...named, width]), js.dense(width))
  const params = { dense1: { weight: identity(width), bias: js.zeros([width]) } }
  const targets = classes === undefined ? js.samples(target.flat(), [...places, width]) : js.classes(target.flat(), classes, places)
  const data: Untyped = rightOf(js.dataset(js.samples(output.flat(), [...places, width]), targets) as never)
  const loss = classes === undefined ? js.meanSquaredError : js.softmaxCrossEntropy
  return (
    rightOf(
      await js.evaluate(model, { params, data: blockRows === 0 ? data : streamed(sourceOf(data, blockRows)), loss, metrics, batchSize })(),
    ) as Untyped
  ).metrics
}
