/** Runs as text, to the bit: what two of them must agree on. */
import * as E from 'fp-ts/lib/Either.js'
import { isNode } from '../../src/graph/make.ts'
import type { Elements } from '../../src/graph/op.ts'

/** Every tensor's elements as their bytes, every number as it is. */
export const told = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (isNode(part)) {
      const { values } = part.attributes as { readonly values: Elements }
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex')
      return [part.dtype, part.shape, part.statistic ?? false, bytes]
    }
    return typeof part === 'number' ? (Object.is(part, -0) ? '-0' : String(part)) : part
  })

export const right = <A>(either: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(either)) throw new Error(either.left.message)
  return either.right
}
export const wrong = <L extends { readonly message: string }>(either: E.Either<L, unknown>): L => {
  if (E.isRight(either)) throw new Error('it went well')
  return either.left
}
