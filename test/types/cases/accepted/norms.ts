/** Normalisations: as layers at every rank, in models and helpers, and on tensors with their parameters. */
import {
  adam,
  adamw,
  type BatchNormParams,
  batchNorm,
  block,
  chain,
  clipByGlobalNorm,
  conv2d,
  type Dataset,
  type Dim,
  dense,
  dim,
  fit,
  freeze,
  gaussianNoise,
  type Grads,
  groupNorm,
  initializers,
  input,
  instanceNorm,
  key,
  layerNorm,
  meanSquaredError,
  momentum,
  type Model,
  type NormParams,
  named,
  type Optimizer,
  type OptimizerState,
  type Params,
  pipe,
  type RmsNormParams,
  relu,
  residual,
  rmsNorm,
  type Statistic,
  sequential,
  sgd,
  spatialDropout,
  type Tensor,
  weightsOnly,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { type Eq, is } from '../eq.ts'

declare const n: number
declare const vectors: NormParams<8>
declare const scales: RmsNormParams<8>
declare const running: BatchNormParams<8>
declare const line: Tensor<[8]>
declare const rows: Tensor<['batch', 8]>
declare const image: Tensor<[2, 5, 5, 8]>

// -- layers: one sample's shape stays, and has a scale and a shift for its last dim
export const alone = pipe(input([8]), layerNorm())
is<Eq<typeof alone, Model<[8], [8], { layerNorm1: NormParams<8> }>>>()
export const scaled = pipe(input(['time', 8]), rmsNorm('norm'))
is<Eq<Params<typeof scaled>, { readonly norm: RmsNormParams<8> }>>()
export const images = pipe(input([28, 28, 1]), conv2d({ filters: 8, kernel: 5 }), batchNorm(), relu, groupNorm(4), instanceNorm())
is<Eq<(typeof images)['output'], [24, 24, 8]>>()
is<Eq<Params<typeof images>['batchNorm1'], BatchNormParams<8>>>()
is<Eq<Params<typeof images>['groupNorm1'], NormParams<8>>>()
is<Eq<Params<typeof images>['instanceNorm1'], NormParams<8>>>()
export const optioned = pipe(
  input([2, 3, 4, 8]),
  layerNorm({ epsilon: 1e-6, name: 'a' }),
  batchNorm({ momentum: 0.99, scale: initializers.zeros }),
  groupNorm(2, { name: 'c', shift: initializers.ones }),
  rmsNorm({ epsilon: 1e-3 }),
)
is<Eq<keyof Params<typeof optioned>, 'a' | 'batchNorm1' | 'c' | 'rmsNorm1'>>()
export const bound = pipe(input([dim('width', n)]), layerNorm(), groupNorm(1))
is<Eq<Params<typeof bound>['layerNorm1'], NormParams<'width'>>>()

// -- statistics are parameters that are not trained
is<Eq<Params<typeof images>['batchNorm1']['mean'], Statistic<[8]>>>()
is<Eq<keyof Grads<typeof images>['batchNorm1'], 'scale' | 'shift'>>()
is<Eq<Grads<typeof alone>, Params<typeof alone>>>()

// -- in blocks, residuals, helpers
const stage = block(dense(8), batchNorm(), relu)
export const stacked = sequential(input([4]), stage, residual(layerNorm()), named('last')(batchNorm('first')))
is<Eq<Params<typeof stacked>['block1']['batchNorm1'], BatchNormParams<8>>>()
is<Eq<Params<typeof stacked>['last'], BatchNormParams<8>>>()
export const normalized = <I, P>(m: Model<I, [16], P>) => pipe(m, layerNorm(), relu)
is<Eq<(typeof helped)['output'], [16]>>()
export const helped = normalized(pipe(input([4]), dense(16)))
export const head = <H extends number>(hidden: H) => pipe(input([4]), dense(hidden), layerNorm('norm'))
is<Eq<Params<ReturnType<typeof head<32>>>['norm'], NormParams<32>>>()

// -- tensors
export const one = ops.layerNorm(vectors)(line)
is<Eq<typeof one, Tensor<[8]>>>()
export const two = pipe(rows, ops.rmsNorm(scales), ops.layerNorm(vectors, { epsilon: 1e-3 }), ops.batchNorm(running))
is<Eq<typeof two, Tensor<['batch', 8]>>>()
export const four = pipe(image, ops.groupNorm(4, vectors), ops.instanceNorm(vectors))
is<Eq<typeof four, Tensor<[2, 5, 5, 8]>>>()
export const [moved, kept] = ops.batchNormTraining(running, { momentum: 0.5 })(image)
is<Eq<typeof moved, Tensor<[2, 5, 5, 8]>>>()
is<Eq<typeof kept, BatchNormParams<8>>>()
export const written = ops.layerNorm({ scale: zeros([3]), shift: zeros([3]) })(zeros([2, 3]))
is<Eq<typeof written, Tensor<[2, 3]>>>()
export const generic = <B extends Dim>(p: NormParams<8>, x: Tensor<[B, 8]>): Tensor<[B, 8]> => pipe(x, ops.layerNorm(p), relu)
export const wide = <C extends number>(p: NormParams<C>, x: Tensor<['batch', C]>): Tensor<['batch', C]> => ops.layerNorm(p)(x)

// -- freezing: the state knows what is left, names and paths do; a helper stays generic in its optimizer
const thin = freeze('first')(adam({ learningRate: 1e-3 }))
const inner = freeze('first.scale', 'last')(chain(clipByGlobalNorm(1), sgd({ learningRate: 0.1 })))
declare const data: Dataset<[8], [2]>
const small = pipe(input([8]), batchNorm('first'), dense(2, 'last'))
const how = { data, loss: meanSquaredError, batchSize: 1, epochs: 1, key: key(0) }
export const ran = fit(small, { ...how, optimizer: thin })
export const ranInner = fit(small, { ...how, optimizer: inner })
export const twice = fit(small, { ...how, optimizer: freeze('last.bias')(freeze('first')(adam({ learningRate: 1 }))) })
is<Eq<OptimizerState<typeof thin, Params<typeof small>>['first'], { readonly last: Params<typeof small>['last'] }>>()
is<Eq<OptimizerState<typeof inner, Params<typeof small>>[1]['count'], Tensor<[], 'i32'>>>()
export const begun = inner.init({} as Params<typeof small>)
is<Eq<typeof begun, OptimizerState<typeof inner, Params<typeof small>>>>()
export const begin = <Q, F>(by: Optimizer<F>, params: Q) => by.init(params)
export const begunThin = begin(thin, {} as Params<typeof small>)
const still = freeze('first.scale')(momentum({ learningRate: 1 }))
export const ranStill = fit(small, { ...how, optimizer: still })
type Velocity = OptimizerState<typeof still, Params<typeof small>>['velocity']
is<Eq<keyof Velocity, 'first' | 'last'>>()
is<Eq<Velocity['first'], { readonly shift: Tensor<[8]> }>>()
is<Eq<Velocity['last'], Params<typeof small>['last']>>()
is<Eq<BatchNormParams<8>['scale'], Tensor<[8]>>>()
is<Eq<BatchNormParams<8>['shift'], Tensor<[8]>>>()
is<Eq<BatchNormParams<8>['mean'], Statistic<[8]>>>()
is<Eq<BatchNormParams<8>['variance'], Statistic<[8]>>>()
export const trainBy = <F>(optimizer: Optimizer<F>) => fit(small, { ...how, optimizer })
export const all = [trainBy(thin), trainBy(adamw({ learningRate: 1, decays: weightsOnly }))] as const

// -- noise while training: shapes stay
export const noisy = pipe(input([5, 5, 8]), spatialDropout(0.2), gaussianNoise(0.1))
is<Eq<(typeof noisy)['output'], [5, 5, 8]>>()
export const sequence = pipe(input(['time', 8]), spatialDropout(0.2))
is<Eq<(typeof sequence)['output'], ['time', 8]>>()
export const dropped = pipe(image, spatialDropout(0.2, key(0)), gaussianNoise(0.1, key(1)))
is<Eq<typeof dropped, Tensor<[2, 5, 5, 8]>>>()
export const noise = gaussianNoise(0.1, key(0))(line)
is<Eq<typeof noise, Tensor<[8]>>>()
