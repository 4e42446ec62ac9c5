/** The errors that shapes give. */
import type { DType, Shape } from './dim.ts'
import type { Say } from './say.ts'
import type { Tensor } from './tensor.ts'

const noTensor = '{op}: expected a tensor'

/** A mistake in shapes, with the sentence that the editor shows for the same mistake in TypeScript. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
}

/**
 * A parameter's type: X, unless R is the message. By its name: where R has a type parameter in it, and so is not decided, an
 * error prints the alias with the sentence in it.
 */
export type Fits<R, X> = R extends infer Message extends string ? Told<Message, X> : X
/**
 * The message about X, where there is an X: of what is no tensor no shape and no dtype is read, and all that can be said is
 * what was expected. Asked of a message alone: what fits costs nothing. X stands in a branch, which none takes, to be
 * inferred where the message comes from the operation alone.
 */
export type Told<Message extends string, X> =
  Tensor<Shape, DType> extends X
    ? 0 extends 1 & X['dtype' & keyof X]
      ? Message
      : [X['dtype' & keyof X]] extends [never]
        ? X
        : Message extends `${infer Op}: ${string}`
          ? Say<typeof noTensor, { op: Op }>
          : Message
    : Message

/** A shape function gives a shape or the message: throws the message as a `ShapeError`, returns the shape. */
export const fits = <T>(result: T | string): T => {
  if (typeof result === 'string') throw new ShapeError(result)
  return result as T
}
