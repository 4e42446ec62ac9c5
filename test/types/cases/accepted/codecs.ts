/** The way in from the untyped world: exact types out of `unknown`, alone, composed with io-ts, and in generic helpers. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  type AssertShape,
  add,
  assertShape,
  type DenseParams,
  type Dim,
  dense,
  dim,
  fit,
  input,
  matmul,
  type Model,
  type NestedArray,
  type Params,
  type ParamsCodec,
  type Plain,
  type PlainNumber,
  paramsOf,
  pipe,
  predict,
  relu,
  type ShapeMismatch,
  type Statistic,
  type Tensor,
  type TensorCodec,
  tensorOf,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'
import { classifier } from './classifier.ts'

declare const json: unknown
declare const n: number
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const loose: Tensor<any>
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const looser: Tensor<any, any>
declare const weight: Tensor<[784, 10]>

// -- tensorOf: ranks 0, 1, 2, 4; literal, named and bound
export const scalarCodec = tensorOf([])
is<Eq<typeof scalarCodec, TensorCodec<[], 'f32'>>>()
export const vectorCodec = tensorOf([3])
is<Eq<t.TypeOf<typeof vectorCodec>, Tensor<[3], 'f32'>>>()
export const rowsCodec = tensorOf(['batch', 784])
is<Eq<t.TypeOf<typeof rowsCodec>, Tensor<['batch', 784], 'f32'>>>()
is<Eq<t.OutputOf<typeof rowsCodec>, readonly (readonly PlainNumber[])[]>>()
is<Eq<t.InputOf<typeof rowsCodec>, unknown>>()
export const labelsCodec = tensorOf(['batch'], 'i32')
is<Eq<t.TypeOf<typeof labelsCodec>, Tensor<['batch'], 'i32'>>>()
is<Eq<t.OutputOf<typeof labelsCodec>, readonly number[]>>()
export const flagsCodec = tensorOf(['batch', 'time'], 'bool')
is<Eq<t.TypeOf<typeof flagsCodec>, Tensor<['batch', 'time'], 'bool'>>>()
is<Eq<t.OutputOf<typeof flagsCodec>, readonly (readonly boolean[])[]>>()
export const imagesCodec = tensorOf(['batch', 28, 28, 1])
is<Eq<t.TypeOf<typeof imagesCodec>, Tensor<['batch', 28, 28, 1], 'f32'>>>()
is<Eq<t.OutputOf<typeof imagesCodec>, NestedArray<['batch', 28, 28, 1], PlainNumber>>>()
export const boundCodec = tensorOf([dim('hidden', n), 10])
is<Eq<t.TypeOf<typeof boundCodec>, Tensor<['hidden', 10], 'f32'>>>()
export const squareCodec = tensorOf(['n', 'n'])
is<Eq<t.TypeOf<typeof squareCodec>, Tensor<['n', 'n'], 'f32'>>>()
export const constCodec = tensorOf([2, 3] as const)
is<Eq<t.TypeOf<typeof constCodec>, Tensor<[2, 3], 'f32'>>>()
export const emptyCodec = tensorOf([0, 3], 'i32')
is<Eq<t.TypeOf<typeof emptyCodec>, Tensor<[0, 3], 'i32'>>>()

// -- what is decoded
export const decoded = rowsCodec.decode(json)
is<Eq<typeof decoded, E.Either<t.Errors, Tensor<['batch', 784], 'f32'>>>>()
export const product = pipe(rowsCodec.decode(json), E.map(matmul(weight)))
is<Eq<typeof product, E.Either<t.Errors, Tensor<['batch', 10]>>>>()
export const activated = pipe(
  rowsCodec.decode(json),
  E.map((x) => pipe(x, matmul(weight), relu)),
)
is<Eq<typeof activated, E.Either<t.Errors, Tensor<['batch', 10]>>>>()
export const batchCodec = t.type({ x: tensorOf(['batch', 784]), y: tensorOf(['batch'], 'i32') })
is<Eq<t.TypeOf<typeof batchCodec>['x'], Tensor<['batch', 784], 'f32'>>>()
is<Eq<t.TypeOf<typeof batchCodec>['y'], Tensor<['batch'], 'i32'>>>()
export const listCodec = t.readonlyArray(tensorOf([2]))
is<Eq<t.TypeOf<typeof listCodec>, readonly Tensor<[2], 'f32'>[]>>()
export const guarded = vectorCodec.is(json) ? add(json, zeros([3])) : null
is<Eq<typeof guarded, Tensor<[3], 'f32'> | null>>()
export const predictions = pipe(
  rowsCodec.decode(json),
  E.map((inputs) => predict(classifier, { params: classifier.init({ bits: zeros([2], 'i32') } as never), inputs })),
)
export { fit }

// -- generic helpers
export const rowsOf = <W extends number>(width: W) => tensorOf(['batch', width])
is<Eq<t.TypeOf<ReturnType<typeof rowsOf<7>>>, Tensor<['batch', 7], 'f32'>>>()
export const asserted = <B extends Dim>(batch: B, x: Tensor<[B, 4]>) => pipe(x, assertShape([batch, 4]))
is<Eq<ReturnType<typeof asserted<'batch'>>, E.Either<ShapeMismatch, Tensor<['batch', 4], 'f32'>>>>()
export const stored = <P>(model: Model<[784], [10], P>) => paramsOf(model)

// -- assertShape
export const assertRows = assertShape(['batch', 784])
is<Eq<typeof assertRows, AssertShape<['batch', 784], 'f32'>>>()
export const scores = pipe(loose, assertShape(['batch', 784]), E.map(matmul(weight)))
is<Eq<typeof scores, E.Either<ShapeMismatch, Tensor<['batch', 10]>>>>()
export const counted = pipe(looser, assertShape([], 'i32'))
is<Eq<typeof counted, E.Either<ShapeMismatch, Tensor<[], 'i32'>>>>()
export const named = pipe(zeros([32, 784]), assertShape(['batch', 784]))
is<Eq<typeof named, E.Either<ShapeMismatch, Tensor<['batch', 784], 'f32'>>>>()
export const sized = pipe(looser, assertShape([dim('n', n), 2, 'time', 4], 'bool'))
is<Eq<typeof sized, E.Either<ShapeMismatch, Tensor<['n', 2, 'time', 4], 'bool'>>>>()
export const reason = pipe(
  looser,
  assertShape([2]),
  E.match(
    (error) => (error.tag === 'WrongSize' ? error.axis : error.tag),
    () => null,
  ),
)
is<Eq<typeof reason, number | 'NotTensor' | 'WrongDType' | 'WrongRank' | null>>()

// -- paramsOf
export const codec = paramsOf(classifier)
is<Eq<typeof codec, ParamsCodec<Params<typeof classifier>>>>()
is<Eq<t.TypeOf<typeof codec>, { readonly hidden: DenseParams<784, 256>; readonly logits: DenseParams<256, 10> }>>()
is<Eq<t.OutputOf<typeof codec>['logits']['bias'], readonly PlainNumber[]>>()
is<Eq<t.OutputOf<typeof codec>['hidden']['weight'], readonly (readonly PlainNumber[])[]>>()
export const outputs = pipe(
  codec.decode(json),
  E.map((params) => classifier.apply(params, zeros(['batch', 784]))),
)
is<Eq<typeof outputs, E.Either<t.Errors, Tensor<['batch', 10]>>>>()
export const boundModel = paramsOf(pipe(input([3]), dense(dim('hidden', n), 'in'), dense(2, 'out')))
is<Eq<t.TypeOf<typeof boundModel>['out']['weight'], Tensor<['hidden', 2]>>>()
export const checkpoint = t.type({ epoch: t.number, params: codec })
is<Eq<t.TypeOf<typeof checkpoint>['params'], Params<typeof classifier>>>()
export const weightless = paramsOf(pipe(input([3]), relu))
is<Eq<keyof t.TypeOf<typeof weightless>, never>>()
is<Eq<Plain<{ readonly mean: Statistic<[2]>; readonly flag: Tensor<[], 'bool'> }>, { readonly mean: readonly PlainNumber[]; readonly flag: boolean }>>()
