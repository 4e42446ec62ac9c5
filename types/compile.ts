/** A step, its state and its specs: whether they fit each other, and which names must be bound. */
import type { DType, Shape, Size } from './dim.ts'
import type { DTypeGiven } from './dtype.ts'
import type { Fitting, Inferred } from './fitting.ts'
import type { Same } from './same.ts'
import { type Say, say } from './say.ts'
import type { ShowTyped } from './show.ts'
import type { DimsOf, FirstFault, ListOfSizes, RefuseShape, ShapeMessage } from './size.ts'
import type { TargetOptions } from './target.ts'
import type { Tensor } from './tensor.ts'

const specDiffers = 'compile: argument {index} is {argument}, the spec says {spec}'
const openDim = 'compile: argument {index} is {argument}; give each open dim a name'
const noTensor = 'compile: argument {index} is not a tensor'
const argumentCount = 'compile: the function takes {takes} arguments after the state, args has {has}'
const notBound = "compile: the size of '{name}' is not known; bind it, or write dim('{name}', n)"
const notOpen = "compile: bind has '{name}', which is no open name of the arguments"
const stateDiffers = 'compile: the first result is not of the type of the state'
const noPair = 'compile: the function must give [next state, result]'
const openList = 'compile: the function gives a list that may be of any length; write [next state, result] as const'

declare const SPEC: unique symbol
/** The shape and dtype that an argument will have. */
export interface Spec<in out S extends Shape, in out D extends DType = 'f32'> {
  readonly dtype: D
  readonly shape: Readonly<S>
  readonly [SPEC]: (s: S, d: D) => [S, D]
}
/** A spec that could not be made: it says why. */
export interface RefusedSpec<in out E extends string> {
  readonly refused: E
}
export interface SpecOf {
  <const S extends readonly Size[], const D extends DType = 'f32'>(shape: RefuseShape<S>, dtype?: D): RefusedSpec<ShapeMessage<'spec', S>>
  <const S extends readonly Size[]>(shape: readonly [...S]): Spec<DimsOf<S>>
  <const S extends readonly Size[], const D extends DType>(shape: readonly [...S], dtype: D): Spec<DimsOf<S>, NoInfer<D>>
  <const S>(shape: ListOfSizes<'spec', S>): never
  <const S, const D>(shape: ListOfSizes<'spec', S>, dtype: DTypeGiven<'spec', D>): never
}

/** The spec, or the message; `Count` is the message where there is no such argument. */
type SpecFault<A, G, I, Count> =
  G extends RefusedSpec<infer E>
    ? E
    : I extends keyof A
      ? A[I] extends Tensor<infer S, infer D>
        ? FirstFault<S> extends null
          ? G extends Spec<infer T, infer E>
            ? Same<[S, D], [T, E]> extends true
              ? G
              : Say<typeof specDiffers, { index: I; argument: ShowTyped<S, D>; spec: ShowTyped<T, E> }>
            : never
          : Say<typeof openDim, { index: I; argument: S }>
        : Say<typeof noTensor, { index: I }>
      : Count
type CountFault<A extends unknown[], G extends unknown[]> = A['length'] extends G['length']
  ? unknown
  : Say<typeof argumentCount, { takes: A['length']; has: G['length'] }>

/** A pure function from state and arguments to the next state and a result. `PairFault` judges what it gives: by this type a pair in a literal is a tuple. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that forgets to return is told of by the sentence too
export type Step = (state: never, ...args: never[]) => readonly [unknown, unknown] | object | void
/** The message where the function gives no pair; else `unknown`. */
export type PairFault<F> = F extends (state: never, ...args: never[]) => infer R
  ? R extends readonly [unknown, unknown]
    ? unknown
    : R extends readonly unknown[]
      ? number extends R['length']
        ? typeof openList
        : typeof noPair
      : typeof noPair
  : never
/** What the function gives beside the next state. */
export type ResultOfStep<F> = F extends (state: never, ...args: never[]) => readonly [unknown, infer R] ? R : never
export type StateOfStep<F> = F extends (state: infer S, ...args: never[]) => unknown ? S : never
export type ArgsOfStep<F> = F extends (state: never, ...args: infer A) => unknown ? A : never
/** The state as it was given, or messages where it is not what the step takes, or gives. */
export type StateFault<F, G> = F extends (state: infer S, ...args: never[]) => readonly [infer N, unknown]
  ? [N] extends [S]
    ? Fitting<'compile', 'the step takes', 'state', G, S>
    : typeof stateDiffers
  : G

// biome-ignore lint/suspicious/noExplicitAny: an invariant type has no other supertype
type AnyDType = any
/** The names in the shapes of a tree. */
type Names<T> =
  T extends Tensor<infer S, AnyDType>
    ? NamesIn<Extract<S[number], string>>
    : T extends readonly unknown[]
      ? Names<T[number]>
      : T extends object
        ? { [K in keyof T]: Names<T[K]> }[keyof T]
        : never
/** The names of a dim, which may be a product: `2*batch*time` has two. */
type NamesIn<D extends string> = D extends `${number}*${infer Rest}`
  ? NamesIn<Rest>
  : D extends `${infer Head}*${infer Rest}`
    ? Head | NamesIn<Rest>
    : D
/** A size for each name, or several: an entry of the program for each. */
type Bind<N extends string, B> = [N] extends [never] ? { readonly bind?: Bound<N, B> } : { readonly bind: Bound<N, B> }
type Bound<N extends string, B> = [string extends N ? never : Exclude<N, keyof B>] extends [never]
  ? { readonly [K in keyof B]: K extends N ? number | readonly number[] : Say<typeof notOpen, { name: K }> }
  : Say<typeof notBound, { name: Exclude<N, keyof B> }>

/** State and specs that fit the step, and the sizes of the names that the state does not bind. */
export type CompileOptions<F extends Step, G extends unknown[], S, B> = Inferred<{
  readonly state: StateFault<F, S>
  readonly args: readonly [...{ [I in keyof G]: SpecFault<ArgsOfStep<F>, G[I], I, CountFault<ArgsOfStep<F>, G>> }] &
    CountFault<ArgsOfStep<F>, G>
}> &
  Bind<Exclude<Names<ArgsOfStep<F>>, Names<StateOfStep<F>>>, B> &
  TargetOptions

/** The message, or null: JavaScript may give more or fewer specs than the function has arguments. */
export const countFault = (takes: number, has: number): string | null => (takes === has ? null : say(argumentCount, { takes, has }))
export const notOpenMessage = (name: string): string => say(notOpen, { name })
export { noPair, stateDiffers }
