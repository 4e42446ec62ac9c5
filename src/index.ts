/** The public names, one a line, by room. What reads files stands in `shapewright/data`. */

export { pipe } from 'fp-ts/lib/function.js'

// words
export type {
  BoundDim,
  Dim,
  DType,
  Shape,
  Size,
} from '../types/dim.ts'
export { ShapeError } from '../types/shape-error.ts'
export type {
  Statistic,
  Tensor,
} from '../types/tensor.ts'
export { InternalError } from './graph/internal-error.ts'

// tensors
export {
  abs,
  cos,
  elu,
  erf,
  exp,
  floor,
  gelu,
  geluTanh,
  leakyRelu,
  log,
  neg,
  reciprocal,
  relu,
  rsqrt,
  sigmoid,
  sign,
  silu,
  sin,
  softplus,
  sqrt,
  tanh,
} from './tensor/activation.ts'
export {
  type RandomShiftOptions,
  randomCrop,
  randomFlip,
  randomShift,
} from './tensor/augment.ts'
export {
  add,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  notEqual,
  pow,
  sub,
} from './tensor/binary.ts'
export {
  cast,
  stopGradient,
} from './tensor/cast.ts'
export {
  type CategoricalOptions,
  categorical,
} from './tensor/categorical.ts'
export { compute } from './tensor/compute.ts'
export {
  full,
  iota,
  ones,
  scalar,
  tensor,
  zeros,
} from './tensor/create.ts'
export {
  bernoulli,
  normal,
  uniform,
} from './tensor/draw.ts'
export { dropout } from './tensor/dropout.ts'
export { einsum } from './tensor/einsum.ts'
export { gather } from './tensor/gather.ts'
export {
  concat,
  oneHot,
  pad,
  stack,
} from './tensor/join.ts'
export { matmul } from './tensor/matmul.ts'
export {
  broadcastTo,
  expandDims,
  flatten,
  permute,
  reshape,
  slice,
  squeeze,
  transpose,
} from './tensor/movement.ts'
export {
  type GaussianNoiseFunction,
  gaussianNoise,
  type SpatialDropoutFunction,
  spatialDropout,
} from './tensor/noise.ts'
export { activation } from './tensor/operation.ts'
export {
  avgPool1d,
  avgPool2d,
  globalAveragePool1d,
  globalAveragePool2d,
  globalMaxPool1d,
  globalMaxPool2d,
  maxPool1d,
  maxPool2d,
  type Pool1dOptions,
  type Pool2dOptions,
} from './tensor/pool.ts'
export {
  rotaryPositions,
  sinusoidalPositions,
} from './tensor/positions.ts'
export { print } from './tensor/print.ts'
export {
  foldIn,
  type Key,
  key,
} from './tensor/random.ts'
export {
  type NestedArray,
  type ReadonlyTypedArray,
  toArray,
  toTypedArray,
} from './tensor/read.ts'
export {
  rearrange,
  reduce,
} from './tensor/rearrange.ts'
export {
  argmax,
  logSumExp,
  max,
  mean,
  min,
  sum,
  variance,
} from './tensor/reduce.ts'
export { dim } from './tensor/size.ts'
export {
  type ScanOptions,
  scan,
} from './tensor/scan.ts'
export {
  logSoftmax,
  softmax,
} from './tensor/softmax.ts'
export { split } from './tensor/split.ts'
export { tile } from './tensor/tile.ts'
export {
  type Upsample1dOptions,
  type Upsample2dOptions,
  upsample1d,
  upsample2d,
} from './tensor/upsample.ts'
export { where } from './tensor/where.ts'

// gradients
export type { Trainable } from '../types/trainable.ts'
export {
  grad,
  valueAndGrad,
} from './autodiff/grad.ts'
export {
  isStatistic,
  statistic,
} from './autodiff/statistic.ts'
export { trainable } from './autodiff/trainable.ts'

// models
export type { Layer } from '../types/layer.ts'
export {
  type AttentionLayerOptions,
  type AttentionParams,
  attention,
  type BiasedAttentionParams,
} from './model/attention.ts'
export {
  type BidirectionalOptions,
  type BidirectionalParams,
  bidirectional,
} from './model/bidirectional.ts'
export { block } from './model/block.ts'
export {
  addBranches,
  concatBranches,
} from './model/branches.ts'
export { compose } from './model/compose.ts'
export {
  type Conv1dOptions,
  type Conv1dParams,
  type Conv2dOptions,
  type Conv2dParams,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
} from './model/convolution.ts'
export {
  type DepthwiseConv2dOptions,
  depthwiseConv2d,
} from './model/depthwise.ts'
export {
  type DenseOptions,
  type DenseParams,
  dense,
} from './model/dense.ts'
export {
  describe,
  type LayerDescription,
  type ModelDescription,
} from './model/describe.ts'
export {
  type EmbeddingOptions,
  type EmbeddingParams,
  embedding,
} from './model/embedding.ts'
export * as initializers from './model/initializers.ts'
export type { Initializer } from './model/initializers.ts'
export { input } from './model/input.ts'
export { masked } from './model/masked.ts'
export type {
  Batch,
  Grads,
  In,
  Model,
  Out,
  Params,
} from './model/model.ts'
export { named } from './model/named.ts'
export {
  type BatchNormOptions,
  type BatchNormParams,
  batchNorm,
  type GroupNormLayer,
  groupNorm,
  instanceNorm,
  layerNorm,
  type NormLayer,
  type NormOptions,
  type NormParams,
  type RmsNormOptions,
  type RmsNormParams,
  rmsNorm,
} from './model/norm.ts'
export {
  type LearnedPositionsOptions,
  learnedPositions,
  type PositionParams,
} from './model/positions.ts'
export {
  type GruOptions,
  type GruParams,
  gru,
  type LstmOptions,
  type LstmParams,
  lstm,
  type RnnOptions,
  type RnnParams,
  rnn,
} from './model/recurrent.ts'
export {
  type RepeatOptions,
  repeat,
} from './model/repeat.ts'
export { residual } from './model/residual.ts'
export { sequential } from './model/sequential.ts'
export {
  type Summary,
  type SummaryRow,
  summary,
} from './model/summary.ts'
export {
  type BiasedTransformerParams,
  type TransformerBlockOptions,
  type TransformerParams,
  transformerDecoderBlock,
  transformerEncoderBlock,
} from './model/transformer.ts'

// losses
export type { ClassWeights } from '../types/class-weights.ts'
export type { Loss } from '../types/loss.ts'
export type { Metric } from '../types/metric.ts'
export type {
  ElementwiseLoss,
  OwnLoss,
} from '../types/own-loss.ts'
export {
  type BinaryCrossEntropy,
  binaryCrossEntropy,
  type SigmoidBinaryCrossEntropy,
  sigmoidBinaryCrossEntropy,
} from './model/losses/binary-cross-entropy.ts'
export {
  classWeighted,
  type Weighing,
} from './model/losses/class-weighted.ts'
export {
  type Huber,
  huber,
} from './model/losses/huber.ts'
export {
  type KlDivergence,
  klDivergence,
} from './model/losses/kl-divergence.ts'
export {
  type MeanAbsoluteError,
  meanAbsoluteError,
} from './model/losses/mean-absolute-error.ts'
export {
  type MeanSquaredError,
  meanSquaredError,
} from './model/losses/mean-squared-error.ts'
export {
  elementwiseLoss,
  type LossOfFunction,
  type LossShapes,
  lossOf,
} from './model/losses/own-loss.ts'
export {
  type SoftmaxCrossEntropy,
  type SoftmaxCrossEntropyDense,
  type SoftmaxCrossEntropyDenseSmoothed,
  type SoftmaxCrossEntropySmoothed,
  softmaxCrossEntropy,
  softmaxCrossEntropyDense,
  softmaxCrossEntropyDenseSmoothed,
  softmaxCrossEntropySmoothed,
} from './model/losses/softmax-cross-entropy.ts'

// optimizers and schedules
export {
  type Accumulate,
  type AccumulateState,
  accumulate,
} from './optim/accumulate.ts'
export {
  type Adagrad,
  type AdagradOptions,
  type AdagradState,
  adagrad,
} from './optim/adagrad.ts'
export {
  type Adam,
  type AdamOptions,
  type AdamState,
  adam,
  adamw,
} from './optim/adam.ts'
export {
  type Chain,
  chain,
} from './optim/chain.ts'
export {
  type Clip,
  clipByGlobalNorm,
  clipByValue,
} from './optim/clip.ts'
export { freeze } from './optim/freeze.ts'
export {
  type Momentum,
  type MomentumOptions,
  type MomentumState,
  momentum,
  nesterov,
} from './optim/momentum.ts'
export {
  applyUpdates,
  type Optimizer,
  type OptimizerState,
} from './optim/optimizer.ts'
export {
  type Rmsprop,
  type RmspropOptions,
  type RmspropState,
  rmsprop,
} from './optim/rmsprop.ts'
export {
  type CosineDecayOptions,
  constantSchedule,
  cosineDecay,
  type ExponentialDecayOptions,
  exponentialDecay,
  type PiecewiseConstantOptions,
  piecewiseConstant,
  type Rate,
  type Schedule,
  type StepDecayOptions,
  stepDecay,
  type WarmUpOptions,
  warmUp,
} from './optim/schedule.ts'
export {
  type Sgd,
  type SgdOptions,
  type SgdState,
  sgd,
} from './optim/sgd.ts'
export {
  type AddDecayedWeights,
  addDecayedWeights,
  type Decaying,
  type DecayOptions,
  type Decays,
  weightsOnly,
} from './optim/weight-decay.ts'

// programs
export type { Spec } from '../types/compile.ts'
export { spec } from './compiler/bind.ts'
export { compile } from './compiler/compile.ts'
export type {
  ProgramMemory,
  StepArray,
} from './compiler/memory.ts'
export type {
  CompileError,
  Report,
} from './runtime/executable.ts'
export type { ProfileOptions } from './runtime/profile.ts'
export type {
  EntryProfile,
  KernelProfile,
  Profile,
} from './runtime/profile-text.ts'
export type { Program } from './runtime/program.ts'

// data
export { balancedWeights } from './data/balanced-weights.ts'
export type { Classes } from '../types/classes.ts'
export {
  type AssertShape,
  assertShape,
  type ShapeMismatch,
} from './data/codec/assert-shape.ts'
export type {
  PlainElement,
  PlainNumber,
} from './data/codec/element.ts'
export {
  type ParamsCodec,
  type Plain,
  paramsOf,
} from './data/codec/params-of.ts'
export {
  type TensorCodec,
  tensorOf,
} from './data/codec/tensor-of.ts'
export type {
  DataError,
  DataSource,
} from './data/data-source.ts'
export {
  type Dataset,
  type DatasetError,
  type DatasetOptions,
  dataset,
} from './data/dataset.ts'
export type {
  MapError,
  MapOptions,
  SampleValues,
} from './data/mapping.ts'
export {
  type Moments,
  moments,
} from './data/moments.ts'
export type {
  Reading,
  StreamedDataset,
} from './data/stream/stream.ts'
export {
  type ArrayFiles,
  type ArrayFilesError,
  type FileElements,
  streamArrays,
} from './data/stream/arrays.ts'
export {
  imageOf,
  labelOf,
  type Numbers,
  numbersOf,
  oneOf,
  type RecordField,
  tokensOf,
} from './data/records/fields.ts'
export type { RecordError } from './data/records/error.ts'
export {
  fromRecords,
  type RecordMapping,
} from './data/records/records.ts'
export {
  booleanFromText,
  integerFromText,
  numberFromText,
} from './data/records/text-codecs.ts'
export type {
  Declared,
  DeclaredTensor,
} from '../types/weights.ts'
export {
  type DeclaredFile,
  type DeclaredTensors,
  declared,
} from './data/weights/declared.ts'
export {
  type ElsewhereOptions,
  fromKeras,
  fromPyTorch,
  type ModuleName,
} from './data/weights/from-elsewhere.ts'
export type {
  Misfit,
  TensorPlace,
  WeightsOptions,
  WrongTensor,
} from './data/weights/misfit.ts'
export {
  paramsFrom,
  tensorsFrom,
  type Unnamed,
} from './data/weights/params-from.ts'
export {
  type ByteSource,
  blobSource,
  bytesSource,
} from './formats/byte-source.ts'
export {
  type IdxArray,
  type IdxError,
  type IdxOptions,
  parseIdx,
  readIdx,
} from './formats/idx.ts'
export {
  type NpyError,
  type NpyOptions,
  readNpy,
  writeNpy,
} from './formats/npy.ts'
export type { NpzError } from './formats/npz/error.ts'
export {
  type NpzOptions,
  readNpz,
} from './formats/npz/npz.ts'
export {
  type WriteNpzOptions,
  writeNpz,
} from './formats/npz/write.ts'
export type { SafetensorsType } from './formats/safetensors/dtype.ts'
export type { SafetensorsError } from './formats/safetensors/error.ts'
export {
  readSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
  type SafetensorsHeaderOptions,
} from './formats/safetensors/header.ts'
export {
  readSafetensors,
  readSafetensorsFrom,
  type Safetensors,
  type SafetensorsOptions,
} from './formats/safetensors/read.ts'
export {
  readSafetensorsIndex,
  readSafetensorsShards,
  type SafetensorsIndex,
} from './formats/safetensors/sharded.ts'
export { writeSafetensors } from './formats/safetensors/write.ts'
export type {
  StoredArray,
  StoredElements,
  StoredType,
} from './formats/stored-array.ts'
export { toStoredArray } from './formats/to-stored-array.ts'
export {
  classes,
  pixels,
  type Samples,
  samples,
} from './data/samples.ts'

// training
export type { EarlyStopping } from '../types/early-stopping.ts'
export {
  type EvaluateOptions,
  type Evaluation,
  type EvaluationError,
  evaluate,
} from './train/evaluate.ts'
export {
  type FitOptions,
  fit,
} from './train/fit.ts'
export {
  type Accuracy,
  accuracy,
} from './train/metrics/accuracy.ts'
export {
  type BinaryAccuracy,
  binaryAccuracy,
} from './train/metrics/binary-accuracy.ts'
export {
  balancedAccuracy,
  confusionMatrix,
  type ThresholdOptions,
} from './train/metrics/confusion-matrix.ts'
export type { Average } from './train/metrics/decisions.ts'
export {
  f1,
  precision,
  recall,
  type Score,
  type ScoreOptions,
} from './train/metrics/precision-recall.ts'
export {
  auc,
  averagePrecision,
  type Ranking,
  type RankingOptions,
} from './train/metrics/ranking.ts'
export {
  type R2,
  type RootMeanSquaredError,
  r2,
  rootMeanSquaredError,
} from './train/metrics/regression.ts'
export { topKAccuracy } from './train/metrics/top-k-accuracy.ts'
export {
  type PredictionError,
  type PredictOptions,
  predict,
} from './train/predict.ts'
export {
  type EpochScores,
  type Listener,
  progress,
  type Scores,
  type StopReason,
  type TrainingEvent,
  type Writer,
} from './train/progress.ts'
export type {
  Best,
  Checkpointing,
  Invalid,
  Trained,
  Training,
  TrainingError,
  Underway,
  UntypedBest,
  UntypedTrained,
} from './train/training.ts'
export {
  logUniform,
  oneOfValues,
  uniformIn,
  wholeIn,
} from './train/search/drawn.ts'
export {
  type ConfigurationOf,
  type SearchError,
  type SearchOptions,
  search,
} from './train/search/search.ts'
export type {
  Searched,
  Strategy,
  Trial,
  TrialRun,
} from './train/search/searched.ts'
export type * from './inferred.ts'
