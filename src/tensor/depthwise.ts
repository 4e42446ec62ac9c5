/** Depthwise convolution of tensors: each channel has filters of its own. It is in `shapewright/ops`. */
import {
  type DilationOf,
  type PaddingOf,
  type StrideOf,
  slidingMessage,
  slidingRecordMessage,
  type WrongSlidingMessage,
} from '../../types/convolution.ts'
import { type Depthwise, type DepthwiseOnShape, depthwiseOnShape } from '../../types/depthwise.ts'
import type { DType, Shape } from '../../types/dim.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { tensorNode } from './argument.ts'
import {
  type Convolve2dOptions,
  type Convolved,
  convolved,
  convolvingOf,
  type DepthwiseFault,
  type Given,
  type None,
  type RefusedConvolution,
  type Rule,
} from './convolution.ts'
import { typed } from './typed.ts'

export interface ConvolveDepthwiseOptions extends Omit<Convolve2dOptions, 'groups'> {}

/** `depthwiseConv2d(weight)`: what it does to x. */
export interface ConvolveDepthwise<in out W extends Shape, in out T, in out P, in out L> {
  <S extends Shape, D extends DType>(
    x: Fits<Rule<'depthwiseConv2d', D, DepthwiseOnShape<S, W, T, P, L>>, Tensor<S, D>>,
  ): Convolved<DepthwiseOnShape<S, W, T, P, L>>
}
export interface ConvolveDepthwiseFunction {
  <W extends Shape, E extends DType>(
    weight: Tensor<W, E>,
  ): DepthwiseFault<E, None> extends infer Message extends string ? RefusedConvolution<Message> : ConvolveDepthwise<W, 1, 'valid', 1>
  <W extends Shape, E extends DType, const O extends Given<ConvolveDepthwiseOptions>>(
    weight: Tensor<W, E>,
    options: O,
  ): DepthwiseFault<E, O> extends infer Message extends string
    ? RefusedConvolution<Message>
    : ConvolveDepthwise<W, StrideOf<O>, PaddingOf<O>, DilationOf<O>>
  <W extends Shape, E extends DType, const O, const R extends readonly unknown[]>(
    weight: Tensor<W, E>,
    options: O | ConvolveDepthwiseOptions,
    ...rest: R
  ): RefusedConvolution<WrongSlidingMessage<'depthwiseConv2d', O, R, ConvolveDepthwiseOptions> & string>
}

/**
 * Depthwise convolution over images: `depthwiseConv2d(weight, options)(x)`, `[..., h, w, c] x [kh, kw, 1, c m] -> [..., h', w', c m]`
 * with `y[h, w, c m + j] = sum over i, k of x[h stride + i dilation - top, w stride + k dilation - left, c] weight[i, k, 0, c m + j]`.
 * It is `conv2d` with as many groups as channels, and slides as that does. TensorFlow's weight `[kh, kw, c, m]` is the same numbers.
 *
 * @example
 * const halves = depthwiseConv2d(full([1, 1, 1, 2], 0.5))
 * toArray(flatten(halves(tensor([[[2, 4], [6, 8]]])))) // => [[1, 2, 3, 4]]
 */
export const depthwiseConv2d = typed<ConvolveDepthwiseFunction>(
  (weight: unknown, options: Partial<Depthwise> = {}, ...rest: readonly unknown[]) => {
    const kernel = tensorNode('depthwiseConv2d', weight)
    const message =
      slidingRecordMessage('depthwiseConv2d', options, rest, ['stride', 'padding', 'dilation']) ??
      slidingMessage('depthwiseConv2d', convolvingOf(options))
    if (message !== null) throw new ShapeError(message)
    return (x: unknown) => {
      const node = tensorNode('depthwiseConv2d', x)
      fits(depthwiseOnShape(node.shape, kernel.shape, convolvingOf(options)))
      return tensorOf(depthwise(node, kernel, convolvingOf(options)))
    }
  },
)

/** As many groups as channels. */
export const depthwise = (x: Node, weight: Node, given: Depthwise): Node =>
  convolved('depthwiseConv2d', x, weight, { ...given, groups: x.shape.at(-1) as number })
