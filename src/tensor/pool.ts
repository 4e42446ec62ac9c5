/** Pooling: the largest or the mean of each window, channel by channel. One value for tensors and for models. */
import type { Dims } from '../../types/dim.ts'
import type { Maker, Uncalled } from '../../types/maker.ts'
import type { Operation } from '../../types/operation.ts'
import {
  type Axes,
  type GlobalPool1d,
  type GlobalPool2d,
  globalOnShape,
  globalShape,
  type PaddingOf,
  type Pool1d,
  type Pool2d,
  type Pooling,
  type PoolMessage,
  poolMessage,
  poolOnShape,
  poolRecordMessage,
  poolShape,
  poolWindows,
  type RefusedPool,
  type StrideOf,
  type WrongPoolMessage,
} from '../../types/pool.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import type { Borders1d, Borders2d, Both } from '../../types/window.ts'
import type { CountMessage, Padding1d, Padding2d, Pair } from '../../types/window-options.ts'
import { cast, div, full, max, mean, reshape, select, sum, window } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import type { Windows } from '../graph/op.ts'
import { made } from './argument.ts'
import type { LayerKind } from './kind.ts'
import { operation } from './operation.ts'
import { typed } from './typed.ts'
import { windowsOf } from './window.ts'

export interface Pool1dOptions {
  /** As the window, unless said: windows lie side by side. */
  readonly stride?: number
  /** `'valid'` unless said. A number is added on both sides, `[before, after]` on each. */
  readonly padding?: Padding1d
}
export interface Pool2dOptions {
  /** As the window, unless said: windows lie side by side. */
  readonly stride?: number | Pair
  /** `'valid'` unless said. A number is added on all sides, `[[top, bottom], [left, right]]` on each. */
  readonly padding?: Padding2d
}
type Given<Options> = Options | (Options & Readonly<Record<string, unknown>>)
type None = Readonly<Record<never, never>>
type Known = keyof Pool2dOptions

export interface Pool1dFunction<in out Op extends Maker> {
  (call: Uncalled<Op>): never
  <const K extends number>(
    size: K,
  ): CountMessage<Op, 'the size', K> extends infer Message extends string
    ? Operation<RefusedPool<Op, Message>>
    : Operation<Pool1d<Op, K, K, 'valid'>>
  <const K extends number, const O extends Given<Pool1dOptions>>(
    size: K,
    options: O,
  ): PoolMessage<Op, K, O, Known, Borders1d<PaddingOf<O>>, [K]> extends infer Message extends string
    ? Operation<RefusedPool<Op, Message>>
    : Operation<Pool1d<Op, K, StrideOf<O, K>, PaddingOf<O>>>
  <const K>(size: K | number): Operation<RefusedPool<Op, WrongPoolMessage<Op, K, None, [], Pool1dOptions, number> & string>>
  <const K, const O, const R extends readonly unknown[] = []>(
    size: K | number,
    options: O | Pool1dOptions,
    ...rest: R
  ): Operation<RefusedPool<Op, WrongPoolMessage<Op, K, O, R, Pool1dOptions, number> & string>>
}
export interface Pool2dFunction<in out Op extends Maker> {
  (call: Uncalled<Op>): never
  <const K extends number | Pair>(
    size: K,
  ): CountMessage<Op, 'the size', K> extends infer Message extends string
    ? Operation<RefusedPool<Op, Message>>
    : Operation<Pool2d<Op, K, K, 'valid'>>
  <const K extends number | Pair, const O extends Given<Pool2dOptions>>(
    size: K,
    options: O,
  ): PoolMessage<Op, K, O, Known, Borders2d<PaddingOf<O>>, Both<K>> extends infer Message extends string
    ? Operation<RefusedPool<Op, Message>>
    : Operation<Pool2d<Op, K, StrideOf<O, K>, PaddingOf<O>>>
  <const K>(size: K | number | Pair): Operation<RefusedPool<Op, WrongPoolMessage<Op, K, None, [], Pool2dOptions, number | Pair> & string>>
  <const K, const O, const R extends readonly unknown[] = []>(
    size: K | number | Pair,
    options: O | Pool2dOptions,
    ...rest: R
  ): Operation<RefusedPool<Op, WrongPoolMessage<Op, K, O, R, Pool2dOptions, number | Pair> & string>>
}

type Reduction = (x: Node, sliding: Windows, isSame: boolean) => Node
const pooling =
  (op: LayerKind & Maker, axes: Axes, reduction: Reduction) =>
  (size: Pooling['size'], options: Partial<Pooling> = {}, ...rest: readonly unknown[]) => {
    made(op, size)
    const wrong = poolRecordMessage(op, options, rest, known)
    if (wrong !== null) throw new ShapeError(wrong)
    const given: Pooling = { size, stride: options.stride ?? size, padding: options.padding ?? 'valid' }
    const message = poolMessage(op, axes, given)
    if (message !== null) throw new ShapeError(message)
    const apply = (x: Node): Node => {
      fits(poolOnShape(op, axes, x.shape, given))
      return reduction(x, windowsOf(x, poolWindows(axes, given)), given.padding === 'same')
    }
    return operation({
      kind: op,
      options: { ...given },
      out: (sample) => poolShape(op, axes, sample, given),
      onTensor: apply,
      onBatch: apply,
    })
  }
const known: readonly Known[] = ['stride', 'padding']

/** The largest of each window; nothing of the border is. */
const largest: Reduction = (x, windows) => {
  const all = window(x, windows)
  return max(hasBorder(windows) ? select(inside(x, windows), all, Number.NEGATIVE_INFINITY) : all, elementsOf(x, windows))
}
const averaged: Reduction = (x, windows, isSame) => {
  const total = sum(window(x, windows), elementsOf(x, windows))
  if (!isSame || !hasBorder(windows))
    return div(
      total,
      windows.size.reduce((product, n) => product * n, 1),
    )
  const counted = cast(inside(x, windows), 'f32')
  const last = counted.shape.length
  return div(
    total,
    sum(
      counted,
      windows.size.map((_, i) => last - 1 - i),
    ),
  )
}
const hasBorder = ({ low, high }: Windows): boolean => [...low, ...high].some((n) => n > 0)
/** The axes of a window's elements. */
const elementsOf = (x: Node, { size }: Windows): readonly number[] => size.map((_, i) => x.shape.length + i)
/** Whether an element of a window lies in the image: a mask without the dims in front, and of one channel. */
const inside = (x: Node, windows: Windows): Node => {
  const axes = windows.axes.map((_, i) => i)
  const image: Dims = x.shape.slice(windows.axes[0], -1)
  const mask = window(full(image, 1, 'bool', x.sizes), { ...windows, axes })
  return reshape(mask, [...mask.shape.slice(0, axes.length), 1, ...windows.size])
}

/**
 * The largest of each window of a sequence: `[..., t, c] -> [..., t', c]`, t' as for `conv1d`. Its gradient goes to the first
 * maximum. What is padded is never the largest.
 *
 * @example
 * toArray(maxPool1d(2)(tensor([[1], [4], [9], [2]]))) // => [[4], [9]]
 */
export const maxPool1d = typed<Pool1dFunction<'maxPool1d'>>(pooling('maxPool1d', 1, largest))

/**
 * The largest of each window of an image: `[..., h, w, c] -> [..., h', w', c]`, h' and w' as for `conv2d`. A pair is a window's
 * height and width. Its gradient goes to the first maximum. What is padded is never the largest.
 *
 * @example
 * pipe(input([28, 28, 8]), maxPool2d(2), maxPool2d([3, 1], { stride: 2, padding: 'same' })).output // => [7, 7, 8]
 */
export const maxPool2d = typed<Pool2dFunction<'maxPool2d'>>(pooling('maxPool2d', 2, largest))

/**
 * The mean of each window of a sequence: `[..., t, c] -> [..., t', c]`, t' as for `conv1d`. Explicit padding counts as zeros, as
 * in PyTorch; `'same'` does not count its border, as in TensorFlow.
 *
 * @example
 * toArray(avgPool1d(2)(tensor([[1], [4], [9], [2]]))) // => [[2.5], [5.5]]
 */
export const avgPool1d = typed<Pool1dFunction<'avgPool1d'>>(pooling('avgPool1d', 1, averaged))

/**
 * The mean of each window of an image: `[..., h, w, c] -> [..., h', w', c]`, h' and w' as for `conv2d`. Explicit padding counts as
 * zeros, as in PyTorch; `'same'` does not count its border, as in TensorFlow.
 *
 * @example
 * const image = ones([3, 3, 1])
 * toArray(flatten(avgPool2d(3, { stride: 1, padding: 'same' })(image)))[0] // => [1, 1, 1]
 */
export const avgPool2d = typed<Pool2dFunction<'avgPool2d'>>(pooling('avgPool2d', 2, averaged))

const globalPooling = <F>(op: LayerKind, axes: Axes, reduction: (x: Node, axes: readonly number[]) => Node): Operation<F> => {
  const apply = (x: Node): Node => {
    fits(globalOnShape(op, axes, x.shape))
    const channels = x.shape.length - 1
    return reduction(x, axes === 1 ? [channels - 1] : [channels - 2, channels - 1])
  }
  return operation({ kind: op, options: {}, out: (sample) => globalShape(op, axes, sample), onTensor: apply, onBatch: apply })
}

/**
 * The mean of each channel over the whole sequence: `[..., t, c] -> [..., c]`.
 *
 * @example
 * toArray(globalAveragePool1d(tensor([[1, 5], [2, 3]]))) // => [1.5, 4]
 */
export const globalAveragePool1d = globalPooling<GlobalPool1d<'globalAveragePool1d'>>('globalAveragePool1d', 1, (x, axes) => mean(x, axes))

/**
 * The largest of each channel over the whole sequence: `[..., t, c] -> [..., c]`.
 *
 * @example
 * toArray(globalMaxPool1d(tensor([[1, 5], [2, 3]]))) // => [2, 5]
 */
export const globalMaxPool1d = globalPooling<GlobalPool1d<'globalMaxPool1d'>>('globalMaxPool1d', 1, (x, axes) => max(x, axes))

/**
 * The mean of each channel over the whole image: `[..., h, w, c] -> [..., c]`.
 *
 * @example
 * pipe(input([7, 7, 64]), globalAveragePool2d).output // => [64]
 */
export const globalAveragePool2d = globalPooling<GlobalPool2d<'globalAveragePool2d'>>('globalAveragePool2d', 2, (x, axes) => mean(x, axes))

/**
 * The largest of each channel over the whole image: `[..., h, w, c] -> [..., c]`.
 *
 * @example
 * toArray(globalMaxPool2d(tensor([[[1, 5], [2, 3]]]))) // => [2, 5]
 */
export const globalMaxPool2d = globalPooling<GlobalPool2d<'globalMaxPool2d'>>('globalMaxPool2d', 2, (x, axes) => max(x, axes))
