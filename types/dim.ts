/** Dims, shapes and dtypes: the words that every rule is written in. */

/**
 * A literal size (`784`), a name (`'batch'`), or a product, its number in front (`'2*batch*time'`). A product keeps the order
 * of its names, which is the order that its elements lie in: `'batch*time'` and `'time*batch'` are two dims of one size, and
 * `reshape` takes one for the other.
 */
export type Dim = number | string
/** A shape at type level. `unknown[]`, not `Dim[]`: so that `[B, 784]` with `B` a type parameter is provably a shape. */
export type Shape = unknown[]
/** A shape at run time, outermost dim first. */
export type Dims = readonly Dim[]
/** Elements: 32-bit floats, 32-bit integers, or booleans. */
export type DType = 'f32' | 'i32' | 'bool'

/** A size known only at run time; its type is its name. Made by `dim(name, size)`. */
export interface BoundDim<out N extends string> {
  readonly name: N
  readonly size: number
}
/** What may stand where a size is asked for. */
export type Size = Dim | BoundDim<string>
/** Sizes of the names that were bound by `dim`. */
export type Sizes = Readonly<Record<string, number>>
