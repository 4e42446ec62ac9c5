/**
 * Matrix multiplication over the last two axes: `[..., m, k] x [..., k, n] -> [..., m, n]`. A right side of rank 2 takes
 * any left side, a vector included; otherwise batch dims broadcast by the rule of binary operations.
 */
import { type BinaryShape, binaryShape } from './broadcast.ts'
import type { Dim, Dims, Shape } from './dim.ts'
import type { Same } from './same.ts'
import { type Say, say } from './say.ts'

const contracted = 'matmul: {a} x {b}: expected last dim {expected}, got {got}'
const lowRight = 'matmul: the right side needs rank >= 2, got {b}'
const lowLeft = 'matmul: the left side needs rank >= {rank}, got {a}'

export type MatmulShape<A extends Shape, B extends Shape> = A extends [...infer Left extends Shape, infer K]
  ? B extends [...infer Batch extends Shape, infer L, infer N]
    ? Same<K, L> extends true
      ? Batch extends []
        ? [...Left, N]
        : Batched<Left, Batch, N, A>
      : Say<typeof contracted, { a: A; b: B; expected: L; got: K }>
    : Say<typeof lowRight, { b: B }>
  : Say<typeof lowLeft, { rank: 1; a: A }>
type Batched<Left extends Shape, Batch extends Shape, N, A> = Left extends [...infer Rows extends Shape, infer M]
  ? BinaryShape<'matmul', Rows, Batch> extends infer R
    ? R extends [infer Whole extends Shape]
      ? [...Whole, M, N]
      : R
    : never
  : Say<typeof lowLeft, { rank: 2; a: A }>

export const matmulShape = (a: Dims, b: Dims): Dims | string => {
  if (a.length < 1) return say(lowLeft, { rank: 1, a })
  if (b.length < 2) return say(lowRight, { b })
  const [k, l, n] = [a.at(-1), b.at(-2), b.at(-1) as Dim]
  if (k !== l) return say(contracted, { a, b, expected: l, got: k })
  if (b.length === 2) return [...a.slice(0, -1), n]
  if (a.length < 2) return say(lowLeft, { rank: 2, a })
  const batch = binaryShape('matmul', a.slice(0, -2), b.slice(0, -2))
  return typeof batch === 'string' ? batch : [...batch, a.at(-2) as Dim, n]
}
