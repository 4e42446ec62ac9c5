/** Matrix multiplication. */
import type { Dims, DType, Shape } from '../../types/dim.ts'
import type { DTypeFault } from '../../types/dtype.ts'
import { type MatmulShape, matmulShape } from '../../types/matmul.ts'
import { type Fits, fits } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { broadcastTo, dot } from '../graph/expression.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { tensorNode } from './argument.ts'
import type { Seen } from './seen.ts'
import { typed } from './typed.ts'

type Rule<A extends Shape, D, B extends Shape, E> =
  DTypeFault<'matmul', 'f32', D> extends infer Fault extends string
    ? Fault
    : DTypeFault<'matmul', 'f32', E> extends infer Fault extends string
      ? Fault
      : MatmulShape<A, B>

/** `matmul(w)`: what it does to x. */
export interface Matmul<in out W extends Shape, in out E extends DType = 'f32'> {
  <A extends Shape, D extends DType>(x: Fits<Rule<A, D, W, E>, Tensor<A, D>>): Product<Rule<A, D, W, E>>
}
export interface MatmulFunction {
  <W extends Shape, E extends DType, Y = unknown>(y: Tensor<W, E>): Seen<Y, Matmul<W, E>>
  <A extends Shape, W extends Shape, E extends DType, D extends DType = never>(
    x: Tensor<A, D>,
    y: Fits<Rule<A, D, W, E>, Tensor<W, E>>,
  ): Product<Rule<A, D, W, E>>
}
type Product<R> = R extends Shape ? Tensor<R> : never

/**
 * Matrix product over the last two axes, `[..., m, k] x [..., k, n] -> [..., m, n]`: `matmul(x, y)`, or `matmul(y)` in a
 * pipe. A right side of rank 2 takes any left side, a vector included; other batch dims broadcast, one side having them all.
 *
 * @example
 * toArray(matmul(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [1, 1]]))) // => [[3, 2], [7, 4]]
 */
export const matmul = typed<MatmulFunction>((...operands: readonly unknown[]) =>
  operands.length < 2 ? (x: unknown) => multiply(x, operands[0]) : multiply(operands[0], operands[1]),
)

const multiply = (x: unknown, y: unknown) => {
  const [a, b] = [tensorNode('matmul', x), tensorNode('matmul', y)]
  const shape = fits(matmulShape(a.shape, b.shape))
  const [rows, inner] = [a.shape.length - 1, b.shape.length - 2]
  if (b.shape.length === 2) return tensorOf(dot(a, b, [[rows], [inner]]))
  const batch = shape.slice(0, -2)
  return tensorOf(dot(batched(a, batch), batched(b, batch), [[batch.length + 1], [batch.length]], batch.length))
}
const batched = (x: Node, batch: Dims): Node => broadcastTo(x, [...batch, ...x.shape.slice(-2)])
