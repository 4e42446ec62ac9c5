/** Gradients of functions over tensors: a gradient is an expression like any other, so it has gradients too. */
import { type ScalarFault, scalarFault } from '../../types/gradient.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { Trainable } from '../../types/trainable.ts'
import { constant, full } from '../graph/expression.ts'
import { identity, isNode } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { leaves, mapTree, withLeaves } from '../graph/tree.ts'
import { pullBack } from './pull-back.ts'
import { isTrained, trainable } from './trainable.ts'

/** The parameters, or the message. Checked on the second call: on the first, a function that is generic in its batch would not stay so. */
type Differentiable<Op extends string, P, R> = ScalarFault<Op, R> extends null ? P : Extract<ScalarFault<Op, R>, string>

/**
 * The value of a function and its gradient by the first argument, a tree of tensors. A function that gives
 * `[scalar, more]` keeps `more` beside its value. Statistics and integers have no gradient; a parameter that the value
 * does not depend on has zeros.
 *
 * @example
 * const square = (x: Tensor<[]>) => mul(x, x)
 * valueAndGrad(square)(tensor(3)).map((x) => toArray(x)) // => [9, 6]
 */
export const valueAndGrad =
  <P, A extends unknown[], R>(f: (params: P, ...args: A) => R) =>
  (params: Differentiable<'valueAndGrad', P, R>, ...args: A): readonly [R, Trainable<P>] =>
    differentiate('valueAndGrad', (fresh) => f(fresh as P, ...args), params) as readonly [R, Trainable<P>]

/**
 * The gradient of a function by the first argument, a tree of tensors.
 *
 * @example
 * const cube = (x: Tensor<[]>) => mul(x, mul(x, x))
 * toArray(grad(grad(cube))(tensor(2))) // => 12
 */
export const grad =
  <P, A extends unknown[], R>(f: (params: P, ...args: A) => R) =>
  (params: Differentiable<'grad', P, R>, ...args: A): Trainable<P> =>
    differentiate('grad', (fresh) => f(fresh as P, ...args), params)[1] as Trainable<P>

/** Types stay outside: the compiler cannot see the trained leaves of a tree that it does not know. */
const differentiate = (op: string, f: (params: unknown) => unknown, params: unknown): readonly [unknown, unknown] => {
  // nodes of their own: the same tensor may stand at several places, and elsewhere in what the function reads
  const fresh = mapTree(params, (leaf) => (isTrained(leaf) ? identity(leaf) : leaf))
  const value = f(fresh)
  const scalar = scalarOf(value)
  const fault = scalarFault(op, scalar)
  if (fault !== null) throw new ShapeError(fault)
  const gradients: unknown = trainable(fresh)
  const sources = leaves(gradients).map(({ node }) => node)
  const found = pullBack(scalar as Node, constant(1), sources)
  const whole = found.map((gradient, i) => gradient ?? zerosLike(sources[i] as Node))
  return [value, withLeaves(gradients, whole)]
}

const zerosLike = ({ shape, sizes }: Node): Node => full(shape, 0, 'f32', sizes)
const scalarOf = (value: unknown): Node | null => (isNode(value) ? value : Array.isArray(value) ? scalarOf(value[0]) : null)
