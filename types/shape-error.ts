/** The errors that shapes give. */

/** A mistake in shapes, with the sentence that the editor shows for the same mistake in TypeScript. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
}

/**
 * A parameter's type: X, unless R is the message. By its name: where R has a type parameter in it, and so is not decided, an
 * error prints the alias with the sentence in it.
 */
export type Fits<R, X> = R extends infer Message extends string ? Message : X

/** A shape function gives a shape or the message: throws the message as a `ShapeError`, returns the shape. */
export const fits = <T>(result: T | string): T => {
  if (typeof result === 'string') throw new ShapeError(result)
  return result as T
}
