/** `compose(first, second)`: what the first model gives is what the second takes. */
import type { DTypeOf } from './layer.ts'
import type { Typed } from './model.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimsAndType, type ShowTyped, showTyped } from './show.ts'

export const unfit = 'compose: the first model gives {given}, the second takes {taken}'
const noModel = 'compose: expected a model'

type ShapeIn<A> = A extends Typed<infer S, infer _> ? S : A

/** A is what the first model gives; B and D are what the second takes. The message, or null. */
export type ComposeMessage<A, B, D> = A extends string
  ? A
  : Same<[ShapeIn<A>, DTypeOf<A>], [B, D]> extends true
    ? null
    : unknown extends B
      ? typeof noModel
      : Say<typeof unfit, { given: ShowTyped<ShapeIn<A>, DTypeOf<A>>; taken: ShowTyped<B, D> }>

export const composeMessage = (given: DimsAndType, taken: DimsAndType): string | null =>
  same(given.shape, taken.shape) && given.dtype === taken.dtype ? null : say(unfit, { given: showTyped(given), taken: showTyped(taken) })
