/** What a model gives for rows of inputs, compiled. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Dim, DType, Shape } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import { type SampleFault, type SampleTaken, sampleFault } from '../../types/fit.ts'
import type { Fitting, Inferred } from '../../types/fitting.ts'
import { type Flat, isSample, type Model, type ModelGiven, type oneSample, rowsMessage, type Typed } from '../../types/model.ts'
import type { Same } from '../../types/same.ts'
import type { Say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { ShowTyped } from '../../types/show.ts'
import type { TargetOptions } from '../../types/target.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { build } from '../compiler/compile.ts'
import { optionsFault, targetOf } from '../compiler/target.ts'
import { entryAt, rowsAtOnce, runRows } from '../data/batches.ts'
import { type Column, columnOfRows } from '../data/column.ts'
import { data } from '../graph/expression.ts'
import { InternalError } from '../graph/internal-error.ts'
import { mergeSizes, ownSizes } from '../graph/make.ts'
import { nodeOf, tensorOf } from '../graph/node.ts'
import { chainParameters } from '../model/chain.ts'
import { partsOf } from '../model/model.ts'
import { checkParameters } from '../model/parameters.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { Machine, Slot } from '../runtime/machine.ts'
import { pace } from '../runtime/pace.ts'
import { tensorNode } from '../tensor/argument.ts'
import { compute } from '../tensor/compute.ts'
import { wholeNumber } from './check.ts'
import { checkOptions } from './run.ts'
import { predictingSource, type UntypedModel } from './step.ts'
import { tokensFault } from './tokens.ts'
import type { Invalid } from './training.ts'

export type PredictionError = Invalid | CompileError

const anyRank = 'predict: expected a batch of samples, as a tensor whose rank is known'
const needsBatch = 'predict: needs a batch dim, got []'

/** The inputs, or the message where they are no batch of what the model takes. */
export type Inputs<I, O, D extends DType, S extends Shape, E extends DType> = 0 extends 1 & S
  ? Tensor<S, E>
  : S extends [infer _, ...infer X]
    ? SampleFault<'predict', SampleTaken<I, D>, O, SampleTaken<X, E>> extends infer Message extends string
      ? Same<Typed<S, E>, Typed<I, D>> extends true
        ? Say<typeof oneSample, { op: 'predict'; taken: ShowTyped<I, D> }>
        : Message
      : Tensor<S, E>
    : number extends S['length']
      ? typeof anyRank
      : typeof needsBatch
export type Predictions<O, S> = S extends [infer B, ...infer _] ? (O extends Shape ? Tensor<[B, ...O]> : never) : never

export interface PredictOptions<I, O, P, S extends Shape, E extends DType, D extends DType = 'f32', Q = Flat<P>> extends TargetOptions {
  readonly params: Fitting<'predict', 'the model has', 'params', Q, Flat<P>>
  readonly inputs: Inputs<I, O, D, S, E>
  /** The most samples at once; 256 unless said. */
  readonly batchSize?: number
}

/**
 * The model's output for each row of the inputs, which are what it saw in training: of `pixels`, value / 255. `[n, ...input] -> [n, ...output]`
 *
 * @example
 * const model = pipe(input([2]), dense(1))
 * const params = { dense1: { weight: tensor([[2], [3]]), bias: tensor([1]) } }
 * const predicted = await predict(model, { params, inputs: tensor([[1, 1], [0, 2]]) })()
 * E.isRight(predicted) && toArray(predicted.right) // => [[6], [7]]
 */
export const predict = <I, O, P, S extends Shape, E extends DType, D extends DType, Q, M>(
  given: ModelGiven<'predict', M, Model<I, O, P, D>>,
  options: Inferred<PredictOptions<I, O, NoInfer<P>, S, E, NoInfer<D>, Q>>,
): TE.TaskEither<PredictionError, Predictions<O, S>> => {
  const model = given as object
  checkOptions('predict', options, ['params', 'inputs', 'batchSize', 'fastMath', 'threads', 'memoryLimit'])
  const { params, inputs, batchSize } = options
  const target = targetOf('predict', options)
  const column = checkedRows(model, inputs as AnyTensor)
  checkParameters('predict', params, chainParameters(partsOf('predict', model).chain))
  const fault =
    (batchSize === undefined ? null : wholeNumber('predict', 'the batch size', batchSize, 1)) ??
    optionsFault('predict', options) ??
    tokensFault('predict', model, column)?.message ??
    null
  if (fault !== null) return TE.left({ tag: 'Invalid', message: fault })
  const { sizes, chain } = partsOf('predict', model)
  const all = mergeSizes(sizes, column.sizes)
  const predicting = (rows: number): TE.TaskEither<CompileError, Slot['view']> =>
    pipe(
      build(predictingSource(model as unknown as UntypedModel, params, { columns: [column], sizes: all, rows: [rows] }), target),
      TE.chainTaskK((machine) => () => outputs(machine, column, rows)),
      // fewer at once take less memory, and give the same
      TE.orElse((error) => (error.tag === 'OverLimit' && rows > 1 ? predicting(rows / 2) : TE.left(error))),
    )
  return pipe(
    predicting(rowsAtOnce(column.length, batchSize)),
    TE.map((values) => {
      const shape = [(inputs as AnyTensor).shape[0] as Dim, ...chain.shape]
      return tensorOf<AnyTensor>(data(values, shape, chain.dtype, ownSizes(shape, all))) as Predictions<O, S>
    }),
  )
}

/** The outputs of all rows; a last, smaller batch is filled up, and what comes of that is left out. */
const outputs = async (machine: Machine, column: Column, rows: number): Promise<Slot['view']> => {
  const entry = entryAt(machine, 0)
  const { view } = entry.results[0] as Slot
  const width = view.length / rows
  const all = view instanceof Int32Array ? new Int32Array(column.length * width) : new Float32Array(column.length * width)
  const { due, rest } = pace()
  for (let from = 0; from < column.length; from += rows) {
    const count = Math.min(rows, column.length - from)
    runRows(entry, [column], from, count)
    all.set(view.subarray(0, count * width), from * width)
    if (due()) await rest()
  }
  return all
}

/** The rows of the inputs; a `ShapeError` where untyped JavaScript gave no batch of what the model takes. */
const checkedRows = (model: object, inputs: unknown): Column => {
  const node = tensorNode('predict', inputs, anyDType)
  if (node.shape.length === 0) throw new ShapeError(needsBatch)
  const { input, dtype } = partsOf('predict', model)
  if (isSample({ shape: input, dtype }, node)) throw new ShapeError(rowsMessage('predict', { shape: input, dtype }, node))
  const fault = sampleFault('predict', { shape: input, dtype }, { shape: node.shape.slice(1), dtype: node.dtype })
  if (fault !== null) throw new ShapeError(fault)
  const column = columnOfRows(nodeOf(compute(tensorOf<AnyTensor>(node))))
  if (column === null) throw new InternalError('inputs without rows', 'predict')
  return column
}
