/** Axes by name: splitting, moving, merging and reducing them by a pattern. */
import type { Sizes } from '../../types/dim.ts'
import { anyDType, numeric } from '../../types/dtype.ts'
import type { AfterFirst, Operation, TensorFirst } from '../../types/operation.ts'
import {
  type AxisSizes,
  arrangedOf,
  type HowFault,
  howFault,
  type Notation,
  notationOf,
  type PatternFault,
  type RearrangeFn,
  type ReduceFn,
  type Reduction,
  type SizesFault,
} from '../../types/rearrange.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { sizesOf } from '../../types/size.ts'
import * as e from '../graph/expression.ts'
import { make, mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { notFirst } from './argument.ts'
import { operation } from './operation.ts'
import type { JsonRecord } from './protocol.ts'
import { typed } from './typed.ts'

type Checked<X, Fault> = Fault extends string ? Fault : X
/** What the compiler does not know is told by the operation; other mistakes by an argument, and there is no operation. */
type Made<F, P, O, Faults> = string extends P | keyof O ? Operation<F> : [Faults] extends [null] ? Operation<F> : never
// biome-ignore lint/complexity/noBannedTypes: no sizes
type NoSizes = {}

export interface RearrangeFunction {
  <const P extends string>(
    pattern: Checked<P, PatternFault<'rearrange', P, NoSizes, false>>,
  ): Made<RearrangeFn<P, NoSizes>, P, NoSizes, PatternFault<'rearrange', P, NoSizes, false>>
  <const P extends string, const O extends AxisSizes>(
    pattern: Checked<P, PatternFault<'rearrange', P, O, false>>,
    sizes: Checked<O, SizesFault<'rearrange', P, O, false>>,
  ): Made<RearrangeFn<P, O>, P, O, PatternFault<'rearrange', P, O, false> | SizesFault<'rearrange', P, O, false>>
  /** The signatures before say all of what is no tensor: this one has then more parameters than they, and stands aside. */
  <X>(pattern: TensorFirst<'rearrange', X, string>, ...sizes: AfterFirst<X, [AxisSizes, never]>): never
}

/**
 * Dims split, moved and merged by a pattern of axis names: `b (h w) c -> b h w c`. Parentheses are axes in one dim, `1` is
 * a dim of size 1, `...` any dims. One size of a group may be open; the others are given: `{ h: 4 }`, `{ b: 'batch' }`, or
 * `dim`. Every name stands on both sides. On a model a pattern speaks of one sample. Source: einops.
 *
 * @example
 * toArray(rearrange('(h w) -> w h', { h: 2 })(tensor([1, 2, 3, 4, 5, 6]))) // => [[1, 4], [2, 5], [3, 6]]
 */
export const rearrange = typed<RearrangeFunction>((pattern: string, sizes?: AxisSizes) => {
  notFirst('rearrange', pattern)
  const notation = fits(notationOf('rearrange', pattern, sizes ?? {}, false))
  return arranging(notation, sizes ?? {}, anyDType, (x) => x, {})
})

type ReducePattern<P extends string, O> = PatternFault<'reduce', P, O, true>
type ReduceSizes<P extends string, O> = SizesFault<'reduce', P, O, true>
export interface ReducePatternFunction {
  <const P extends string, const How extends string>(
    pattern: Checked<P, ReducePattern<P, NoSizes>>,
    how: Checked<How, HowFault<How>>,
  ): Made<ReduceFn<P, How, NoSizes>, P, NoSizes, ReducePattern<P, NoSizes> | HowFault<How>>
  <const P extends string, const How extends string, const O extends AxisSizes>(
    pattern: Checked<P, ReducePattern<P, O>>,
    how: Checked<How, ReduceSizes<P, O> extends null ? HowFault<How> : null>,
    sizes: Checked<O, ReduceSizes<P, O>>,
  ): Made<ReduceFn<P, How, O>, P, O, ReducePattern<P, O> | ReduceSizes<P, O> | HowFault<How>>
  <X>(pattern: TensorFirst<'reduce', X, string>, how: string, ...sizes: AfterFirst<X, [AxisSizes, never]>): never
}

/**
 * The sum, mean, max or min over the axes that a pattern's right side lacks: `b (h h2) (w w2) c -> b h w c`; otherwise as
 * `rearrange`. The mean is of f32, the others of f32 or i32. Source: einops.
 *
 * @example
 * toArray(reduce('(n pair) -> n', 'max', { pair: 2 })(tensor([1, 2, 4, 3]))) // => [2, 4]
 */
export const reduce = typed<ReducePatternFunction>((pattern: string, how: Reduction, sizes?: AxisSizes) => {
  notFirst('reduce', pattern)
  const notation = fits(notationOf('reduce', pattern, sizes ?? {}, true))
  const fault = howFault(how)
  if (fault !== null) throw new ShapeError(fault)
  return arranging(notation, sizes ?? {}, how === 'mean' ? ['f32'] : numeric, reductionsOf[how], { how })
})

type Reduce = (x: Node, axes: readonly number[]) => Node
const reductionsOf: { readonly [How in Reduction]: Reduce } = {
  sum: e.sum,
  mean: e.mean,
  max: e.max,
  min: (x, axes) => e.reduce('min', x, axes),
}

const arranging = <F>(
  notation: Notation,
  given: AxisSizes,
  onto: readonly ('f32' | 'i32' | 'bool')[],
  reduced: Reduce,
  how: JsonRecord,
): Operation<F> => {
  const sizes = sizesOf(Object.values(given)).reduce<Sizes>(mergeSizes, {})
  const apply = (x: Node, batch: number): Node => {
    const { split, groups, shape } = fits(arrangedOf(notation, x.shape.slice(batch)))
    const front = [...x.shape.keys()].slice(0, batch)
    const kept = [...front, ...groups.flat().map((axis) => axis + batch)]
    const dropped = split.flatMap((_, axis) => (kept.includes(axis + batch) ? [] : [axis + batch]))
    const whole = reshaped(x, [...x.shape.slice(0, batch), ...split], sizes)
    const left = dropped.length === 0 ? whole : reduced(whole, dropped)
    // The places of what was kept, where what was dropped is gone.
    const places = kept.map((axis) => axis - dropped.filter((gone) => gone < axis).length)
    return e.reshape(e.permute(left, places), [...x.shape.slice(0, batch), ...shape])
  }
  return operation<F>({
    kind: notation.op,
    options: { pattern: notation.pattern, ...how, sizes: notation.sizes },
    out: (sample) => {
      const arranged = arrangedOf(notation, sample)
      return typeof arranged === 'string' ? arranged : arranged.shape
    },
    onTensor: (x) => apply(x, 0),
    onBatch: (x) => apply(x, 1),
    onto,
    sizes,
  })
}
const reshaped = (x: Node, shape: Node['shape'], sizes: Sizes): Node =>
  Object.keys(sizes).length === 0 ? e.reshape(x, shape) : make('reshape', [x], { shape }, sizes)
