/** Reductions over one axis, several, or (without an axis) all: `sum(axis, { keepDims })(x)`. */
import { type Axis, type AxisMessage, axisMessage, axisOf, type RemoveAt, type wideAxis } from '../../types/axis.ts'
import type { DType, Shape } from '../../types/dim.ts'
import { type DTypeFault, type Numeric, numeric } from '../../types/dtype.ts'
import type { AfterFirst, TensorFirst } from '../../types/operation.ts'
import { recordMessage } from '../../types/options.ts'
import { type Axes, axesOf, type OneOf, type ReduceShape } from '../../types/reduce.ts'
import type { Say } from '../../types/say.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { SizeFault } from '../../types/size.ts'
import type { Tensor } from '../../types/tensor.ts'
import { argmax as argmaxNode, max as maxNode, mean as meanNode, mul, reduce, sub, sum as sumNode } from '../graph/expression.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { notFirst, shown, tensorNode } from './argument.ts'
import { logSumExpOf } from './softmax.ts'
import { typed } from './typed.ts'

type Rule<Op extends string, Allowed, S extends Shape, D, A, Keep> =
  DTypeFault<Op, Allowed, D> extends infer Fault extends string ? Fault : ReduceShape<Op, S, A, Keep>

/** `op(axis, options)`: what it does to x. */
export interface Reduce<in out Op extends string, in out A, in out Keep, in out Allowed = 'f32'> {
  <S extends Shape, D extends DType>(
    x: Fits<Rule<Op, Allowed, S, D, A, Keep>, Tensor<S, D>>,
  ): Rule<Op, Allowed, S, D, A, Keep> extends infer R extends Shape ? Tensor<R, D> : never
}
/** A signature for each count of arguments: an optional one would take `undefined`, and with it the default, for what else it may be. */
export interface ReduceFunction<in out Op extends string, in out Allowed = 'f32'> {
  (): Reduce<Op, null, false, Allowed>
  <const A extends Axes>(axis: A): Reduce<Op, OneOf<A>, false, Allowed>
  <const A extends Axes, const Keep extends boolean>(
    axis: A,
    options: { readonly keepDims: Keep },
  ): Reduce<Op, OneOf<A>, NoInfer<Keep>, Allowed>
  <X>(axis: TensorFirst<Op, X, Axes>, ...options: AfterFirst<X, [options: { readonly keepDims: boolean }]>): never
}

const reduceFunction = <Op extends string, Allowed extends DType = 'f32'>(
  op: Op,
  allowed: readonly DType[],
  f: (x: Node, axes: readonly number[], keepDims: boolean) => Node,
) =>
  typed<ReduceFunction<Op, Allowed>>((axis: Axes = null, options: { readonly keepDims?: boolean } = {}) => {
    notFirst(op, axis)
    const message = recordMessage(op, options, ['keepDims'], shown)
    if (message !== null) throw new ShapeError(message)
    const { keepDims = false } = options
    return (x: unknown) => {
      const node = tensorNode(op, x, allowed)
      return tensorOf(f(node, fits(axesOf(op, node.shape, axis)), keepDims))
    }
  })

/**
 * The sum along axes; f32 or i32.
 *
 * @example
 * toArray(sum(0)(tensor([[1, 2], [3, 4]]))) // => [4, 6]
 */
export const sum = reduceFunction<'sum', Numeric>('sum', numeric, sumNode)

/**
 * The mean along axes.
 *
 * @example
 * toArray(pipe(tensor([[1, 2], [3, 4]]), mean(-1, { keepDims: true }))) // => [[1.5], [3.5]]
 */
export const mean = reduceFunction('mean', ['f32'], meanNode)

/**
 * The maximum along axes; f32 or i32. Its gradient goes to the first maximum.
 *
 * @example
 * toArray(pipe(tensor([[1, 2], [3, 4]]), max())) // => 4
 */
export const max = reduceFunction<'max', Numeric>('max', numeric, maxNode)

/**
 * The minimum along axes; f32 or i32. Its gradient goes to the first minimum.
 *
 * @example
 * toArray(pipe(tensor([[1, 2], [3, 4]]), min([0, 1]))) // => 1
 */
export const min = reduceFunction<'min', Numeric>('min', numeric, (x, axes, keepDims) => reduce('min', x, axes, keepDims))

/**
 * The mean of the squared distances from the mean, along axes.
 *
 * @example
 * toArray(pipe(tensor([1, 3]), variance())) // => 1
 */
export const variance = reduceFunction('variance', ['f32'], (x, axes, keepDims) => {
  const centred = sub(x, meanNode(x, axes, true))
  return meanNode(mul(centred, centred), axes, keepDims)
})

/**
 * log(sum(e^x)) along axes, without overflow.
 *
 * @example
 * toArray(pipe(tensor([1000]), logSumExp())) // => 1000
 */
export const logSumExp = reduceFunction('logSumExp', ['f32'], logSumExpOf)

type ArgmaxRule<S extends Shape, D, A extends number> =
  DTypeFault<'argmax', Numeric, D> extends infer Fault extends string
    ? Fault
    : SizeFault<A> extends 'wide'
      ? Say<typeof wideAxis, { op: 'argmax' }>
      : Axis<S, A> extends [infer X extends number]
        ? RemoveAt<S, X>
        : AxisMessage<'argmax', S, A>
/** `argmax(axis)`: what it does to x. */
export interface Argmax<in out A extends number> {
  <S extends Shape, D extends DType>(
    x: Fits<ArgmaxRule<S, D, A>, Tensor<S, D>>,
  ): ArgmaxRule<S, D, A> extends infer R extends Shape ? Tensor<R, 'i32'> : never
}
export interface ArgmaxFunction {
  <const A extends number>(axis: A): Argmax<A>
  <X>(axis: TensorFirst<'argmax', X, number>, ...more: AfterFirst<X>): never
}

/**
 * The index of the first maximum along an axis, i32.
 *
 * @example
 * toArray(argmax(-1)(tensor([[1, 5, 5], [7, 2, 1]]))) // => [1, 0]
 */
export const argmax = typed<ArgmaxFunction>((axis: number) => {
  notFirst('argmax', axis)
  return (x: unknown) => {
    const node = tensorNode('argmax', x, numeric)
    const at = axisOf(node.shape, axis)
    if (at === null) throw new ShapeError(axisMessage('argmax', node.shape, axis))
    return tensorOf(argmaxNode(node, at))
  }
})
