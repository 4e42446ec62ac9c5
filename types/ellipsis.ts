/** What `...` stands for in an equation or a pattern: the dims between those that are spoken of. */
import type { Dims, Shape } from './dim.ts'

/** One side of a notation around its `...`: what stands before it and after it; null after it where there is none. */
export type Around<T> = readonly [before: readonly T[], after: readonly T[] | null]

type Any<Ts> = { [I in keyof Ts]: unknown }
/** The dims that are spoken of, and those that `...` stands for (null without one); null where the rank differs. */
export type Matched<Before extends readonly unknown[], After, S> = After extends readonly unknown[]
  ? S extends [...Any<Before>, ...infer Between extends Shape, ...Any<After>]
    ? S extends [...infer First extends Shape, ...Any<Between>, ...Any<After>]
      ? S extends [...Any<Before>, ...Any<Between>, ...infer Last extends Shape]
        ? [[...First, ...Last], Between]
        : never
      : never
    : null
  : S extends Any<[...Before]>
    ? [S, null]
    : null

export const matched = ([before, after]: Around<unknown>, shape: Dims): readonly [Dims, Dims | null] | null => {
  if (after === null) return shape.length === before.length ? [shape, null] : null
  const end = shape.length - after.length
  return end < before.length ? null : [[...shape.slice(0, before.length), ...shape.slice(end)], shape.slice(before.length, end)]
}
