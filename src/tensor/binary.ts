/**
 * Arithmetic and comparisons of two tensors, or of a tensor and a number: `op(x, y)`, or `op(y)` in a pipe. Shapes
 * broadcast, but one operand must already have the result's shape.
 */
import { type BinaryResult, binaryResult, type numberMixed, twoNumbers } from '../../types/broadcast.ts'
import type { DType, Shape } from '../../types/dim.ts'
import { anyDType, type DTypeFault, type GivenBy, type TakenBy, takenBy } from '../../types/dtype.ts'
import { type Say, say } from '../../types/say.ts'
import { type Fits, fits, ShapeError, type Told } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { binary } from '../graph/expression.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import type { BinaryOp, CompareOp } from '../graph/op.ts'
import { besideNode, tensorNode } from './argument.ts'
import type { Seen } from './seen.ts'
import type { Refusal } from './size.ts'
import { typed } from './typed.ts'

/**
 * The shape and dtype of the result, boxed, or the message; null for two numbers. A dtype is `never` for a number, which
 * takes the other side's dtype and keeps its shape, of any rank.
 */
type Outcome<Op extends string, A extends Shape, D, B extends Shape, E> = [E] extends [never]
  ? [D] extends [never]
    ? null
    : Taken<Op, D, WithNumber<Op, A, D>>
  : [D] extends [never]
    ? Taken<Op, E, WithNumber<Op, B, E>>
    : Taken<Op, D, BinaryResult<Op, A, D, B, E> extends infer R ? (R extends [infer S] ? [S, GivenBy<Op, D>] : R) : never>
/** What x must be, or the message alone: nothing is made of it, so that it stays readable where a dim is a type parameter. */
type Judged<Op extends string, A extends Shape, D, B extends Shape, E> = [E] extends [never]
  ? Taken<Op, D, BesideNumber<Op, D>>
  : [D] extends [never]
    ? Taken<Op, E, BesideNumber<Op, E>>
    : Taken<Op, D, BinaryResult<Op, A, D, B, E>>
type Taken<Op extends string, D, R> = DTypeFault<Op, TakenBy<Op>, D> extends infer Fault extends string ? Fault : R

/** The message for a number beside a tensor of D, or null: also where D is not known yet. */
type BesideNumber<Op extends string, D> = 'bool' extends D ? Say<typeof numberMixed, { op: Op }> : null
type WithNumber<Op extends string, S, D> = BesideNumber<Op, D> extends infer Fault extends string ? Fault : [S, GivenBy<Op, D>]

/** Two numbers are refused here and not in a parameter: what a compiler has not looked into at first looks like a number. */
type Result<Op extends string, R> = R extends [infer S extends Shape, infer D extends DType]
  ? Tensor<S, D>
  : R extends null
    ? Refusal<Say<typeof twoNumbers, { op: Op }>>
    : never

/** `op(y)`: what it does to x. */
export interface Binary<in out Op extends string, in out B extends Shape, in out E extends DType> {
  <A extends Shape, D extends DType>(x: Fits<Judged<Op, A, D, B, E>, Tensor<A, D>>): Result<Op, Outcome<Op, A, D, B, E>>
}
/** One signature an arity: two of one arity would hide the sentence. */
export interface BinaryFunction<in out Op extends string> {
  <B extends Shape = [], E extends DType = never, Y = unknown>(y: Tensor<B, E> | number): Seen<Y, Binary<Op, B, E>>
  <A extends Shape = [], D extends DType = never, B extends Shape = [], E extends DType = never>(
    x: Tensor<A, D> | number,
    y: Second<[E], Judged<Op, A, D, B, E>, Tensor<B, E>>,
  ): Result<Op, Outcome<Op, A, D, B, E>>
}
/** What the second argument must be: the message, a number, or Y. */
type Second<E, R, Y> = R extends string ? Told<R, Y> : E extends [never] ? number : Y

const combine = (op: BinaryOp | CompareOp, x: unknown, y: unknown): Node => {
  if (typeof x === 'number' && typeof y === 'number') throw new ShapeError(say(twoNumbers, { op }))
  if (typeof x === 'number') {
    const b = tensorNode(op, y, takenBy(op))
    return binary(op, besideNode(op, x, b.dtype), b)
  }
  const a = tensorNode(op, x, takenBy(op))
  if (typeof y === 'number') return binary(op, a, besideNode(op, y, a.dtype))
  const b = tensorNode(op, y, anyDType)
  fits(binaryResult(op, a.shape, a.dtype, b.shape, b.dtype))
  return binary(op, a, b)
}
const binaryFunction = <Op extends BinaryOp | CompareOp>(op: Op): BinaryFunction<Op> =>
  typed((...operands: readonly unknown[]) =>
    operands.length < 2 ? (x: unknown) => tensorOf(combine(op, x, operands[0])) : tensorOf(combine(op, operands[0], operands[1])),
  )

/**
 * x + y
 *
 * @example
 * toArray(add(tensor([1, 2]), tensor([3, 4]))) // => [4, 6]
 */
export const add = binaryFunction('add')

/**
 * x - y
 *
 * @example
 * toArray(pipe(tensor([[1, 2], [3, 4]]), sub(tensor([1, 1])))) // => [[0, 1], [2, 3]]
 */
export const sub = binaryFunction('sub')

/**
 * x y, element by element.
 *
 * @example
 * toArray(mul(tensor([1, 2]), 0.5)) // => [0.5, 1]
 */
export const mul = binaryFunction('mul')

/**
 * x / y; of i32 without the fraction.
 *
 * @example
 * toArray(div(1, tensor([2, 4]))) // => [0.5, 0.25]
 */
export const div = binaryFunction('div')

/**
 * x to the power of y, f32.
 *
 * @example
 * toArray(pow(tensor([2, 3]), 2)) // => [4, 9]
 */
export const pow = binaryFunction('pow')

/**
 * The greater of two; the gradient of a tie goes to x.
 *
 * @example
 * toArray(maximum(tensor([1, 5]), tensor([4, 2]))) // => [4, 5]
 */
export const maximum = binaryFunction('maximum')

/**
 * The smaller of two; the gradient of a tie goes to x.
 *
 * @example
 * toArray(minimum(tensor([1, 5]), tensor([4, 2]))) // => [1, 2]
 */
export const minimum = binaryFunction('minimum')

/**
 * Where x = y. NaN equals nothing.
 *
 * @example
 * toArray(equal(tensor([1, 2]), tensor([1, 3]))) // => [true, false]
 */
export const equal = binaryFunction('equal')

/**
 * Where x and y differ. NaN differs from everything.
 *
 * @example
 * toArray(notEqual(tensor([1, 2]), 1)) // => [false, true]
 */
export const notEqual = binaryFunction('notEqual')

/**
 * Where x < y.
 *
 * @example
 * toArray(less(tensor([1, 2]), 2)) // => [true, false]
 */
export const less = binaryFunction('less')

/**
 * Where x <= y.
 *
 * @example
 * toArray(lessEqual(tensor([1, 2, 3]), 2)) // => [true, true, false]
 */
export const lessEqual = binaryFunction('lessEqual')

/**
 * Where x > y.
 *
 * @example
 * toArray(greater(tensor([1, 3]), 2)) // => [false, true]
 */
export const greater = binaryFunction('greater')

/**
 * Where x >= y.
 *
 * @example
 * toArray(pipe(tensor([1, 2, 3]), greaterEqual(2))) // => [false, true, true]
 */
export const greaterEqual = binaryFunction('greaterEqual')
