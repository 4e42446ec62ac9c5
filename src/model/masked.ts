/** Layers that take no notice of padding. */
import type { BlockFaults, LayerAt } from '../../types/block.ts'
import type { Dims, DType } from '../../types/dim.ts'
import type { Layer } from '../../types/layer.ts'
import {
  type Masked,
  noLayersMessage,
  noStepsMessage,
  noticesPaddingMessage,
  otherStepsMessage,
  patternFronts,
  turnedStepsMessage,
} from '../../types/masked.ts'
import { same } from '../../types/same.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { binary, cast, constant, greater, sum } from '../graph/expression.ts'
import { mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { checked, finite } from '../tensor/argument.ts'
import type { ActivationKind, LayerKind } from '../tensor/kind.ts'
import type { LayerRecord } from '../tensor/protocol.ts'
import {
  applyChain,
  blockMessage,
  type Chain,
  chainInside,
  chainParameters,
  emptyChain,
  initChain,
  type Link,
  linked,
  takenBy,
} from './chain.ts'
import { layerIn, layerOf } from './layer.ts'

/**
 * Layers in a row that take no notice of padding: a step whose token is the padding, or all of whose features are. To a recurrent
 * layer such a step keeps the state and gives zeros, wherever it stands, so that the last step is the last one that counts, in both
 * directions of `bidirectional`; with attention no step looks at it; to a convolution it is zeros, as the border is; and `batchNorm` leaves
 * it out of its statistics. So what a sequence gives does not depend on how much padding stands behind it. i32 `[time]` or
 * `[time, features]`; each layer must keep the steps, but for the last, which may return its last step alone. A layer that takes steps
 * together and knows no padding, as pools do, is refused. The parameters are one group.
 *
 * @example
 * const review = masked(0, embedding(10_000, 16), bidirectional(lstm(32, { returns: 'last' })))
 * pipe(input([80], 'i32'), review, dense(2)).output // => [2]
 */
export const masked = <Fs extends unknown[]>(
  padding: number,
  ...layers: { [I in keyof Fs]: LayerAt<BlockFaults<Fs>, I, Fs[I]> }
): Layer<Masked<Fs>> => {
  finite('masked', 'padding', padding)
  const records = layers.map((layer) => layerIn('masked', layer))
  const message = records.length === 0 ? noLayersMessage : blockMessage(records)
  if (message !== null) throw new ShapeError(message)
  const fitting = (shape: Dims): Chain => fits<Chain>(steps(shape, takenBy(records[0]), records))
  return layerOf<Masked<Fs>>({
    kind: 'masked',
    name: null,
    options: { padding },
    takes: null,
    sizes: records.reduce((sizes, record) => mergeSizes(sizes, record.sizes ?? {}), {}),
    layers: records,
    out: (shape, dtype) => {
      const chain = steps(shape, dtype, records)
      return typeof chain === 'string' ? chain : chain.shape
    },
    parameters: (shape) => chainParameters(fitting(shape)),
    init: (shape, key, sizes) => initChain(fitting(shape), key, sizes),
    apply: (params, x, mode) => applyChain(fitting(x.shape.slice(1)), params, x, { ...mode, mask: counting(x, padding, mode.mask) }),
  })
}

/** The layers one after another, each of which keeps the steps; or the first message. */
const steps = (shape: Dims, dtype: DType, records: readonly LayerRecord[]): Chain | string => {
  const message = noStepsMessage({ shape, dtype })
  if (message !== null) return message
  return records.reduce<Chain | string>(
    (chain, layer, i) => {
      if (typeof chain === 'string') return chain
      const next = linked(chain, layer)
      if (typeof next === 'string') return next
      const turned = insideMessage(layer, chain.shape, chain.dtype, shape.slice(0, 1))
      if (turned !== null) return turned
      return otherStepsMessage(layer.kind, chain, next.shape, i === records.length - 1 && layer.returns === 'last') ?? next
    },
    emptyChain(shape, dtype),
  )
}

/**
 * What a layer makes of padding. `each`: it does not matter to elements alone, or the layers inside say; `rows`: nor to rows of features
 * behind the steps; `steps`: it heeds the mask; `slides`: what is padded is zeros to it; `turns`: it may put other axes in the steps' place;
 * `orders`: it keeps all elements in their order, so the steps must stay in front; `never`: it takes steps together, and padding with them.
 */
type Notice = 'each' | 'rows' | 'steps' | 'slides' | 'turns' | 'orders' | 'never'
const notices: { readonly [K in Exclude<LayerKind, ActivationKind>]: Notice } = {
  addBranches: 'each',
  attention: 'steps',
  avgPool1d: 'never',
  avgPool2d: 'never',
  batchNorm: 'rows',
  bidirectional: 'steps',
  block: 'each',
  concatBranches: 'each',
  conv1d: 'slides',
  conv2d: 'slides',
  convTranspose1d: 'slides',
  convTranspose2d: 'slides',
  dense: 'rows',
  depthwiseConv2d: 'slides',
  dropout: 'each',
  embedding: 'each',
  flatten: 'orders',
  gaussianNoise: 'each',
  globalAveragePool1d: 'never',
  globalAveragePool2d: 'never',
  globalMaxPool1d: 'never',
  globalMaxPool2d: 'never',
  groupNorm: 'never',
  gru: 'steps',
  instanceNorm: 'never',
  layerNorm: 'rows',
  learnedPositions: 'rows',
  logSoftmax: 'rows',
  lstm: 'steps',
  masked: 'steps',
  maxPool1d: 'never',
  maxPool2d: 'never',
  model: 'each',
  randomCrop: 'never',
  randomFlip: 'never',
  randomShift: 'never',
  rearrange: 'turns',
  reduce: 'turns',
  repeat: 'each',
  reshape: 'orders',
  residual: 'each',
  rmsNorm: 'rows',
  rnn: 'steps',
  rotaryPositions: 'rows',
  sinusoidalPositions: 'rows',
  softmax: 'rows',
  spatialDropout: 'each',
  transformerDecoderBlock: 'steps',
  transformerEncoderBlock: 'steps',
  upsample1d: 'each',
  upsample2d: 'each',
}
const noticeOf = ({ kind, options }: LayerRecord): Notice =>
  options.own !== true && Object.hasOwn(notices, kind) ? notices[kind as keyof typeof notices] : 'each'

/** The message where the layer, or one inside it, would take notice of padding, or is given other steps than these; or null. */
const insideMessage = (layer: LayerRecord, shape: Dims, dtype: DType, given: Dims): string | null => {
  const own = innermost(layer)
  const notice = noticeOf(own)
  const mixed = noticesPaddingMessage(layer.kind)
  if (notice === 'never') return mixed
  const isInFront = same(given, shape.slice(0, 1))
  if (notice === 'turns') return turnedMessage(layer, own, shape, dtype, given)
  if (notice !== 'each') {
    if (!isInFront) return turnedStepsMessage(layer.kind, given, shape)
    if (notice === 'orders') return otherStepsMessage(layer.kind, { shape, dtype }, own.out(shape, dtype) as Dims, false)
    const isAlong = shape.length === 1 || own.options.axis === -shape.length
    const strides = notice === 'slides' && [own.options.stride].flat().some((stride) => stride !== 1)
    return (notice === 'rows' && isAlong) || strides ? mixed : null
  }
  const inside = innerLinks(layer, shape, dtype)
  return inside.map(({ link, taken }) => insideMessage(link.layer, link.input, taken, given)).find((message) => message !== null) ?? null
}
/** The same of a pattern: other axes in the steps' place, or steps of which nobody knows any more where they are. */
const turnedMessage = (layer: LayerRecord, own: LayerRecord, shape: Dims, dtype: DType, given: Dims): string | null => {
  const pattern = own.options.pattern as string
  const [from = '', to] = patternFronts(pattern)
  const output = own.out(shape, dtype)
  if (typeof output === 'string') return null
  const isInFront = same(given, shape.slice(0, 1))
  const stays = isInFront ? from === to || !same(given, output.slice(0, 1)) : shape.filter((dim) => dim === given[0]).length <= 1
  return stays && (from === to || !pattern.includes('(')) ? null : noticesPaddingMessage(layer.kind)
}
/** The layer that another is made of, however often. */
const innermost = (layer: LayerRecord): LayerRecord => (layer.inner === undefined ? layer : innermost(layer.inner))
/** The layers inside, each with the dtype that it takes: of the first, and of branches, what the whole does. */
const innerLinks = (layer: LayerRecord, shape: Dims, dtype: DType): readonly { readonly link: Link; readonly taken: DType }[] => {
  if (layer.layers === undefined || layer.kind === 'masked') return []
  const { links } = fits<Chain>(chainInside(layer, shape, dtype))
  return links.map((link, i) => ({ link, taken: i === 0 || layer.parallel ? dtype : 'f32' }))
}

/** Which steps are no padding, here or further out: bool `[batch, time]`. */
const counting = (x: Node, padding: number, outside?: Node): Node => {
  const differs = binary('notEqual', x, constant(checked('masked', padding, x.dtype), x.dtype))
  const own = x.shape.length === 2 ? differs : greater(sum(cast(differs, 'i32'), [2]), 0)
  return outside === undefined ? own : binary('and', outside, own)
}
