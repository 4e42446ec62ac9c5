/** The tensors of a file, as a `.d.ts` declares them, beside the parameters of a model: what does not fit is a sentence. */
import type { Say } from './say.ts'
import type { ShowTyped } from './show.ts'
import type { IsUnion } from './size.ts'
import type { AnyTensor, Tensor } from './tensor.ts'

declare const DECLARED: unique symbol

/** Says what stands in a file: `W` has an entry a tensor, as `shapewright-types` writes them. */
export interface Declared<in out W> {
  readonly [DECLARED]: (w: W) => W
}
/** A tensor of a file: the type of its elements, and its sizes. */
export interface DeclaredTensor {
  readonly type: string
  readonly shape: readonly number[]
}

const wrong = "{op}: '{name}' is {got} in the file, the model has {wanted}"
const severalWrong = '{op}: several tensors of the file have other shapes than in the model'
const missing = "{op}: the file has no '{name}', which is {wanted} in the model"
const severalMissing = '{op}: several tensors of the model are missing in the file'
const extra = "{op}: the file has '{name}', which the model does not have"
const severalExtra = '{op}: the file has several tensors that the model does not have'

/** `Given` where nothing is declared of it, or where it declares the parameters `P`, as far as both have names; else the message. */
export type Declaring<Op extends string, Given, P> =
  Given extends Declared<infer W>
    ? ByPath<Leaves<P>> extends infer B
      ? string extends keyof W | keyof B
        ? Given
        : Fault<Op, W, B> extends infer E extends string
          ? E
          : Given
      : never
    : Given

/** What is `any` may have parameters of all names. */
type Leaves<P, At extends string = ''> = {
  [K in keyof P & string]: 0 extends 1 & P[K]
    ? { readonly path: string }
    : P[K] extends AnyTensor
      ? { readonly path: `${At}${K}`; readonly leaf: P[K] }
      : Leaves<P[K], `${At}${K}.`>
}[keyof P & string]
type ByPath<L> = {
  readonly [X in L as X extends { readonly path: infer Path extends string } ? Path : never]: X extends { readonly leaf: infer Leaf }
    ? Leaf
    : never
}

/** What is wrong comes before what is missing, and that before what is left over. Which of several is the first, a compiler cannot say. */
type Fault<Op extends string, W, B> = [WrongIn<W, B>] extends [never]
  ? [Exclude<keyof B, keyof W>] extends [never]
    ? [Exclude<keyof W, keyof B>] extends [never]
      ? null
      : ExtraFault<Op, Exclude<keyof W, keyof B>>
    : MissingFault<Op, B, Exclude<keyof B, keyof W>>
  : WrongFault<Op, W, B, WrongIn<W, B>>
type WrongIn<W, B> = { [K in keyof W & keyof B]: Fits<W[K], B[K]> extends true ? never : K }[keyof W & keyof B]
type WrongFault<Op extends string, W, B, K> =
  true extends IsUnion<K>
    ? Say<typeof severalWrong, { op: Op }>
    : Say<typeof wrong, { op: Op; name: K; got: ShowDeclared<W[K & keyof W]>; wanted: ShowLeaf<B[K & keyof B]> }>
type MissingFault<Op extends string, B, K> =
  true extends IsUnion<K>
    ? Say<typeof severalMissing, { op: Op }>
    : Say<typeof missing, { op: Op; name: K; wanted: ShowLeaf<B[K & keyof B]> }>
type ExtraFault<Op extends string, K> =
  true extends IsUnion<K> ? Say<typeof severalExtra, { op: Op }> : Say<typeof extra, { op: Op; name: K }>

type ShowLeaf<T> = T extends Tensor<infer S, infer D> ? ShowTyped<S, D> : never
type ShowDeclared<T> = T extends { readonly type: infer D; readonly shape: infer S } ? ShowTyped<S, D> : never

/** Types that f32 holds, and f64, which is rounded where that is said. */
type Floats = 'f32' | 'f16' | 'bf16' | 'f64'
type Fits<Got, Leaf> =
  Leaf extends Tensor<infer S, infer _> ? (Got extends { readonly type: Floats; readonly shape: infer T } ? FitsShape<T, S> : false) : false
/** A size that has a name is looked at when the file is read. */
type FitsShape<T, S> = S extends readonly [infer A, ...infer RestOfS]
  ? T extends readonly [infer B, ...infer RestOfT]
    ? FitsDim<B, A> extends true
      ? FitsShape<RestOfT, RestOfS>
      : false
    : false
  : T extends readonly []
    ? true
    : false
type FitsDim<B, A> = A extends number ? (B extends A ? true : false) : true
