/** `compose(first, second)`: what the first model gives is what the second takes. */
import type { Dims, DType } from './dim.ts'
import type { DTypeOf } from './layer.ts'
import type { Typed } from './model.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type Show, show } from './show.ts'

export const unfit = 'compose: the first model gives {given}, the second takes {taken}'

/** A shape with its dtype where that is not f32. */
export type ShowTyped<S, D> = D extends 'f32' ? Show<S> : `${D & string} ${Show<S>}`
type ShapeIn<A> = A extends Typed<infer S, infer _> ? S : A

/** A is what the first model gives; B and D are what the second takes. The message, or null. */
export type ComposeMessage<A, B, D> = A extends string
  ? A
  : Same<[ShapeIn<A>, DTypeOf<A>], [B, D]> extends true
    ? null
    : Say<typeof unfit, { given: ShowTyped<ShapeIn<A>, DTypeOf<A>>; taken: ShowTyped<B, D> }>

export interface DimsAndType {
  readonly shape: Dims
  readonly dtype: DType
}
export const showTyped = ({ shape, dtype }: DimsAndType): string => (dtype === 'f32' ? show(shape) : `${dtype} ${show(shape)}`)
export const composeMessage = (given: DimsAndType, taken: DimsAndType): string | null =>
  same(given.shape, taken.shape) && given.dtype === taken.dtype ? null : say(unfit, { given: showTyped(given), taken: showTyped(taken) })
