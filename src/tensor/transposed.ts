/** Transposed convolutions of tensors: each element spreads over a window, and what overlaps is added. They are in `shapewright/ops`. */
import {
  axesOf,
  type Conv1dOnShape,
  type Conv2dOnShape,
  type ConvOp,
  type Convolving,
  convShape,
  type DilationOf,
  type GroupsOf,
  type PaddingOf,
  type StrideOf,
  slidingOf,
  type WrongSlidingMessage,
} from '../../types/convolution.ts'
import type { Dim, Dims, DType, Shape } from '../../types/dim.ts'
import { type Fits, fits } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { borderOf } from '../../types/window.ts'
import { dot, permute, reshape, windowTranspose } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import {
  type Convolve1dOptions,
  type Convolve2dOptions,
  type Convolved,
  convolution,
  type Fault,
  type Given,
  indices,
  type None,
  type RefusedConvolution,
  type Rule,
} from './convolution.ts'
import { typed } from './typed.ts'

/** `convTranspose1d(weight)`: what it does to x. */
export interface ConvolveTransposed1d<in out W extends Shape, in out T, in out P, in out L, in out G> {
  <S extends Shape, D extends DType>(
    x: Fits<Rule<'convTranspose1d', D, Conv1dOnShape<'convTranspose1d', S, W, T, P, L, G>>, Tensor<S, D>>,
  ): Convolved<Conv1dOnShape<'convTranspose1d', S, W, T, P, L, G>>
}
/** `convTranspose2d(weight)`: what it does to x. */
export interface ConvolveTransposed2d<in out W extends Shape, in out T, in out P, in out L, in out G> {
  <S extends Shape, D extends DType>(
    x: Fits<Rule<'convTranspose2d', D, Conv2dOnShape<'convTranspose2d', S, W, T, P, L, G>>, Tensor<S, D>>,
  ): Convolved<Conv2dOnShape<'convTranspose2d', S, W, T, P, L, G>>
}
export interface ConvolveTransposed1dFunction {
  <W extends Shape, E extends DType>(
    weight: Tensor<W, E>,
  ): Fault<'convTranspose1d', E, None> extends infer Message extends string
    ? RefusedConvolution<Message>
    : ConvolveTransposed1d<W, 1, 'valid', 1, 1>
  <W extends Shape, E extends DType, const O extends Given<Convolve1dOptions>>(
    weight: Tensor<W, E>,
    options: O,
  ): Fault<'convTranspose1d', E, O> extends infer Message extends string
    ? RefusedConvolution<Message>
    : ConvolveTransposed1d<W, StrideOf<O>, PaddingOf<O>, DilationOf<O>, GroupsOf<O>>
  <W extends Shape, E extends DType, const O, const R extends readonly unknown[]>(
    weight: Tensor<W, E>,
    options: O | Convolve1dOptions,
    ...rest: R
  ): RefusedConvolution<WrongSlidingMessage<'convTranspose1d', O, R, Convolve1dOptions> & string>
}
export interface ConvolveTransposed2dFunction {
  <W extends Shape, E extends DType>(
    weight: Tensor<W, E>,
  ): Fault<'convTranspose2d', E, None> extends infer Message extends string
    ? RefusedConvolution<Message>
    : ConvolveTransposed2d<W, 1, 'valid', 1, 1>
  <W extends Shape, E extends DType, const O extends Given<Convolve2dOptions>>(
    weight: Tensor<W, E>,
    options: O,
  ): Fault<'convTranspose2d', E, O> extends infer Message extends string
    ? RefusedConvolution<Message>
    : ConvolveTransposed2d<W, StrideOf<O>, PaddingOf<O>, DilationOf<O>, GroupsOf<O>>
  <W extends Shape, E extends DType, const O, const R extends readonly unknown[]>(
    weight: Tensor<W, E>,
    options: O | Convolve2dOptions,
    ...rest: R
  ): RefusedConvolution<WrongSlidingMessage<'convTranspose2d', O, R, Convolve2dOptions> & string>
}

/** Each element times the weight of its channel, the products added where windows overlap; batched over groups. */
export const transposed = (op: ConvOp, x: Node, weight: Node, given: Convolving): Node => {
  const axes = axesOf(op)
  const { groups } = given
  const [rank, places] = [x.shape.length, x.shape.length - 1]
  const kernel = weight.shape.slice(0, axes) as readonly number[]
  const [inGroup, filters] = weight.shape.slice(axes) as [Dim, Dim]
  const image = fits(convShape(op, x.shape.slice(-axes - 1), filters, kernel, given)).slice(0, -1)
  const shape = [...x.shape.slice(0, places - axes), ...image]
  const windows = windowsOnto(shape, slidingOf(op, kernel, given))
  if (groups === 1) {
    const products = dot(x, weight, [[places], [axes]])
    const ordered = permute(products, [...indices(0, places), rank + axes - 1, ...indices(places, places + axes)])
    return windowTranspose(ordered, windows, [...shape, filters])
  }
  const each = (filters as number) / groups
  const split = permute(reshape(x, [...x.shape.slice(0, places), groups, inGroup]), [places, ...indices(0, places), rank])
  const perGroup = permute(reshape(weight, [...kernel, inGroup, groups, each]), [axes + 1, ...indices(0, axes + 1), axes + 2])
  const products = dot(split, perGroup, [[rank], [axes + 1]], 1)
  const ordered = permute(products, [...indices(1, rank), 0, rank + axes, ...indices(rank, rank + axes)])
  return reshape(windowTranspose(ordered, windows, [...shape, groups, each]), [...shape, filters])
}
/** The windows whose elements are put back onto the last axes of a shape without its channels. */
const windowsOnto = (shape: Dims, sliding: ReturnType<typeof slidingOf>) => {
  const first = shape.length - sliding.length
  const borders = sliding.map((each, i) => borderOf(shape[first + i] as Dim, each))
  return {
    axes: sliding.map((_, i) => first + i),
    size: sliding.map(({ size }) => size),
    stride: sliding.map(({ stride }) => stride),
    dilation: sliding.map(({ dilation }) => dilation),
    low: borders.map(([low]) => low),
    high: borders.map(([, high]) => high),
  }
}

/**
 * Transposed convolution over sequences, what the gradient of `conv1d` is by its input: `convTranspose1d(weight, options)(x)`,
 * `[..., t, c] x [k, c / groups, n] -> [..., t', n]` with `y[t stride + i dilation - before, n] += x[t, c] weight[i, c, n]`. With
 * `'same'` t' is t stride, as in TensorFlow; else (t - 1) stride + (k - 1) dilation + 1 - padding. PyTorch's padding p with
 * output_padding o is `[p, p - o]`; its weight `[c, n, k]` has other axes in front.
 *
 * @example
 * const twice = convTranspose1d(tensor([[[1]], [[1]]]), { stride: 2 })
 * toArray(twice(tensor([[3], [5]]))) // => [[3], [3], [5], [5]]
 */
export const convTranspose1d = typed<ConvolveTransposed1dFunction>(convolution('convTranspose1d', transposed))

/**
 * Transposed convolution over images, what the gradient of `conv2d` is by its input: `convTranspose2d(weight, options)(x)`,
 * `[..., h, w, c] x [kh, kw, c / groups, n] -> [..., h', w', n]` with `y[h stride + i dilation - top, w stride + j dilation - left,
 * n] += x[h, w, c] weight[i, j, c, n]`. With `'same'` h' is h stride, as in TensorFlow; else (h - 1) stride + (kh - 1) dilation + 1 -
 * padding. PyTorch's padding p with output_padding o is `[[p, p - o], [p, p - o]]`; its weight is `[c, n / groups, kh, kw]`.
 *
 * @example
 * const image = reshape([2, 2, 1])(tensor([[1, 2], [3, 4]]))
 * toArray(flatten(convTranspose2d(ones([2, 2, 1, 1]), { padding: 1 })(expandDims(0)(image)))) // => [[10]]
 */
export const convTranspose2d = typed<ConvolveTransposed2dFunction>(convolution('convTranspose2d', transposed))
