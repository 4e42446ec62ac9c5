/** Convolutions of tensors: a weighted sum over each window and its channels. They are the subpath `shapewright/ops`. */
import {
  axesOf,
  type Conv1dOnShape,
  type Conv2dOnShape,
  type ConvOp,
  type Convolving,
  convOnShape,
  type DilationOf,
  type GroupsOf,
  type PaddingOf,
  type SlidingMessage,
  type StrideOf,
  slidingMessage,
  slidingOf,
  slidingRecordMessage,
  type WrongSlidingMessage,
} from '../../types/convolution.ts'
import type { Dim, DType, Shape } from '../../types/dim.ts'
import type { DTypeFault } from '../../types/dtype.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import type { Padding1d, Padding2d, Pair } from '../../types/window-options.ts'
import { dot, permute, reshape, window } from '../graph/expression.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { tensorNode } from './argument.ts'
import { typed } from './typed.ts'
import { windowsOf } from './window.ts'

export interface Convolve1dOptions {
  /** 1 unless said. */
  readonly stride?: number
  /** `'valid'` unless said. A number is added on both sides, `[before, after]` on each. */
  readonly padding?: Padding1d
  /** 1 unless said: the elements of a window lie side by side. */
  readonly dilation?: number
  /** 1 unless said. */
  readonly groups?: number
}
export interface Convolve2dOptions {
  /** 1 unless said; a pair is for height and width. */
  readonly stride?: number | Pair
  /** `'valid'` unless said. A number is added on all sides, `[[top, bottom], [left, right]]` on each. */
  readonly padding?: Padding2d
  /** 1 unless said; a pair is for height and width. */
  readonly dilation?: number | Pair
  /** 1 unless said. */
  readonly groups?: number
}
export type Given<Options> = Options | (Options & Readonly<Record<string, unknown>>)
type Known = keyof Convolve2dOptions

/** `conv1d(weight)`: what it does to x. */
export interface Convolve1d<in out W extends Shape, in out T, in out P, in out L, in out G> {
  <S extends Shape, D extends DType>(
    x: Fits<Rule<'conv1d', D, Conv1dOnShape<'conv1d', S, W, T, P, L, G>>, Tensor<S, D>>,
  ): Convolved<Conv1dOnShape<'conv1d', S, W, T, P, L, G>>
}
/** `conv2d(weight)`: what it does to x. */
export interface Convolve2d<in out W extends Shape, in out T, in out P, in out L, in out G> {
  <S extends Shape, D extends DType>(
    x: Fits<Rule<'conv2d', D, Conv2dOnShape<'conv2d', S, W, T, P, L, G>>, Tensor<S, D>>,
  ): Convolved<Conv2dOnShape<'conv2d', S, W, T, P, L, G>>
}
export type Rule<Op extends string, D, R> = DTypeFault<Op, 'f32', D> extends infer Fault extends string ? Fault : R
export type Convolved<R> = R extends Shape ? Tensor<R> : never
/** A convolution that could not be made: it says why to what it is given. */
export interface RefusedConvolution<in out Message> {
  <X>(x: [X] extends [never] ? X : Message): never
}

export interface Convolve1dFunction {
  <W extends Shape, E extends DType>(
    weight: Tensor<W, E>,
  ): Fault<'conv1d', E, None> extends infer Message extends string ? RefusedConvolution<Message> : Convolve1d<W, 1, 'valid', 1, 1>
  <W extends Shape, E extends DType, const O extends Given<Convolve1dOptions>>(
    weight: Tensor<W, E>,
    options: O,
  ): Fault<'conv1d', E, O> extends infer Message extends string
    ? RefusedConvolution<Message>
    : Convolve1d<W, StrideOf<O>, PaddingOf<O>, DilationOf<O>, GroupsOf<O>>
  <W extends Shape, E extends DType, const O, const R extends readonly unknown[]>(
    weight: Tensor<W, E>,
    options: O | Convolve1dOptions,
    ...rest: R
  ): RefusedConvolution<WrongSlidingMessage<'conv1d', O, R, Convolve1dOptions> & string>
}
export interface Convolve2dFunction {
  <W extends Shape, E extends DType>(
    weight: Tensor<W, E>,
  ): Fault<'conv2d', E, None> extends infer Message extends string ? RefusedConvolution<Message> : Convolve2d<W, 1, 'valid', 1, 1>
  <W extends Shape, E extends DType, const O extends Given<Convolve2dOptions>>(
    weight: Tensor<W, E>,
    options: O,
  ): Fault<'conv2d', E, O> extends infer Message extends string
    ? RefusedConvolution<Message>
    : Convolve2d<W, StrideOf<O>, PaddingOf<O>, DilationOf<O>, GroupsOf<O>>
  <W extends Shape, E extends DType, const O, const R extends readonly unknown[]>(
    weight: Tensor<W, E>,
    options: O | Convolve2dOptions,
    ...rest: R
  ): RefusedConvolution<WrongSlidingMessage<'conv2d', O, R, Convolve2dOptions> & string>
}
export type None = Readonly<Record<never, never>>
export type DepthwiseFault<E, O> =
  DTypeFault<'depthwiseConv2d', 'f32', E> extends infer Message extends string
    ? Message
    : SlidingMessage<'depthwiseConv2d', O, Exclude<Known, 'groups'>>
export type Fault<Op extends string, E, O> =
  DTypeFault<Op, 'f32', E> extends infer Message extends string ? Message : SlidingMessage<Op, O, Known>

/** The op on tensors: first the weight and how it slides, then what it slides over. */
export const convolution =
  (op: ConvOp, apply: (op: ConvOp, x: Node, weight: Node, given: Convolving) => Node) =>
  (weight: unknown, options: Partial<Convolving> = {}, ...rest: readonly unknown[]) => {
    const kernel = tensorNode(op, weight)
    const message = slidingRecordMessage(op, options, rest, known)
    if (message !== null) throw new ShapeError(message)
    const given = convolvingOf(options)
    const fault = slidingMessage(op, given)
    if (fault !== null) throw new ShapeError(fault)
    return (x: unknown) => {
      const node = tensorNode(op, x)
      fits(convOnShape(op, node.shape, kernel.shape, given))
      return tensorOf(apply(op, node, kernel, given))
    }
  }
const known: readonly Known[] = ['stride', 'padding', 'dilation', 'groups']

/** Every option, those that are absent as they default. */
export const convolvingOf = ({ stride = 1, padding = 'valid', dilation = 1, groups = 1 }: Partial<Convolving>): Convolving => ({
  stride,
  padding,
  dilation,
  groups,
})

/** Windows of x, times the weight: one contraction over the kernel and the channels, batched over groups. */
export const convolved = (op: ConvOp, x: Node, weight: Node, given: Convolving): Node => {
  const axes = axesOf(op)
  const kernel = weight.shape.slice(0, axes) as readonly number[]
  const windows = windowsOf(x, slidingOf(op, kernel, given))
  const [rank, places] = [x.shape.length, x.shape.length - 1]
  const elements = kernel.map((_, i) => i)
  if (given.groups === 1) {
    const all = window(x, windows)
    const patches = permute(all, [...indices(0, places), ...indices(rank, rank + axes), places])
    return dot(patches, weight, [indices(places, rank + axes), [...elements, axes]])
  }
  const { groups } = given
  const [inGroup, filters] = weight.shape.slice(axes) as [number, number]
  const split = reshape(x, [...x.shape.slice(0, places), groups, inGroup])
  const patches = permute(window(split, windows), [places, ...indices(0, places), ...indices(rank + 1, rank + 1 + axes), rank])
  const perGroup = reshape(weight, [...kernel, inGroup, groups, filters / groups])
  const weights = permute(perGroup, [axes + 1, ...elements, axes, axes + 2])
  const y = dot(patches, weights, [indices(rank, rank + axes + 1), indices(1, axes + 2)], 1)
  return reshape(permute(y, [...indices(1, rank), 0, rank]), [...y.shape.slice(1, rank), filters as Dim])
}
/** From `start` up to `end`, which is not among them. */
export const indices = (start: number, end: number): readonly number[] => Array.from({ length: end - start }, (_, i) => start + i)

/**
 * Convolution over sequences: `conv1d(weight, options)(x)`, `[..., t, c] x [k, c / groups, n] -> [..., t', n]` with
 * `y[t, n] = sum over i, c of x[t stride + i dilation - before, c] weight[i, c, n]`. It is a correlation: the kernel is not
 * turned round. With `'same'` t' is t / stride rounded up, as in TensorFlow; else floor((t + padding - (k - 1) dilation - 1) /
 * stride) + 1. With groups, each of as many parts of the channels has filters of its own.
 *
 * @example
 * const ahead = conv1d(tensor([[[-1]], [[1]]]))
 * toArray(ahead(tensor([[1], [4], [9]]))) // => [[3], [5]]
 */
export const conv1d = typed<Convolve1dFunction>(convolution('conv1d', convolved))

/**
 * Convolution over images: `conv2d(weight, options)(x)`, `[..., h, w, c] x [kh, kw, c / groups, n] -> [..., h', w', n]` with
 * `y[h, w, n] = sum over i, j, c of x[h stride + i dilation - top, w stride + j dilation - left, c] weight[i, j, c, n]`. It is a
 * correlation: the kernel is not turned round. With `'same'` h' is h / stride rounded up, as in TensorFlow; else
 * floor((h + padding - (kh - 1) dilation - 1) / stride) + 1. With groups, each of as many parts of the channels has filters of
 * its own.
 *
 * @example
 * const image = reshape([3, 3, 1])(tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
 * toArray(flatten(conv2d(ones([2, 2, 1, 1]), { stride: 2, padding: 'same' })(image))) // => [[12, 9], [15, 9]]
 */
export const conv2d = typed<Convolve2dFunction>(convolution('conv2d', convolved))
