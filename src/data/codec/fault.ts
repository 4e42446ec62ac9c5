/** What is wrong with a value from outside, and where, as errors of io-ts. */
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'

export interface Fault {
  /** Below the value that was given: indices and keys. */
  readonly path: readonly (string | number)[]
  /** What stands there. */
  readonly value: unknown
  /** Without the path. */
  readonly message: string
}

/** `x.hidden.weight[3][17]` */
export const showPath = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? key : `${text}.${key}`
  }, '')

/**
 * The faults under the path by which io-ts came here. Each has its whole sentence as `message`, which io-ts's reporters
 * print, and its place in `context`.
 */
export const invalid = (faults: readonly Fault[], context: t.Context, codec: t.Decoder<unknown, unknown>): E.Either<t.Errors, never> => {
  const outer = outerPath(context)
  return E.left(
    faults.map(({ path, value, message }) => {
      const place = showPath([...outer, ...path])
      const inner = path.map((key) => ({ key: `${key}`, type: codec }))
      return { value, context: [...context, ...inner], message: place === '' ? message : `${place}: ${message}` }
    }),
  )
}

/** The keys on the way here. The first is empty; members of unions and intersections are no keys of the value. */
export const outerPath = (context: t.Context): readonly (string | number)[] =>
  context.slice(1).flatMap(({ key }, i) => {
    const parent = context[i]?.type ?? {}
    if ('_tag' in parent && (parent._tag === 'UnionType' || parent._tag === 'IntersectionType')) return []
    return [/^\d+$/.test(key) ? Number(key) : key]
  })
