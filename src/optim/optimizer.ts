/** Making optimizers, and applying what they give. Everything here traces: no value is read. */
import type { Fitting } from '../../types/fitting.ts'
import { type NoOptions, noOptionsMessage, type Optimizer } from '../../types/optimizer.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import type { Trainable } from '../../types/trainable.ts'
import { isTrained, trainable } from '../autodiff/trainable.ts'
import { add, constant, full } from '../graph/expression.ts'
import { type Node, nodeOf, tensorOf } from '../graph/node.ts'
import { checkTree, leaves, mapTree, zipTrees } from '../graph/tree.ts'
import { typed } from '../tensor/typed.ts'

export type { Optimizer, OptimizerFn, OptimizerState } from '../../types/optimizer.ts'

/** A tree of trained parameters, or one like it: gradients, moments, updates. */
export type Tree = unknown
export interface OptimizerParts<State> {
  readonly kind: string
  readonly faults: readonly string[]
  readonly init: (params: Tree) => State
  readonly update: (gradients: Tree, state: State, params: Tree) => readonly [updates: Tree, state: State]
  /** The rate of the next step, an f32 scalar; null for a link that has none. */
  readonly rate?: (state: State, params: Tree) => Node | null
}

/** A function from options to an optimizer. */
export interface OptimizerBy<in out Kind extends string, in out Options, in out F> {
  (options: Options | NoOptions<Kind>): Optimizer<F>
}
/** The same, which throws where JavaScript gives a number, or nothing, in the place of the options. */
export const byOptions = <const Kind extends string, Options, F>(
  kind: Kind,
  make: (options: Options) => Optimizer<F>,
): OptimizerBy<Kind, Options, F> =>
  typed((options: Options) => {
    if (typeof options !== 'object' || options === null) throw new ShapeError(noOptionsMessage(kind))
    return make(options)
  })

/** The parts see trained leaves only. Options that are wrong are thrown in a step of the user's own; `fit` gives them back. */
export const optimizerOf = <F, State>({ kind, faults, init, update, rate }: OptimizerParts<State>): Optimizer<F> => {
  const [fault] = faults
  const trained = (params: unknown): Tree => {
    if (fault !== undefined) throw new ShapeError(fault)
    return trainable(params)
  }
  const whole = {
    kind,
    faults: Object.freeze(faults),
    init: (params: unknown) => Object.freeze(init(trained(params))),
    update: (gradients: unknown, state: State, params: unknown) => {
      const wanted = trained(params)
      checkTree('update', 'the parameters have', 'gradients', gradients, wanted)
      checkTree('update', 'the optimizer has', 'state', state, init(wanted))
      const [updates, next] = update(gradients, state, wanted)
      return Object.freeze([updates, Object.freeze(next)])
    },
    learningRate: (state: State, params: unknown) => {
      const wanted = trained(params)
      checkTree('learningRate', 'the optimizer has', 'state', state, init(wanted))
      const next = rate?.(state, wanted) ?? null
      return next === null ? null : tensorOf(next)
    },
  }
  // What F says of the state, the parts do.
  return Object.freeze(whole) as unknown as Optimizer<F>
}

/**
 * The parameters with the updates added; statistics stay as they are.
 *
 * @example
 * toArray(applyUpdates({ bias: tensor([1, 2]) }, { bias: tensor([3, 4]) }).bias) // => [4, 6]
 */
export const applyUpdates = <P, const U>(
  params: P,
  updates: Fitting<'applyUpdates', 'the parameters have', 'updates', NoInfer<U>, NoInfer<Trainable<P>>> & U,
): P => {
  const trained: Tree = trainable(params)
  checkTree('applyUpdates', 'the parameters have', 'updates', updates, trained)
  const moved = leaves(zipTrees('applyUpdates', [trained, updates], add))
  let next = 0
  return mapTree(params, (leaf) => (isTrained(leaf) ? moved[next++]?.node : leaf))
}

/** Zeros of the same shapes, with names and what binds them. */
export const zerosLike = (params: Tree): Tree => mapTree(params, ({ shape, sizes }) => full(shape, 0, 'f32', sizes))

/** The count of steps behind: an i32 scalar. */
export type Count = Tensor<[], 'i32'>
export const noSteps: Count = tensorOf(constant(0, 'i32'))
export const oneMore = (count: Count): Count => tensorOf(add(nodeOf(count), 1))
