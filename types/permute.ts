/** The order of axes: `permute` any, `transpose` the last two. */
import { type Axis, axisOf, type wideAxis } from './axis.ts'
import type { Dim, Dims, Shape } from './dim.ts'
import type { IsWide } from './reduce.ts'
import type { Same } from './same.ts'
import { type Say, say } from './say.ts'

const noPermutation = 'permute: {permutation} is not a permutation of the {rank} axes of {shape}'
const lowRank = 'transpose: needs rank >= 2, got {shape}'

type FromFront<S extends Shape, P> = { [I in keyof P]: P[I] extends number ? Axis<S, P[I]> : null }
type Picked<S extends Shape, P> = { [I in keyof P]: P[I] extends [infer X extends keyof S] ? S[X] : never } extends infer R extends Shape
  ? R
  : never
/** Every axis of S is in P, which is as long. */
type Covers<S extends Shape, P extends readonly unknown[]> =
  Same<P['length'], S['length']> extends true
    ? [
        Exclude<Extract<keyof S, `${number}`>, P[number] extends infer X ? (X extends [infer N extends number] ? `${N}` : never) : never>,
      ] extends [never]
      ? true
      : false
    : false

/** Axis i of the result is axis P[i] of S. */
export type PermuteShape<S extends Shape, P extends readonly number[]> =
  IsWide<P> extends true
    ? Say<typeof wideAxis, { op: 'permute' }>
    : FromFront<S, P> extends infer Q extends readonly unknown[]
      ? Covers<S, Q> extends true
        ? Picked<S, Q>
        : Say<typeof noPermutation, { permutation: P; rank: S['length']; shape: S }>
      : never
export type TransposeShape<S extends Shape> = S extends [...infer Batch extends Shape, infer M, infer N]
  ? [...Batch, N, M]
  : Say<typeof lowRank, { shape: S }>

/** The axes counted from the front, or the message. */
export const permutationOf = (shape: Dims, permutation: readonly number[]): readonly number[] | string => {
  const axes = Array.isArray(permutation) ? permutation.map((axis) => axisOf(shape, axis)) : []
  const covers = axes.length === shape.length && shape.every((_, i) => axes.includes(i))
  return covers ? (axes as readonly number[]) : say(noPermutation, { permutation, rank: shape.length, shape })
}
export const transposeShape = (shape: Dims): Dims | string =>
  shape.length < 2 ? say(lowRank, { shape }) : [...shape.slice(0, -2), shape.at(-1) as Dim, shape.at(-2) as Dim]
