/**
 * Sizes and shapes that a user may give: literal or named. Wide numbers, unions and `any` meet a first overload, whose
 * parameter is `Refuse<N>` and which gives back the message: so a helper that is generic in a size still compiles.
 */
import type { BoundDim, Dim, Dims, Shape, Size, Sizes } from './dim.ts'
import { type Say, say } from './say.ts'

export const wideSize = "{op}: the size is not a literal; write {op}(dim('name', n))"
const wideShape = "{op}: a size is not a literal; write dim('name', n)"
export const badSize = '{op}: a size must be a whole number, got {size}'
const noShape = '{op}: expected a list of sizes, as [2, 3], got {shape}'

export type IsUnion<A, B = A> = A extends unknown ? ([B] extends [A] ? false : true) : never
/** `'wide'` when the compiler does not know it, `'bad'` when it is no size, null when it is one. Names and flags may be asked too. */
export type SizeFault<N> = number extends N
  ? 'wide'
  : string extends N
    ? 'wide'
    : true extends IsUnion<N>
      ? 'wide'
      : N extends number
        ? `${N}` extends `-${string}` | `${string}.${string}` | `${string}e${string}`
          ? 'bad'
          : null
        : null
export type SizeMessage<Op extends string, N> =
  SizeFault<N> extends 'bad' ? Say<typeof badSize, { op: Op; size: N }> : Say<typeof wideSize, { op: Op }>
/** N where it must be refused, else `never`: as a parameter's type it makes the refusing overload match. */
export type Refuse<N> = SizeFault<N> extends null ? never : N

/** The dim that a size has in a type: a bound size goes by its name. */
export type DimOf<T> = T extends BoundDim<infer N> ? N : T
export type DimsOf<S> = { [I in keyof S]: DimOf<S[I]> } extends infer R extends Shape ? R : never
/** The first size that is none, boxed; null when all are sizes. */
export type FirstFault<S> = S extends readonly [infer Head, ...infer Rest]
  ? SizeFault<DimOf<Head>> extends null
    ? FirstFault<Rest>
    : [DimOf<Head>]
  : S extends readonly []
    ? null
    : [number]
export type RefuseShape<S extends readonly Size[]> = FirstFault<S> extends null ? never : readonly [...S]
export type ShapeMessage<Op extends string, S> =
  FirstFault<S> extends [infer N]
    ? SizeFault<N> extends 'bad'
      ? Say<typeof badSize, { op: Op; size: N }>
      : Say<typeof wideShape, { op: Op }>
    : never

/** No value is wide: what is neither a name nor a whole number is bad. */
export const sizeFault = (size: unknown): 'bad' | null =>
  (typeof size === 'string' && size !== '') || (Number.isSafeInteger(size) && (size as number) >= 0) ? null : 'bad'
/** The message, or null for a size. */
export const sizeMessage = (op: string, size: unknown): string | null => {
  const parts = isBound(size) ? [size.name, size.size] : [size]
  const bad = parts.find((part) => sizeFault(part) !== null)
  return parts.every((part) => sizeFault(part) === null) ? null : say(badSize, { op, size: bad })
}

/** The dims of a shape as it was given, or the message. */
export const dimsOf = (op: string, shape: readonly Size[]): Dims | string => {
  if (!Array.isArray(shape)) return say(noShape, { op, shape })
  const fault = shape.map((size) => sizeMessage(op, size)).find((message) => message !== null)
  return fault ?? shape.map(dimOf)
}
export const dimOf = (size: Size): Dim => (isBound(size) ? size.name : size)
/** Sizes that a shape binds by `dim`. */
export const sizesOf = (shape: readonly Size[]): readonly Sizes[] => shape.filter(isBound).map(({ name, size }) => ({ [name]: size }))

export const isBound = (size: unknown): size is BoundDim<string> =>
  typeof size === 'object' && size !== null && 'name' in size && 'size' in size
