/** Loops over time: carries and sequences as trees, at every rank, named, in helpers that are generic. */
import {
  add,
  cast,
  compile,
  type Dim,
  dim,
  grad,
  iota,
  matmul,
  mul,
  pipe,
  type ScanOptions,
  type Statistic,
  scalar,
  scan,
  spec,
  statistic,
  sum,
  type Tensor,
  tanh,
  where,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

const weight = zeros([8, 8])
const state = zeros([32, 8])

export const scalars: readonly [Tensor<[]>, Tensor<[5]>] = scan((h, x) => [add(h, x), mul(h, x)], scalar(0), zeros([5]))
export const matrices: readonly [Tensor<[32, 8]>, Tensor<[28, 32, 8]>] = scan(
  (h, x) => {
    const next = tanh(add(matmul(h, weight), x))
    return [next, next]
  },
  state,
  zeros([28, 32, 8]),
)
export const ranks: readonly [Tensor<[2, 3, 4]>, Tensor<[5, 2, 3, 4]>] = scan((h, x) => [h, x], zeros([2, 3, 4]), zeros([5, 2, 3, 4]))
export const named: readonly [Tensor<['batch', 8]>, Tensor<['time', 'batch', 8]>] = scan(
  (h, x) => [add(h, x), x],
  zeros(['batch', 8]),
  zeros(['time', 'batch', 8]),
)
export const bound: readonly [Tensor<[8]>, Tensor<['steps', 8]>] = scan((h, x) => [add(h, x), h], zeros([8]), zeros([dim('steps', 7), 8]))

export const trees: readonly [
  { readonly h: Tensor<[32, 8]>; readonly c: readonly [Tensor<[32, 8]>, Tensor<[], 'i32'>] },
  { readonly now: Tensor<[28, 32, 8]>; readonly all: readonly [Tensor<[28, 32], 'bool'>, Tensor<[28], 'i32'>] },
] = scan(
  ({ h, c: [c, n] }, { x, mask, i }) => [
    { h: where(pipe(h, (y) => cast('bool')(y)), add(h, x), c), c: [tanh(c), add(n, 1)] },
    { now: h, all: [mask, i] },
  ],
  { h: state, c: [state, scalar(0, 'i32')] },
  { x: zeros([28, 32, 8]), mask: zeros([28, 32], 'bool'), i: iota([28]) },
)
export const nothing: readonly [Tensor<[32, 8]>, null] = scan((h, x) => [add(h, x), null], state, zeros([28, 32, 8]))
export const steps: readonly [Tensor<[]>, Tensor<[10]>] = scan((x) => [mul(x, 2), x], scalar(1), iota([10]))
const backwards: ScanOptions = { reverse: true }
export const reversed: readonly [Tensor<[8]>, Tensor<[4, 8]>] = scan((h, x) => [x, h], zeros([8]), zeros([4, 8]), backwards)
export const undecided = scan((h, x) => [x, h], zeros([8]), zeros([4, 8]), { reverse: undefined })
export const marked: readonly [Statistic<[8]>, Statistic<[4, 8]>] = scan((h) => [h, h], statistic(zeros([8])), zeros([4, 8]))

export const markedRows: readonly [Statistic<[8]>, null] = scan((_, x) => [x, null], statistic(zeros([8])), statistic(zeros([4, 8])))
declare const anything: ReturnType<typeof JSON.parse>
export const unchecked: Tensor<[8]> = scan((h) => [h, null], zeros([8]), anything)[0]

const doubled = scan((x) => [mul(x, 2), x], scalar(1), iota([10]))
export const reader: (all: Tensor<[10]>) => string = (all: (typeof doubled)[1]) => all.op
/** What is untyped stays so: each row of it, and what is stacked. */
export const untyped = scan(
  (h, x) => {
    is<Eq<typeof x, ReturnType<typeof JSON.parse>>>()
    return [h, x]
  },
  zeros([8]),
  anything,
)
is<Eq<typeof untyped, readonly [Tensor<[8]>, ReturnType<typeof JSON.parse>]>>()
/** Sequences in a list. */
export const lists: readonly [Tensor<[8]>, readonly [Tensor<[4, 8]>, Tensor<[4, 3], 'i32'>]] = scan((h, [x, n]) => [add(h, x), [h, n]], zeros([8]), [
  zeros([4, 8]),
  zeros([4, 3], 'i32'),
])
export const untold: Tensor<[8]> = scan((h) => [h, anything], zeros([8]), zeros([4, 8]))[0]

/** A step of its own, with its types written. */
const cell = (h: Tensor<[32, 8]>, x: Tensor<[32, 8]>) => [tanh(add(h, x)), x] as const
export const written: readonly [Tensor<[32, 8]>, Tensor<[28, 32, 8]>] = scan(cell, state, zeros([28, 32, 8]))

/** Generic in the batch, the time and the units. */
export const recurrent = <T extends Dim, B extends Dim, H extends number>(
  xs: Tensor<[T, B, H]>,
  h: Tensor<[B, H]>,
  w: Tensor<[H, H]>,
): Tensor<[T, B, H]> =>
  scan(
    (before, x) => {
      const next = tanh(add(matmul(before, w), x))
      return [next, next]
    },
    h,
    xs,
  )[1]
export const used: Tensor<[28, 32, 8]> = recurrent(zeros([28, 32, 8]), state, weight)
export const inner: readonly [Tensor<[]>, Tensor<[3]>] = scan(
  (total, row) => [add(total, 1), scan((product, x) => [mul(product, add(x, total)), null], scalar(1), row)[0]],
  scalar(0),
  zeros([3, 4]),
)

const loss = (w: Tensor<[8, 8]>, xs: Tensor<['time', 32, 8]>) => pipe(recurrent(xs, state, w), sum())
export const slope: Tensor<[8, 8]> = grad(loss)(weight, zeros(['time', 32, 8]))
export const program = compile((w: Tensor<[8, 8]>, xs: Tensor<['time', 32, 8]>) => [add(w, grad(loss)(w, xs)), loss(w, xs)] as const, {
  state: weight,
  args: [spec(['time', 32, 8])],
  bind: { time: [28, 7] },
})
