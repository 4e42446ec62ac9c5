/** Stacking, splitting, tiling; products of names; sizes up to the ceiling. Ranks 1, 2 and 4, literal and named. */
import {
  add,
  compile,
  concat,
  type Dim,
  dim,
  flatten,
  grad,
  type Key,
  key,
  mul,
  oneHot,
  pad,
  pipe,
  relu,
  reshape,
  spec,
  split,
  stack,
  sum,
  type Tensor,
  tile,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const row: Tensor<[6]>
declare const grid: Tensor<[2, 6]>
declare const images: Tensor<['batch', 28, 28, 6]>
declare const counts: Tensor<['n'], 'i32'>
declare const ids: Tensor<[3], 'i32'>

// -- stack
export const rows = stack([row, row, row])
is<Eq<typeof rows, Tensor<[3, 6]>>>()
export const columns = stack([grid, grid] as const, 1)
is<Eq<typeof columns, Tensor<[2, 2, 6]>>>()
export const last = stack([images, images], -1)
is<Eq<typeof last, Tensor<['batch', 28, 28, 6, 2]>>>()
export const scalars = stack([zeros([]), pipe(row, sum())])
is<Eq<typeof scalars, Tensor<[2]>>>()
export const named = stack([counts, counts], 1)
is<Eq<typeof named, Tensor<['n', 2], 'i32'>>>()
const channels = <B extends Dim>(x: Tensor<[B, 7]>, y: Tensor<[B, 7]>) => stack([x, relu(y)], -1)
is<Eq<ReturnType<typeof channels<'batch'>>, Tensor<['batch', 7, 2]>>>()
const pairOf = <S extends unknown[]>(x: Tensor<S>, y: Tensor<S>) => stack([x, y])
export const pair = pairOf(images, images)
is<Eq<typeof pair, Tensor<[2, 'batch', 28, 28, 6]>>>()

// -- split
export const thirds = pipe(row, split(3))
is<Eq<typeof thirds, readonly [Tensor<[2]>, Tensor<[2]>, Tensor<[2]>]>>()
export const [left, right] = pipe(grid, split([2, 4], -1))
is<Eq<[typeof left, typeof right], [Tensor<[2, 2]>, Tensor<[2, 4]>]>>()
export const bands = pipe(images, split([14, 14] as const, 1))
is<Eq<typeof bands, readonly [Tensor<['batch', 14, 28, 6]>, Tensor<['batch', 14, 28, 6]>]>>()
export const whole = pipe(zeros([4], 'bool'), split([4]))
is<Eq<typeof whole, readonly [Tensor<[4], 'bool'>]>>()
const halves = <B extends Dim>(x: Tensor<[B, 8]>) => pipe(x, split(2, 1))
is<Eq<ReturnType<typeof halves<32>>, readonly [Tensor<[32, 4]>, Tensor<[32, 4]>]>>()
export const keys = pipe(key(0), split)
is<Eq<typeof keys, readonly [Key, Key]>>()
export const direct = split(keys[0])
is<Eq<typeof direct, readonly [Key, Key]>>()
const gated = <B extends Dim>(x: Tensor<[B, 8]>) => {
  const [a, b] = pipe(x, split(2, -1))
  return mul(a, b)
}
is<Eq<ReturnType<typeof gated<'batch'>>, Tensor<['batch', 4]>>>()

// -- tile
export const wide = pipe(row, tile([3]))
is<Eq<typeof wide, Tensor<[18]>>>()
export const tall = pipe(grid, tile([2, 1]))
is<Eq<typeof tall, Tensor<[4, 6]>>>()
export const lifted = pipe(grid, tile([5, 1, 2]))
is<Eq<typeof lifted, Tensor<[5, 2, 12]>>>()
export const patterned = pipe(images, tile([1, 2, 2, 1] as const))
is<Eq<typeof patterned, Tensor<['batch', 56, 56, 6]>>>()
export const copies = pipe(counts, tile([2, 1]))
is<Eq<typeof copies, Tensor<[2, 'n'], 'i32'>>>()
const twice = <B extends Dim>(x: Tensor<[B, 3]>) => pipe(x, tile([1, 2]))
is<Eq<ReturnType<typeof twice<'b'>>, Tensor<['b', 6]>>>()
export const gradient = grad((x: Tensor<[2, 6]>) => pipe(x, tile([2, 1]), sum()))(grid)
is<Eq<typeof gradient, Tensor<[2, 6]>>>()

// -- products of names, in any order
export const merged = pipe(zeros(['b', 's', 64]), reshape([-1, 64]))
is<Eq<typeof merged, Tensor<['b*s', 64]>>>()
export const apart = pipe(merged, reshape(['b', 's', 64]))
is<Eq<typeof apart, Tensor<['b', 's', 64]>>>()
export const turned = pipe(merged, reshape(['s', 'b', 64]))
is<Eq<typeof turned, Tensor<['s', 'b', 64]>>>()
export const renamed = pipe(merged, reshape(['s*b', 64]))
is<Eq<typeof renamed, Tensor<['s*b', 64]>>>()
export const doubled = pipe(zeros(['b', 's', 64]), reshape(['2*b*s', 32]), reshape([-1, 's', 'b']))
is<Eq<typeof doubled, Tensor<[64, 's', 'b']>>>()
export const squared = pipe(zeros(['n', 2, 'n']), reshape([-1]), reshape(['n*n', 2]), reshape(['2*n', -1]))
is<Eq<typeof squared, Tensor<['2*n', 'n']>>>()
export const flat = flatten(zeros(['batch', 'time', 3, 'time']))
is<Eq<typeof flat, Tensor<['batch', '3*time*time']>>>()
export const none = pipe(zeros(['b', 0]), reshape([-1]))
is<Eq<typeof none, Tensor<['0*b']>>>()
export const classes = pipe(ids, oneHot('2*b'))
is<Eq<typeof classes, Tensor<[3, '2*b']>>>()
const step = (state: Tensor<[]>, x: Tensor<['2*b*s', 3]>) => [state, pipe(x, reshape(['b', 's', 6]))] as const
export const program = compile(step, { state: zeros([]), args: [spec(['2*b*s', 3])], bind: { b: 2, s: [3, 4] } })

// -- sizes up to the ceiling
export const longest = zeros([9007199254740991])
is<Eq<typeof longest, Tensor<[9007199254740991]>>>()
export const joined = concat([zeros([9007199254740990]), zeros([1])])
is<Eq<typeof joined, Tensor<[9007199254740991]>>>()
export const padded = pipe(zeros([9007199254740000]), pad([[990, 1]]))
is<Eq<typeof padded, Tensor<[9007199254740991]>>>()
export const factored = pipe(zeros([94906265, 94906265]), reshape([-1]))
is<Eq<typeof factored, Tensor<[9007199136250225]>>>()
export const tiled = pipe(zeros([4503599627370495]), tile([2]))
is<Eq<typeof tiled, Tensor<[9007199254740990]>>>()
export const noSign = add(zeros([-0]), zeros([0]))
is<Eq<typeof noSign, Tensor<[0]>>>()
export const bound = zeros(['batch', dim('time', 3)])
is<Eq<typeof bound, Tensor<['batch', 'time']>>>()
