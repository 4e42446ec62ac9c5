/** Einstein's summation: sums of products, over axes that go by letters. */
import type { At } from '../../types/block.ts'
import type { DType, Shape } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import {
  countFault,
  type EinsumShape,
  type EinsumUnknown,
  type Equation,
  type EquationFault,
  einsumShape,
  equationOf,
  type OperandFaults,
  restFault,
} from '../../types/einsum.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { tensorNode } from './argument.ts'
import { contracted } from './contract.ts'
import type { Refusal } from './size.ts'
import { typed } from './typed.ts'

/** `einsum(equation, ...operands)` with an operand fewer than the equation has: what it does to the first. */
export interface Einsum<in out E extends string, in out T extends readonly unknown[]> {
  <S extends Shape, D extends DType>(
    x: Fits<EinsumShape<E, [Tensor<S, D>, ...T]>, Tensor<S, D>>,
  ): Summed<EinsumShape<E, [Tensor<S, D>, ...T]>>
}
type Summed<R> = R extends Shape ? Tensor<R> : never
type Given<E extends string, T extends readonly unknown[]> =
  EinsumUnknown<E, T> extends infer Message extends string
    ? Refusal<Message>
    : OperandFaults<E, T> extends infer Faults
      ? Faults extends unknown[]
        ? never
        : Equation<E> extends [[unknown, ...infer Rest], unknown]
          ? T['length'] extends Rest['length']
            ? Einsum<E, T>
            : Summed<EinsumShape<E, T>>
          : never
      : never
type Checked<E extends string, T extends readonly unknown[], J extends keyof T> = number extends T['length']
  ? T[J]
  : At<OperandFaults<E, T>, J> extends infer Fault extends string
    ? Fault
    : T[J]

export interface EinsumFunction {
  <const E extends string, T extends readonly AnyTensor[]>(
    equation: EquationFault<E, T> extends infer Fault extends string ? Fault : E,
    ...operands: { [J in keyof T]: Checked<E, T, J> }
  ): Given<E, T>
}

/**
 * Sums of products by an equation: a letter names an axis, equal letters have equal sizes, and letters that are not after
 * the `->` are summed, as in `ij,jk->ik`. Without `->` the letters that occur once remain, in the order of the alphabet.
 * A letter twice in one operand is a diagonal; `...` stands for dims that broadcast, from operand to operand, one of two
 * having them all. With one operand fewer than the equation has, it waits for the first: `pipe(x, einsum('ij,jk->ik', y))`.
 * Products are formed from left to right. Source: NumPy's `einsum`.
 *
 * @example
 * toArray(einsum('ij,jk->ik', tensor([[1, 2], [3, 4]]), tensor([[1, 0], [1, 1]]))) // => [[3, 2], [7, 4]]
 */
export const einsum = typed<EinsumFunction>((equation: string, ...operands: readonly unknown[]) => {
  const parsed = fits(equationOf(equation))
  const given = operands.map((x) => tensorNode('einsum', x, anyDType))
  const miscounted = countFault(equation, parsed, given.length)
  if (miscounted !== null) throw new ShapeError(miscounted)
  const summed = (nodes: readonly Node[]) => tensorOf(contracted(parsed, nodes, fits(einsumShape(parsed, nodes))))
  if (given.length === parsed.terms.length) return summed(given)
  const fault = restFault(parsed, given)
  if (fault !== null) throw new ShapeError(fault)
  return (x: unknown) => summed([tensorNode('einsum', x, anyDType), ...given])
})
