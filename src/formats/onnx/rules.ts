/** What every kind of layer is in ONNX: a new one does not compile before it is decided. */
import type { LayerKind } from '../../tensor/kind.ts'
import { attention, rotaryPositions, sinusoidalPositions, transformer } from './attention.ts'
import { along, dense, embedding, learnedPositions } from './dense.ts'
import { activations, nothing } from './elementwise.ts'
import { addBranches, concatBranches, repeated, residual, row } from './inside.ts'
import type { Rule } from './layer.ts'
import { masked } from './masked.ts'
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from './norms.ts'
import { rearranged, reshaped } from './rearrange.ts'
import { bidirectional, recurrent } from './recurrent.ts'
import { convolution, flatten, globalPool, middle, pool, upsample } from './windows.ts'

export const rules: { readonly [Kind in LayerKind]: Rule } = {
  ...activations,
  addBranches,
  attention,
  avgPool1d: pool(1, 'AveragePool'),
  avgPool2d: pool(2, 'AveragePool'),
  batchNorm,
  bidirectional,
  block: row,
  concatBranches,
  conv1d: convolution,
  conv2d: convolution,
  convTranspose1d: convolution,
  convTranspose2d: convolution,
  dense,
  depthwiseConv2d: convolution,
  dropout: nothing,
  embedding,
  flatten,
  gaussianNoise: nothing,
  globalAveragePool1d: globalPool('ReduceMean'),
  globalAveragePool2d: globalPool('ReduceMean'),
  globalMaxPool1d: globalPool('ReduceMax'),
  globalMaxPool2d: globalPool('ReduceMax'),
  groupNorm,
  gru: recurrent,
  instanceNorm,
  layerNorm,
  learnedPositions,
  logSoftmax: along('LogSoftmax'),
  lstm: recurrent,
  masked,
  maxPool1d: pool(1, 'MaxPool'),
  maxPool2d: pool(2, 'MaxPool'),
  model: row,
  randomCrop: middle,
  randomFlip: nothing,
  randomShift: nothing,
  rearrange: rearranged,
  reduce: rearranged,
  repeat: repeated,
  reshape: reshaped,
  residual,
  rmsNorm,
  rnn: recurrent,
  rotaryPositions,
  sinusoidalPositions,
  softmax: along('Softmax'),
  spatialDropout: nothing,
  transformerDecoderBlock: transformer(true),
  transformerEncoderBlock: transformer(false),
  upsample1d: upsample(1),
  upsample2d: upsample(2),
}
