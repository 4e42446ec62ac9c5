/** Whether two dims, or two shapes, are the same. */
import type { Dims } from './dim.ts'

/** Boxed, and tested both ways: so it resolves on type parameters, and a union of sizes equals none of its members. */
export type Same<A, B> = { _: A } extends { _: B } ? ({ _: B } extends { _: A } ? true : false) : false

export const same = (a: Dims, b: Dims): boolean => a.length === b.length && a.every((dim, i) => dim === b[i])

/** The last dim. */
export type Last<S> = S extends readonly [...infer _, infer D] ? D : never
