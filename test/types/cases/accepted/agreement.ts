/** The right twins of what random applications found: axes of `iota`, statistics, class numbers, layers that keep a shape. */
import {
  block,
  type Classes,
  classes,
  type Dim,
  dim,
  input,
  iota,
  type Model,
  named,
  pipe,
  relu,
  residual,
  type Samples,
  type Statistic,
  softmax,
  statistic,
  type Tensor,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const n: number
declare const labels: Uint8Array

export const along = [iota([4]), iota([2, 3], 1), iota([2, 3, 'batch', 5], -1), iota([dim('time', n), 2], -2)] as const
is<
  Eq<
    typeof along,
    readonly [Tensor<[4], 'i32'>, Tensor<[2, 3], 'i32'>, Tensor<[2, 3, 'batch', 5], 'i32'>, Tensor<['time', 2], 'i32'>]
  >
>()
export const rows = <B extends Dim>(batch: B) => iota([batch, 3], 1)
is<Eq<ReturnType<typeof rows<7>>, Tensor<[7, 3], 'i32'>>>()
export const kept = statistic(zeros(['batch', 3]))
is<Eq<typeof kept, Statistic<['batch', 3]>>>()
export const everyPixel = [classes(labels, 10), classes(labels, 3, [28, 28]), classes(labels, 3, [dim('time', n)])] as const
is<Eq<typeof everyPixel, readonly [Samples<Classes<10>>, Samples<Classes<3, [28, 28]>>, Samples<Classes<3, ['time']>>]>>()
// biome-ignore lint/complexity/noBannedTypes: a model without parameters
type Without<S> = Model<S, S, {}>
export const same = pipe(input([4, 2]), residual(softmax(-1)))
is<Eq<typeof same, Without<[4, 2]>>>()
export const stem = pipe(input([4, 2]), block(relu, named('alone')(relu)))
is<Eq<(typeof stem)['output'], [4, 2]>>()
