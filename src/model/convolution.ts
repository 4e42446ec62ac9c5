/** Convolution layers: the same weights at every place of a sequence or an image. */
import {
  axesOf,
  type Conv1d,
  type Conv2d,
  type ConvMessage,
  type ConvOp,
  type Convolving,
  type ConvTranspose1d,
  type ConvTranspose2d,
  convMessage,
  convRecordMessage,
  convShape,
  type DilationOf,
  type GroupsOf,
  isTransposed,
  type PaddingOf,
  type StrideOf,
  startMessage,
  type WrongConvMessage,
} from '../../types/convolution.ts'
import type { BoundDim, Dim, Dims } from '../../types/dim.ts'
import type { Layer, Refused } from '../../types/layer.ts'
import type { Uncalled } from '../../types/maker.ts'
import { optionsOf, type WithOptions } from '../../types/options.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { type DimOf, dimOf, sizesOf } from '../../types/size.ts'
import { countsOf, type Pair } from '../../types/window-options.ts'
import { add } from '../graph/expression.ts'
import { mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { made } from '../tensor/argument.ts'
import { type Convolve1dOptions, type Convolve2dOptions, convolved, convolvingOf } from '../tensor/convolution.ts'
import { foldIn } from '../tensor/random.ts'
import { transposed } from '../tensor/transposed.ts'
import { typed } from '../tensor/typed.ts'
import { glorotUniform, type Initializer, zeros } from './initializers.ts'
import { layerOf } from './layer.ts'
import { withoutPadding } from './padding.ts'

export type { Conv1dParams, Conv2dParams } from '../../types/convolution.ts'

interface Common {
  /** How many values each place gets. */
  readonly filters: number | BoundDim<string>
  readonly name?: string
  /** Glorot's uniform distribution unless said. */
  readonly weight?: Initializer
  /** Zeros unless said. */
  readonly bias?: Initializer
}
export interface Conv1dOptions extends Common, Convolve1dOptions {
  readonly kernel: number
}
export interface Conv2dOptions extends Common, Convolve2dOptions {
  /** A pair is height and width. */
  readonly kernel: number | Pair
}
type Given<Options> = Options | (Options & Readonly<Record<string, unknown>>)

/** What is refused comes first, and last what is not even of the type of options: a sentence is shorter than three overloads. */
export interface Conv1dFunction {
  (call: Uncalled<'conv1d'>): never
  <const O extends Given<Conv1dOptions>>(options: Refuse<'conv1d', O>): Layer<Refused<'conv1d', Message<'conv1d', O>>>
  <const O extends Given<Conv1dOptions>>(
    options: O,
  ): Layer<
    WithOptions<
      Conv1d<DimOf<O['filters']>, O['kernel'], StrideOf<O>, PaddingOf<O>, DilationOf<O>, GroupsOf<O>>,
      'conv1d',
      O,
      keyof Conv1dOptions
    >
  >
  <const O, const R extends readonly unknown[]>(
    options: O | Conv1dOptions,
    ...rest: R
  ): Layer<Refused<'conv1d', WrongConvMessage<'conv1d', O, R, Conv1dOptions> & string>>
}
export interface Conv2dFunction {
  (call: Uncalled<'conv2d'>): never
  <const O extends Given<Conv2dOptions>>(options: Refuse<'conv2d', O>): Layer<Refused<'conv2d', Message<'conv2d', O>>>
  <const O extends Given<Conv2dOptions>>(
    options: O,
  ): Layer<
    WithOptions<
      Conv2d<DimOf<O['filters']>, O['kernel'], StrideOf<O>, PaddingOf<O>, DilationOf<O>, GroupsOf<O>>,
      'conv2d',
      O,
      keyof Conv2dOptions
    >
  >
  <const O, const R extends readonly unknown[]>(
    options: O | Conv2dOptions,
    ...rest: R
  ): Layer<Refused<'conv2d', WrongConvMessage<'conv2d', O, R, Conv2dOptions> & string>>
}
export interface ConvTranspose1dFunction {
  (call: Uncalled<'convTranspose1d'>): never
  <const O extends Given<Conv1dOptions>>(
    options: Refuse<'convTranspose1d', O>,
  ): Layer<Refused<'convTranspose1d', Message<'convTranspose1d', O>>>
  <const O extends Given<Conv1dOptions>>(
    options: O,
  ): Layer<
    WithOptions<
      ConvTranspose1d<DimOf<O['filters']>, O['kernel'], StrideOf<O>, PaddingOf<O>, DilationOf<O>, GroupsOf<O>>,
      'convTranspose1d',
      O,
      keyof Conv1dOptions
    >
  >
  <const O, const R extends readonly unknown[]>(
    options: O | Conv1dOptions,
    ...rest: R
  ): Layer<Refused<'convTranspose1d', WrongConvMessage<'convTranspose1d', O, R, Conv1dOptions> & string>>
}
export interface ConvTranspose2dFunction {
  (call: Uncalled<'convTranspose2d'>): never
  <const O extends Given<Conv2dOptions>>(
    options: Refuse<'convTranspose2d', O>,
  ): Layer<Refused<'convTranspose2d', Message<'convTranspose2d', O>>>
  <const O extends Given<Conv2dOptions>>(
    options: O,
  ): Layer<
    WithOptions<
      ConvTranspose2d<DimOf<O['filters']>, O['kernel'], StrideOf<O>, PaddingOf<O>, DilationOf<O>, GroupsOf<O>>,
      'convTranspose2d',
      O,
      keyof Conv2dOptions
    >
  >
  <const O, const R extends readonly unknown[]>(
    options: O | Conv2dOptions,
    ...rest: R
  ): Layer<Refused<'convTranspose2d', WrongConvMessage<'convTranspose2d', O, R, Conv2dOptions> & string>>
}
type Sized = { readonly filters: unknown; readonly kernel: unknown }
type Message<Op extends string, O extends Sized> = ConvMessage<Op, O, keyof Conv2dOptions> & string
type Refuse<Op extends string, O extends Sized> = ConvMessage<Op, O, keyof Conv2dOptions> extends null ? never : O

const layer =
  (op: ConvOp) =>
  (options: Conv2dOptions, ...rest: readonly unknown[]): never => {
    made(op, options)
    const wrong = convRecordMessage(op, options, rest, ['name', ...known])
    if (wrong !== null) throw new ShapeError(wrong)
    const read = fits(optionsOf<Conv2dOptions>(op, options, known))
    const { name, filters, kernel, weight = glorotUniform, bias = zeros } = read
    const given = convolvingOf(read as Partial<Convolving>)
    const message = convMessage(op, filters, kernel, given) ?? startMessage(op, weight, bias)
    if (message !== null) throw new ShapeError(message)
    const [size, units] = [kernel as number | Pair, filters as number | BoundDim<string>]
    const apply = isTransposed(op) ? transposed : convolved
    const shapes = (shape: Dims) => shapesOf(op, shape, dimOf(units), size, given)
    return layerOf<never>({
      kind: op,
      name,
      options: { filters: dimOf(units), kernel: size, ...given },
      sizes: sizesOf([units]).reduce(mergeSizes, {}),
      out: (shape) => convShape(op, shape, dimOf(units), size, given),
      parameters: shapes,
      init: (shape, key, sizes) => {
        const own = shapes(shape)
        return { weight: weight(own.weight, foldIn(key, 'weight'), sizes), bias: bias(own.bias, foldIn(key, 'bias'), sizes) }
      },
      apply: (params, x, mode) => {
        const { weight: w, bias: b } = params as { readonly weight: Node; readonly bias: Node }
        return { y: add(apply(op, withoutPadding(x, mode), w, given), b), params }
      },
    }) as never
  }
const known = ['filters', 'kernel', 'stride', 'padding', 'dilation', 'groups', 'weight', 'bias'] as const

const shapesOf = (op: ConvOp, shape: Dims, filters: Dim, kernel: number | Pair, { groups }: Convolving) => {
  const channels = shape.at(-1) as Dim
  const inGroup = groups === 1 ? channels : (channels as number) / groups
  return { weight: [...countsOf(kernel, axesOf(op)), inGroup, filters], bias: [filters] }
}

/**
 * Convolution over a sequence: `[t, c] -> [t', filters]`, with parameters `weight` of `[kernel, c / groups, filters]` and `bias`.
 * It slides as `conv1d` of `shapewright/ops` does.
 *
 * @example
 * pipe(input([100, 8]), conv1d({ filters: 16, kernel: 5, padding: 'same', stride: 2 }), relu).output // => [50, 16]
 */
export const conv1d = typed<Conv1dFunction>(layer('conv1d'))

/**
 * Convolution over an image: `[h, w, c] -> [h', w', filters]`, with parameters `weight` of
 * `[kernel height, kernel width, c / groups, filters]` and `bias`. It slides as `conv2d` of `shapewright/ops` does.
 *
 * @example
 * pipe(input([28, 28, 1]), conv2d({ filters: 8, kernel: 5 }), relu, conv2d({ filters: 16, kernel: [3, 1], stride: 2 })).output // => [11, 12, 16]
 */
export const conv2d = typed<Conv2dFunction>(layer('conv2d'))

/**
 * Transposed convolution over a sequence: `[t, c] -> [t', filters]`, with parameters `weight` of `[kernel, c / groups, filters]` and
 * `bias`. It makes sequences longer, as `convTranspose1d` of `shapewright/ops` does.
 *
 * @example
 * pipe(input([50, 8]), convTranspose1d({ filters: 4, kernel: 4, stride: 2, padding: 1 })).output // => [100, 4]
 */
export const convTranspose1d = typed<ConvTranspose1dFunction>(layer('convTranspose1d'))

/**
 * Transposed convolution over an image: `[h, w, c] -> [h', w', filters]`, with parameters `weight` of
 * `[kernel height, kernel width, c / groups, filters]` and `bias`. It makes images larger, as `convTranspose2d` of
 * `shapewright/ops` does.
 *
 * @example
 * pipe(input([7, 7, 16]), convTranspose2d({ filters: 8, kernel: 3, stride: 2, padding: 'same' }), relu).output // => [14, 14, 8]
 */
export const convTranspose2d = typed<ConvTranspose2dFunction>(layer('convTranspose2d'))
