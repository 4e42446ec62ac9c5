/** The public names of `shapewright/ops`, one a line: operations with weights, on tensors. The layers of the same names are in `shapewright`. */
export {
  type Attending,
  type AttentionFunction,
  type AttentionOptions,
  attention,
} from './tensor/attention.ts'
export {
  type Convolve1d,
  type Convolve1dFunction,
  type Convolve1dOptions,
  type Convolve2d,
  type Convolve2dFunction,
  type Convolve2dOptions,
  conv1d,
  conv2d,
  type RefusedConvolution,
} from './tensor/convolution.ts'
export {
  type ConvolveDepthwise,
  type ConvolveDepthwiseFunction,
  type ConvolveDepthwiseOptions,
  depthwiseConv2d,
} from './tensor/depthwise.ts'
export { type EmbeddingIn, embedding } from './tensor/embedding.ts'
export {
  type MultiHead,
  type MultiHeadFunction,
  type MultiHeadOptions,
  multiHeadAttention,
} from './tensor/multi-head.ts'
export {
  type BatchNormFunction,
  type BatchNormTrainingFunction,
  batchNorm,
  batchNormTraining,
  type GroupNormFunction,
  groupNorm,
  instanceNorm,
  layerNorm,
  type Normalize,
  type NormalizeFunction,
  type NormalizeOptions,
  type NormalizeTraining,
  type NormalizeTrainingOptions,
  type RmsNormFunction,
  rmsNorm,
} from './tensor/norm.ts'
export {
  type GruSequenceOptions,
  gru,
  type LstmSequenceOptions,
  type LstmState,
  lstm,
  type Recurrence,
  type RecurrenceFunction,
  type RefusedRecurrence,
  type RnnSequenceOptions,
  rnn,
} from './tensor/recurrent.ts'
export {
  type ConvolveTransposed1d,
  type ConvolveTransposed1dFunction,
  type ConvolveTransposed2d,
  type ConvolveTransposed2dFunction,
  convTranspose1d,
  convTranspose2d,
} from './tensor/transposed.ts'
