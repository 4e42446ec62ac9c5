/** Upsampling: more elements in between, repeated or interpolated. One value for tensors and for models. */
import type { Dim } from '../../types/dim.ts'
import type { Maker, Uncalled } from '../../types/maker.ts'
import type { Operation } from '../../types/operation.ts'
import type { RefusedPool } from '../../types/pool.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import {
  type Axes,
  type Upsample1d,
  type Upsample2d,
  type UpsampleMessage,
  upsampledShape,
  upsampleMessage,
  type WrongUpsampleMessage,
} from '../../types/upsample.ts'
import { type CountMessage, countsOf, type Pair } from '../../types/window-options.ts'
import { abs, add, broadcastTo, cast, concat, div, iota, less, mul, reshape, select, slice, sub } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { made } from './argument.ts'
import type { LayerKind } from './kind.ts'
import { operation } from './operation.ts'
import { typed } from './typed.ts'

export interface Upsample1dOptions {
  /** `'nearest'` unless said. */
  readonly method?: 'nearest' | 'linear'
}
export interface Upsample2dOptions {
  /** `'nearest'` unless said. */
  readonly method?: 'nearest' | 'bilinear'
}
type Given<Options> = Options | (Options & Readonly<Record<string, unknown>>)
type None = Readonly<Record<never, never>>

export interface Upsample1dFunction {
  (call: Uncalled<'upsample1d'>): never
  <const K extends number>(
    factor: K,
  ): CountMessage<'upsample1d', 'the factor', K> extends infer Message extends string
    ? Operation<RefusedPool<'upsample1d', Message>>
    : Operation<Upsample1d<K>>
  <const K extends number, const O extends Given<Upsample1dOptions>>(
    factor: K,
    options: O,
  ): UpsampleMessage<'upsample1d', K, O, keyof Upsample1dOptions> extends infer Message extends string
    ? Operation<RefusedPool<'upsample1d', Message>>
    : Operation<Upsample1d<K>>
  <const K>(
    factor: K | number,
  ): Operation<RefusedPool<'upsample1d', WrongUpsampleMessage<'upsample1d', K, None, [], Upsample1dOptions, number> & string>>
  <const K, const O, const R extends readonly unknown[] = []>(
    factor: K | number,
    options: O | Upsample1dOptions,
    ...rest: R
  ): Operation<RefusedPool<'upsample1d', WrongUpsampleMessage<'upsample1d', K, O, R, Upsample1dOptions, number> & string>>
}
export interface Upsample2dFunction {
  (call: Uncalled<'upsample2d'>): never
  <const K extends number | Pair>(
    factor: K,
  ): CountMessage<'upsample2d', 'the factor', K> extends infer Message extends string
    ? Operation<RefusedPool<'upsample2d', Message>>
    : Operation<Upsample2d<K>>
  <const K extends number | Pair, const O extends Given<Upsample2dOptions>>(
    factor: K,
    options: O,
  ): UpsampleMessage<'upsample2d', K, O, keyof Upsample2dOptions> extends infer Message extends string
    ? Operation<RefusedPool<'upsample2d', Message>>
    : Operation<Upsample2d<K>>
  <const K>(
    factor: K | number | Pair,
  ): Operation<RefusedPool<'upsample2d', WrongUpsampleMessage<'upsample2d', K, None, [], Upsample2dOptions, number | Pair> & string>>
  <const K, const O, const R extends readonly unknown[] = []>(
    factor: K | number | Pair,
    options: O | Upsample2dOptions,
    ...rest: R
  ): Operation<RefusedPool<'upsample2d', WrongUpsampleMessage<'upsample2d', K, O, R, Upsample2dOptions, number | Pair> & string>>
}

const upsampling =
  (op: LayerKind & Maker, axes: Axes, interpolated: string) =>
  (factor: number | readonly number[], options: { readonly method?: string } = {}, ...rest: readonly unknown[]) => {
    made(op, factor)
    const message = upsampleMessage(op, axes, ['nearest', interpolated], factor, options, rest)
    if (message !== null) throw new ShapeError(message)
    const along = options.method === interpolated ? between : repeated
    const apply = (x: Node): Node => {
      fits(upsampledShape(op, axes, factor, x.shape, true))
      const first = x.shape.length - axes - 1
      return countsOf(factor, axes).reduce((y, by, i) => (by === 1 ? y : along(y, first + i, by)), x)
    }
    return operation({
      kind: op,
      options: { factor, method: options.method ?? 'nearest' },
      out: (sample) => upsampledShape(op, axes, factor, sample, false),
      onTensor: apply,
      onBatch: apply,
    })
  }

/** The shape with a new axis of a size behind an axis, and the shape with both as one. */
const shapesOf = (x: Node, axis: number, by: number) => {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)]
  const size = x.shape[axis] as number
  return { apart: (n: number): readonly Dim[] => [...before, size, n, ...after], joined: [...before, size * by, ...after] }
}
const repeated = (x: Node, axis: number, by: number): Node => {
  const { apart, joined } = shapesOf(x, axis, by)
  return reshape(broadcastTo(reshape(x, apart(1)), apart(by)), joined)
}
/**
 * New element i of the `by` in an element's place lies (i + 1/2) / by - 1/2 of an element beside its middle, and is so much of the
 * neighbour on that side. Beyond the first and the last there is the same again.
 */
const between = (x: Node, axis: number, by: number): Node => {
  const size = x.shape[axis] as number
  if (size === 0) return repeated(x, axis, by)
  const { apart, joined } = shapesOf(x, axis, by)
  const part = (of: Node, start: number, length: number): Node =>
    slice(
      of,
      of.shape.map((_, i) => (i === axis ? start : 0)),
      of.shape.map((dim, i) => (i === axis ? length : dim)),
    )
  const edged = concat([part(x, 0, 1), x, part(x, size - 1, 1)], axis)
  const [own, before, behind] = [x, part(edged, 0, size), part(edged, 2, size)].map((of) =>
    broadcastTo(reshape(of, apart(1)), apart(by)),
  ) as [Node, Node, Node]
  const beside = sub(div(add(cast(iota(apart(by), axis + 1, x.sizes), 'f32'), 0.5), by), 0.5)
  const weight = abs(beside)
  return reshape(add(mul(own, sub(1, weight)), mul(select(less(beside, 0), before, behind), weight)), joined)
}

/**
 * A sequence made longer by a whole factor k, `[..., t, c] -> [..., k t, c]`: each element k times over, or, with `{ method:
 * 'linear' }`, on straight lines between the middles of the elements, as PyTorch without `align_corners` and TensorFlow.
 *
 * @example
 * toArray(upsample1d(2, { method: 'linear' })(tensor([[0], [4]]))) // => [[0], [1], [3], [4]]
 */
export const upsample1d = typed<Upsample1dFunction>(upsampling('upsample1d', 1, 'linear'))

/**
 * An image made larger by a whole factor k, or by a pair for height and width, `[..., h, w, c] -> [..., k h, k w, c]`: each pixel
 * k x k times over, or, with `{ method: 'bilinear' }`, on straight lines between the middles of the pixels, along the height and
 * along the width, as PyTorch without `align_corners` and TensorFlow.
 *
 * @example
 * pipe(input([14, 14, 8]), upsample2d(2), upsample2d([1, 2], { method: 'bilinear' })).output // => [28, 56, 8]
 */
export const upsample2d = typed<Upsample2dFunction>(upsampling('upsample2d', 2, 'bilinear'))
