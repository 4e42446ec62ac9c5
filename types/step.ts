/** What a compiled step is called with, beside the arguments that it was compiled for. */
import { type Say, say } from './say.ts'
import { type DimsAndType, type ShowTyped, showTyped } from './show.ts'
import type { Tensor } from './tensor.ts'

const other = 'step: argument {index} is {got}, the program takes {wanted}'
const noTensor = 'step: argument {index} is no tensor, the program takes {wanted}'
const count = 'step: the program takes {takes} arguments, got {has}'

/** The arguments G, each with a message where it is wrong. Without any, the compiler says itself how many there are. */
export type StepArguments<Args extends unknown[], G extends unknown[]> = G extends []
  ? Args
  : { [I in keyof G]: Argument<Args, G, G[I], I> }
type Argument<Args extends unknown[], G extends unknown[], A, I> = G['length'] extends Args['length']
  ? I extends keyof Args
    ? { _: A } extends { _: Args[I] }
      ? A
      : TensorFault<A, Args[I], I>
    : A
  : Say<typeof count, { takes: Args['length']; has: G['length'] }>
type TensorFault<A, Wanted, I> =
  Wanted extends Tensor<infer T, infer E>
    ? A extends Tensor<infer S, infer D>
      ? Say<typeof other, { index: I; got: ShowTyped<S, D>; wanted: ShowTyped<T, E> }>
      : Say<typeof noTensor, { index: I; wanted: ShowTyped<T, E> }>
    : Wanted

export const argumentMessage = (index: number, got: DimsAndType | null, wanted: DimsAndType): string =>
  got === null ? say(noTensor, { index, wanted: showTyped(wanted) }) : say(other, { index, got: showTyped(got), wanted: showTyped(wanted) })
export const countMessage = (takes: number, has: number): string => say(count, { takes, has })
