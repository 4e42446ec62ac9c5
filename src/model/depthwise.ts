/** The depthwise convolution layer: filters of its own for each channel of an image. */
import { type DilationOf, type PaddingOf, type StrideOf, startMessage } from '../../types/convolution.ts'
import {
  type DepthwiseConv2d,
  type DepthwiseMessage,
  depthwiseMessage,
  depthwiseRecordMessage,
  depthwiseShape,
  type MultiplierOf,
  type WrongDepthwiseMessage,
} from '../../types/depthwise.ts'
import type { Dims } from '../../types/dim.ts'
import type { Layer, Refused } from '../../types/layer.ts'
import type { Uncalled } from '../../types/maker.ts'
import { optionsOf, type WithOptions } from '../../types/options.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { countsOf, type Pair } from '../../types/window-options.ts'
import { add } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { made } from '../tensor/argument.ts'
import { convolvingOf } from '../tensor/convolution.ts'
import { type ConvolveDepthwiseOptions, depthwise } from '../tensor/depthwise.ts'
import { foldIn } from '../tensor/random.ts'
import { typed } from '../tensor/typed.ts'
import { glorotUniform, type Initializer, zeros } from './initializers.ts'
import { layerOf } from './layer.ts'
import { withoutPadding } from './padding.ts'

export interface DepthwiseConv2dOptions extends ConvolveDepthwiseOptions {
  /** A pair is height and width. */
  readonly kernel: number | Pair
  /** Filters of each channel: 1 unless said. */
  readonly multiplier?: number
  readonly name?: string
  /** Glorot's uniform distribution unless said. */
  readonly weight?: Initializer
  /** Zeros unless said. */
  readonly bias?: Initializer
}
type Given = DepthwiseConv2dOptions | (DepthwiseConv2dOptions & Readonly<Record<string, unknown>>)
type Known = keyof DepthwiseConv2dOptions

/** What is refused comes first, and last what is not even of the type of options: a sentence is shorter than three overloads. */
export interface DepthwiseConv2dFunction {
  (call: Uncalled<'depthwiseConv2d'>): never
  <const O extends Given>(options: Refuse<O>): Layer<Refused<'depthwiseConv2d', Message<O>>>
  <const O extends Given>(
    options: O,
  ): Layer<
    WithOptions<DepthwiseConv2d<O['kernel'], MultiplierOf<O>, StrideOf<O>, PaddingOf<O>, DilationOf<O>>, 'depthwiseConv2d', O, Known>
  >
  <const O, const R extends readonly unknown[]>(
    options: O | DepthwiseConv2dOptions,
    ...rest: R
  ): Layer<Refused<'depthwiseConv2d', WrongDepthwiseMessage<O, R, DepthwiseConv2dOptions> & string>>
}
type Message<O extends { readonly kernel: unknown }> = DepthwiseMessage<O, Known> & string
type Refuse<O extends { readonly kernel: unknown }> = DepthwiseMessage<O, Known> extends null ? never : O

/**
 * Depthwise convolution over an image: `[h, w, c] -> [h', w', c multiplier]`, with parameters `weight` of
 * `[kernel height, kernel width, 1, c multiplier]` and `bias`. It slides as `depthwiseConv2d` of `shapewright/ops` does; with a
 * `conv2d` of kernel 1 behind it, it is a separable convolution.
 *
 * @example
 * pipe(input([14, 14, 8]), depthwiseConv2d({ kernel: 3, padding: 'same' }), conv2d({ filters: 32, kernel: 1 })).output // => [14, 14, 32]
 */
export const depthwiseConv2d = typed<DepthwiseConv2dFunction>((options: DepthwiseConv2dOptions, ...rest: readonly unknown[]): never => {
  const op = 'depthwiseConv2d'
  made(op, options)
  const wrong = depthwiseRecordMessage(options, rest, ['name', ...known])
  if (wrong !== null) throw new ShapeError(wrong)
  const read = fits(optionsOf<DepthwiseConv2dOptions>(op, options, known))
  const { name, kernel, multiplier = 1, weight = glorotUniform, bias = zeros } = read
  const given = convolvingOf(read)
  const message = depthwiseMessage(kernel, multiplier, given) ?? startMessage(op, weight, bias)
  if (message !== null) throw new ShapeError(message)
  const size = kernel as number | Pair
  const shapes = (shape: Dims) => {
    const filters = (shape[2] as number) * multiplier
    return { weight: [...countsOf(size, 2), 1, filters], bias: [filters] }
  }
  return layerOf<never>({
    kind: op,
    name,
    options: { kernel: size, multiplier, stride: given.stride, padding: given.padding, dilation: given.dilation },
    out: (shape) => depthwiseShape(shape, size, multiplier, given),
    parameters: shapes,
    init: (shape, key, sizes) => {
      const own = shapes(shape)
      return { weight: weight(own.weight, foldIn(key, 'weight'), sizes), bias: bias(own.bias, foldIn(key, 'bias'), sizes) }
    },
    apply: (params, x, mode) => {
      const own = params as { readonly weight: Node; readonly bias: Node }
      return { y: add(depthwise(withoutPadding(x, mode), own.weight, given), own.bias), params }
    },
  }) as never
})
const known = ['kernel', 'multiplier', 'stride', 'padding', 'dilation', 'weight', 'bias'] as const
