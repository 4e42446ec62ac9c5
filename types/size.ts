/**
 * Sizes and shapes that a user may give: literal or named. Wide numbers, unions and `any` meet a first overload, whose
 * parameter is `Refuse<N>` and which gives back the message: so a helper that is generic in a size still compiles.
 */
import type { Compare, IsShort } from './arithmetic.ts'
import type { BoundDim, Dim, Dims, Shape, Size, Sizes } from './dim.ts'
import { type Say, say } from './say.ts'

export const wideSize = "{op}: the size is not a literal; write {op}(dim('name', n))"
const wideShape = "{op}: a size is not a literal; write dim('name', n)"
export const badSize = '{op}: a size must be a whole number, got {size}'
const largeSize = '{op}: a size must be below 2^53, got {size}'
const badName = "{op}: a name must not be empty or a number, got '{size}'"
const badProduct = "{op}: a product of names has its number in front, as '2*b*s'; got '{size}'"
const noShape = '{op}: expected a list of sizes, as [2, 3], got {shape}'
const openAxis = '{op}: the size of axis {axis} is not a literal'
export const tooLong = '{op}: axis {axis} of the result is 2^53 or longer'

export type IsUnion<A, B = A> = A extends unknown ? ([B] extends [A] ? false : true) : never
/**
 * `'wide'` when the compiler does not know it; `'bad'` when it is no size, `'large'` when it is too large for one; null when
 * it is one. Names and flags may be asked too.
 */
export type SizeFault<N> = number extends N
  ? 'wide'
  : string extends N
    ? 'wide'
    : true extends IsUnion<N>
      ? 'wide'
      : N extends number
        ? IsShort<`${N}`> extends true
          ? `${N}` extends `-${string}`
            ? 'bad'
            : null
          : UnusualFault<N>
        : N extends string
          ? IsOpen<N> extends true
            ? 'wide'
            : null
          : null
/** A pattern or a brand: a key of which an empty record may have none. */
type IsOpen<N extends string | number> = Record<never, never> extends { [K in N]: 1 } ? true : false
type UnusualFault<N extends number> =
  IsOpen<N> extends true
    ? 'wide'
    : `${N}` extends `-${string}`
      ? 'bad'
      : `${N}` extends `${string}${'e+' | 'y'}${string}`
        ? 'large'
        : `${N}` extends `${string}${'.' | 'e'}${string}`
          ? 'bad'
          : Compare<N, 9007199254740991> extends '>'
            ? 'large'
            : null
/** The same of a dim: a name is no number, and a product is written as the library writes it. */
export type DimFault<D> = SizeFault<D> extends null ? (D extends string ? NameFault<D> : null) : SizeFault<D>
type NameFault<D extends string> = D extends `${infer Head}*${infer Rest}`
  ? Head extends `${infer N extends number}`
    ? `${SizeFault<N>}${N}` extends `null${Head}`
      ? N extends 1
        ? 'product'
        : AreNames<Rest>
      : 'product'
    : AreNames<D>
  : D extends NoName
    ? 'name'
    : null
type AreNames<P extends string> = P extends `${infer Head}*${infer Rest}`
  ? Head extends NoName
    ? 'product'
    : AreNames<Rest>
  : P extends NoName
    ? 'product'
    : null
export type NoName = '' | `${number}`

/** The message for a dim that has a fault. */
type FaultMessage<Op extends string, D, Wide extends string> =
  DimFault<D> extends infer Fault extends keyof Sentences ? Say<Sentences[Fault], { op: Op; size: D }> : Say<Wide, { op: Op }>
interface Sentences {
  bad: typeof badSize
  large: typeof largeSize
  name: typeof badName
  product: typeof badProduct
}
export type SizeMessage<Op extends string, N> = FaultMessage<Op, N, typeof wideSize>
/** Why a size cannot be worked out of D, which is a size of the operands. */
export type LongMessage<Op extends string, Axis, D> = Say<number extends D ? typeof openAxis : typeof tooLong, { op: Op; axis: Axis }>
/** N where it must be refused, else `never`: as a parameter's type it makes the refusing overload match. */
export type Refuse<N> = SizeFault<N> extends null ? never : N

/** The dim that a size has in a type: a bound size goes by its name. */
export type DimOf<T> = T extends BoundDim<infer N> ? N : T
export type DimsOf<S> = { [I in keyof S]: DimOf<S[I]> } extends infer R extends Shape ? R : never
/** The first size that is none, boxed; null when all are sizes. */
export type FirstFault<S> = S extends readonly [infer Head, ...infer Rest]
  ? DimFault<DimOf<Head>> extends null
    ? FirstFault<Rest>
    : [DimOf<Head>]
  : S extends readonly []
    ? null
    : [number]
/**
 * Whether null passes for text, as it does where `strict` is off. There no rule holds: every message may then be missing. So
 * tensors and models are refused where they begin. No value has such a fault.
 */
export type Lax = [null] extends [string] ? true : false
type LaxMessage<Op extends string> = `${Op}: shapes are checked in strict mode alone; set strict to true in tsconfig.json`
export type RefuseShape<S extends readonly Size[]> = Lax extends true
  ? readonly [...S]
  : FirstFault<S> extends null
    ? never
    : readonly [...S]
export type ShapeMessage<Op extends string, S> = Lax extends true
  ? LaxMessage<Op>
  : FirstFault<S> extends [infer N]
    ? FaultMessage<Op, N, typeof wideShape>
    : never
/**
 * S, if it is a list, else the message: the parameter of a last overload, whose error is the one that compilers end with. A
 * list of what are no sizes is told in their own words. Of a union of lists no overload before infers the whole.
 */
export type ListOfSizes<Op extends string, S> =
  true extends IsUnion<S>
    ? Say<typeof wideShape, { op: Op }>
    : S extends readonly Size[]
      ? S
      : S extends readonly unknown[]
        ? readonly Size[]
        : Say<typeof noShape, { op: Op; shape: S }>

const sentences = { bad: badSize, large: largeSize, name: badName, product: badProduct } satisfies Sentences
/** No value is wide: what is neither a name nor a whole number is bad. */
export const sizeFault = (size: unknown): keyof Sentences | null => {
  if (typeof size === 'string') return nameFault(size)
  if (typeof size !== 'number' || Number.isNaN(size) || size < 0) return 'bad'
  return size > Number.MAX_SAFE_INTEGER ? 'large' : Number.isInteger(size) ? null : 'bad'
}
const nameFault = (name: string): 'name' | 'product' | null => {
  const [head = '', ...rest] = name.split('*')
  if (rest.length === 0) return isNoName(name) ? 'name' : null
  const numbered = isNoName(head) && head !== '' && head !== '1' && sizeFault(Number(head)) === null && `${Number(head)}` === head
  return (numbered ? rest : [head, ...rest]).some(isNoName) ? 'product' : null
}
/** What would be taken for a size. */
export const isNoName = (name: string): boolean => name === '' || Number.isFinite(Number(name))
/** The message, or null for a size. */
export const sizeMessage = (op: string, size: unknown): string | null => {
  for (const part of isBound(size) ? [size.name, size.size] : [size]) {
    const fault = sizeFault(part)
    if (fault !== null) return say(sentences[fault], { op, size: part })
  }
  return null
}

/** The dims of a shape as it was given, or the message. */
export const dimsOf = (op: string, shape: readonly Size[]): Dims | string => {
  if (!Array.isArray(shape)) return say(noShape, { op, shape })
  const fault = shape.map((size) => sizeMessage(op, size)).find((message) => message !== null)
  return fault ?? shape.map(dimOf)
}
/** -0 is 0. */
export const dimOf = (size: Size): Dim => (isBound(size) ? size.name : typeof size === 'number' ? size + 0 : size)
/** Sizes that a shape binds by `dim`. */
export const sizesOf = (shape: readonly Size[]): readonly Sizes[] => shape.filter(isBound).map(({ name, size }) => ({ [name]: size }))

export const isBound = (size: unknown): size is BoundDim<string> =>
  typeof size === 'object' && size !== null && 'name' in size && 'size' in size
