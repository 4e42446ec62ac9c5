/** Types that are inferred, one a line, part of the public names: an editor shows them, and declaration files name them. */

export type {
  Augmentation,
  RandomCrop,
} from '../types/augment.ts'
export type { Bidirectional } from '../types/bidirectional.ts'
export type { Block } from '../types/block.ts'
export type {
  AddBranches,
  ConcatBranches,
} from '../types/branches.ts'
export type { ClassWeighted } from '../types/class-weights.ts'
export type {
  Conv1d,
  Conv2d,
  ConvTranspose1d,
  ConvTranspose2d,
} from '../types/convolution.ts'
export type {
  Dense,
  DenseFrom,
} from '../types/dense.ts'
export type { DepthwiseConv2d } from '../types/depthwise.ts'
export type { Dropout } from '../types/dropout.ts'
export type { Numeric } from '../types/dtype.ts'
export type { Embedding } from '../types/embedding.ts'
export type { FlattenFn } from '../types/flatten.ts'
export type {
  Frozen,
  FrozenOptimizer,
} from '../types/freeze.ts'
export type { Attention } from '../types/heads.ts'
export type {
  ActivationFn,
  Refused,
  Reported,
} from '../types/layer.ts'
export type { LossOf } from '../types/loss.ts'
export type { Masked } from '../types/masked.ts'
export type {
  BinaryConfusion,
  ClassConfusion,
  ClassMetric,
  MetricFn,
  OneClassMetric,
  SameMetric,
} from '../types/metric.ts'
export type {
  Flat,
  NoParams,
  Typed,
} from '../types/model.ts'
export type { Renamed } from '../types/named.ts'
export type {
  GaussianNoise,
  SpatialDropout,
} from '../types/noise.ts'
export type {
  BatchNorm,
  GroupNorm,
  InstanceNorm,
  LayerNorm,
  RmsNorm,
} from '../types/norm.ts'
export type {
  Activation,
  ActivationBy,
  Operation,
} from '../types/operation.ts'
export type { TransposeShape } from '../types/permute.ts'
export type {
  GlobalPool1d,
  GlobalPool2d,
  Pool1d,
  Pool2d,
  RefusedPool,
} from '../types/pool.ts'
export type {
  LearnedPositions,
  PositionsFn,
} from '../types/positions.ts'
export type {
  RearrangeFn,
  ReduceFn,
} from '../types/rearrange.ts'
export type {
  Drawn,
  Mappable,
  RecordShape,
} from '../types/records.ts'
export type {
  Gru,
  Lstm,
  Rnn,
} from '../types/recurrent.ts'
export type { Repeat } from '../types/repeat.ts'
export type { LeadingReshapeFn, ReshapeFn } from '../types/reshape.ts'
export type { Residual } from '../types/residual.ts'
export type {
  GivenFault,
  LengthOf,
  RowOf,
  Sequences,
  StackOf,
} from '../types/scan.ts'
export type { Dimension, SpaceGiven } from '../types/search.ts'
export type { Fits } from '../types/shape-error.ts'
export type { DimOf } from '../types/size.ts'
export type { AlongBy, AlongFn } from '../types/softmax.ts'
export type { TopKAccuracy } from '../types/top-k.ts'
export type { TransformerBlock } from '../types/transformer.ts'
export type {
  Upsample1d,
  Upsample2d,
} from '../types/upsample.ts'
export type { ComposedWith } from './model/compose.ts'
export type {
  AugmentationWithKey,
  RandomCropWithKey,
} from './tensor/augment.ts'
export type { Binary } from './tensor/binary.ts'
export type { Cast } from './tensor/cast.ts'
export type { Categorical } from './tensor/categorical.ts'
export type { DropoutWithKey } from './tensor/dropout.ts'
export type { Einsum } from './tensor/einsum.ts'
export type {
  Gather,
  GatherFunction,
} from './tensor/gather.ts'
export type {
  ConcatFunction,
  OneHot,
  Pad,
  StackFunction,
} from './tensor/join.ts'
export type { Matmul } from './tensor/matmul.ts'
export type {
  BroadcastTo,
  ExpandDims,
  Permute,
  Slice,
  Squeeze,
} from './tensor/movement.ts'
export type {
  GaussianNoiseWithKey,
  SpatialDropoutWithKey,
} from './tensor/noise.ts'
export type {
  Argmax,
  Reduce,
} from './tensor/reduce.ts'
export type {
  Given,
  ResultOf,
  ScanFunction,
} from './tensor/scan.ts'
export type {
  Split,
  SplitTensors,
} from './tensor/split.ts'
export type { Tile } from './tensor/tile.ts'
