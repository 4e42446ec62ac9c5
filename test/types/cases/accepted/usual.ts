/** Neighbours of `rejected/usual.ts`: options whose rate is a function, and dtypes that are known. */
import { adam, adamw, cast, type DType, pipe, scalar, sgd, type Tensor, tensor, zeros } from 'shapewright'

declare const x: Tensor<['batch', 4]>

export const byCount = sgd({ learningRate: (count) => pipe(count, cast('f32')) })
export const byRecord = adam({ learningRate: 1e-3, beta1: 0.8 })
const options = { learningRate: 1e-3, weightDecay: 0.1 }
export const byName = adamw(options)
// biome-ignore lint/suspicious/noExplicitAny: what comes untyped passes
export const untyped = (given: any) => [adam(given), zeros([3], given)] as const
export const inAnyType = <D extends DType>(dtype: D) => [zeros([3], dtype), scalar(1, dtype)] as const
export const numbers: readonly [Tensor<[3], 'i32'>, Tensor<[1, 2]>, Tensor<[2], 'bool'>, Tensor<['batch', 4], 'i32'>] = [
  zeros([3], 'i32'),
  tensor([[1, 2]], 'f32'),
  tensor([1, 0], [2], 'bool'),
  pipe(x, cast('i32')),
]
