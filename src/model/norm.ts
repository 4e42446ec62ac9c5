/** Normalisation layers. On tensors they are in `shapewright/ops`. */
import type { Dim, Dims } from '../../types/dim.ts'
import type { Layer, LayerFn, Refused } from '../../types/layer.ts'
import type { First, Maker, RecordFirst, Uncalled, Wanted } from '../../types/maker.ts'
import {
  type BatchNorm,
  type GroupNorm,
  type InstanceNorm,
  type LayerNorm,
  normShape,
  type RmsNorm,
  sampleRanks,
} from '../../types/norm.ts'
import { type MaybeNamed, type OptionsGiven, optionsOf, type WithOptions } from '../../types/options.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { type CountMessage, countMessage, initializerMessage } from '../../types/window-options.ts'
import { markStatistic } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { numberFirst } from '../tensor/argument.ts'
import * as tensor from '../tensor/norm.ts'
import { type LayerRecord, type Mode, statisticShape } from '../tensor/protocol.ts'
import { foldIn } from '../tensor/random.ts'
import { typed } from '../tensor/typed.ts'
import { type Initializer, ones, zeros } from './initializers.ts'
import { layerOf } from './layer.ts'
import { countingSteps } from './padding.ts'

export type { BatchNormParams, NormParams, RmsNormParams } from '../../types/norm.ts'

interface Scaled extends tensor.NormalizeOptions {
  readonly name?: string
  /** Ones unless said. */
  readonly scale?: Initializer
}
export interface RmsNormOptions extends Scaled {}
export interface NormOptions extends Scaled {
  /** Zeros unless said. */
  readonly shift?: Initializer
}
export interface BatchNormOptions extends NormOptions, tensor.NormalizeTrainingOptions {}

/** Without options, a name, or options; what may be `undefined` has no name that the compiler knows. */
export interface NormLayer<Op extends Maker, F extends LayerFn, Options> {
  (call: Uncalled<Op>): never
  (): Layer<F>
  <const O extends OptionsGiven<Options>>(options: O): Layer<WithOptions<F, Op, O, keyof Options>>
  (options: OptionsGiven<Options> | undefined): Layer<MaybeNamed<Op>>
  <X>(options: Wanted<Op, X, OptionsGiven<Options>>): Layer<MaybeNamed<Op>>
}
/** The same behind a number of groups; what is refused comes first. */
export interface GroupNormLayer {
  (call: Uncalled<'groupNorm'>): never
  <const G extends number>(groups: RefuseGroups<G>, options?: OptionsGiven<NormOptions>): Layer<Refused<'groupNorm', Groups<G> & string>>
  <const G extends number>(groups: G): Layer<GroupNorm<G>>
  <const G extends number, const O extends OptionsGiven<NormOptions>>(
    groups: G,
    options: O,
  ): Layer<WithOptions<GroupNorm<G>, 'groupNorm', O, keyof NormOptions>>
  (groups: number, options: OptionsGiven<NormOptions> | undefined): Layer<MaybeNamed<'groupNorm'>>
  <X>(first: First<'groupNorm', X, number>): Layer<Refused<'groupNorm', RecordFirst<'groupNorm'>>>
}
type Groups<G> = CountMessage<'groupNorm', 'groups', G>
type RefuseGroups<G> = Groups<G> extends null ? never : G

interface Given {
  readonly epsilon: number
  readonly momentum: number
}
/** What a layer is, beside what all have. Shapes of parameters are those of C channels. */
interface Parts {
  readonly kind: keyof typeof sampleRanks
  readonly groups?: number
  readonly starts: Readonly<Record<string, Initializer>>
  readonly statistics?: readonly string[]
  readonly known: readonly (keyof BatchNormOptions)[]
  readonly apply: (params: tensor.BatchWeights, x: Node, given: Given, mode: Mode) => ReturnType<LayerRecord['apply']>
}

const made = ({ kind, groups, starts, statistics = [], known, apply }: Parts, options: unknown): never => {
  const { name, ...rest } = fits(optionsOf<BatchNormOptions>(kind, options as string | undefined, known))
  const given = { epsilon: tensor.epsilonOf(kind, rest.epsilon), momentum: tensor.momentumOf(kind, rest.momentum) }
  const own = Object.entries(starts).map(([part, start]) => [part, rest[part as 'scale'] ?? start] as const)
  for (const [part, start] of own) {
    const message = initializerMessage(kind, part, start)
    if (message !== null) throw new ShapeError(message)
  }
  const channels = (shape: Dims): Dims => [shape.at(-1) as Dim]
  return layerOf<never>({
    kind,
    name,
    options: {
      epsilon: given.epsilon,
      ...(known.includes('momentum') ? { momentum: given.momentum } : {}),
      ...(groups === undefined ? {} : { groups }),
    },
    out: (shape) => normShape(kind, shape, sampleRanks[kind], groups),
    parameters: (shape) =>
      Object.fromEntries(own.map(([part]) => [part, statistics.includes(part) ? statisticShape(channels(shape)) : channels(shape)])),
    init: (shape, key, sizes) =>
      Object.fromEntries(
        own.map(([part, start]) => {
          const value = start(channels(shape), foldIn(key, part), sizes)
          return [part, statistics.includes(part) ? markStatistic(value) : value]
        }),
      ),
    apply: (params, x, mode) => apply(params as tensor.BatchWeights, x, given, mode),
  }) as never
}

const affine = { scale: ones, shift: zeros }
const common = ['epsilon', 'scale', 'shift'] as const

/**
 * Each vector along the last dim has mean 0 and variance 1, then is scaled and shifted: `[..., c] -> [..., c]`, with parameters
 * `scale` and `shift` of `[c]`. An argument is the name of its parameters, or options.
 *
 * @example
 * pipe(input(['time', 64]), layerNorm()).output // => ['time', 64]
 */
export const layerNorm: NormLayer<'layerNorm', LayerNorm, NormOptions> = (options?: unknown) =>
  made(
    {
      kind: 'layerNorm',
      starts: affine,
      known: common,
      apply: (params, x, { epsilon }) => ({ y: tensor.layerNormed(x, params, epsilon), params }),
    },
    options,
  )

/**
 * Each vector along the last dim has a mean square of 1, then is scaled: `[..., c] -> [..., c]`, with the parameter `scale` of
 * `[c]`. An argument is the name of its parameters, or options.
 *
 * @example
 * Object.keys(pipe(input([64]), rmsNorm('norm')).init(key(0)).norm) // => ['scale']
 */
export const rmsNorm: NormLayer<'rmsNorm', RmsNorm, RmsNormOptions> = (options?: unknown) =>
  made(
    {
      kind: 'rmsNorm',
      starts: { scale: ones },
      known: ['epsilon', 'scale'],
      apply: (params, x, { epsilon }) => ({ y: tensor.rmsNormed(x, params, epsilon), params }),
    },
    options,
  )

/**
 * The channels in groups, each of which has mean 0 and variance 1 over all places of a sample; then each channel is scaled and
 * shifted: `[..., c] -> [..., c]`, with parameters `scale` and `shift` of `[c]`. The groups divide the channels. A second
 * argument is the name of its parameters, or options.
 *
 * @example
 * pipe(input([28, 28, 1]), conv2d({ filters: 8, kernel: 3 }), groupNorm(4), relu).output // => [26, 26, 8]
 */
export const groupNorm = typed<GroupNormLayer>((groups: number, options?: unknown): never => {
  numberFirst('groupNorm', groups)
  const message = countMessage('groupNorm', 'groups', groups, 1)
  if (message !== null) throw new ShapeError(message)
  const apply: Parts['apply'] = (params, x, { epsilon }) => ({ y: tensor.groupNormed(x, params, groups, epsilon), params })
  return made({ kind: 'groupNorm', groups, starts: affine, known: common, apply }, options)
})

/**
 * Each channel has mean 0 and variance 1 over all places of a sample, then is scaled and shifted: `[..., c] -> [..., c]`, with
 * parameters `scale` and `shift` of `[c]`. An argument is the name of its parameters, or options.
 *
 * @example
 * pipe(input([28, 28, 3]), instanceNorm()).output // => [28, 28, 3]
 */
export const instanceNorm: NormLayer<'instanceNorm', InstanceNorm, NormOptions> = (options?: unknown) =>
  made(
    {
      kind: 'instanceNorm',
      starts: affine,
      known: common,
      apply: (params, x, { epsilon }) => ({ y: tensor.instanceNormed(x, params, epsilon), params }),
    },
    options,
  )

/**
 * Each channel has mean 0 and variance 1, over the batch and all places while training, else by running statistics; then it is
 * scaled and shifted: `[..., c] -> [..., c]`, with parameters `scale` and `shift` of `[c]` and statistics `mean` and `variance`,
 * which a step keeps to the share `momentum` (0.9 unless said; PyTorch's momentum is the rest, 0.1) and which, as PyTorch's,
 * run over the unbiased variance. An argument is the name of its parameters, or options.
 *
 * @example
 * const model = pipe(input([64]), dense(32), batchNorm({ name: 'norm', momentum: 0.99 }), relu)
 * Object.keys(model.init(key(0)).norm) // => ['scale', 'shift', 'mean', 'variance']
 */
export const batchNorm: NormLayer<'batchNorm', BatchNorm, BatchNormOptions> = (options?: unknown) =>
  made(
    {
      kind: 'batchNorm',
      starts: { ...affine, mean: zeros, variance: ones },
      statistics: ['mean', 'variance'],
      known: [...common, 'momentum'],
      apply: (params, x, { epsilon, momentum }, mode) =>
        mode.training
          ? tensor.batchNormedTraining(x, params, epsilon, momentum, countingSteps(x, mode))
          : { y: tensor.batchNormed(x, params, epsilon), params },
    },
    options,
  )
