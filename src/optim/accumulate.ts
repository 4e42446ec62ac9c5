/** Gradient accumulation: the gradients of several batches are one step of an optimizer. */
import type { Optimizer, OptimizerFn, StateFor } from '../../types/optimizer.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { add, div, equal, select } from '../graph/expression.ts'
import { type Node, nodeOf, tensorOf } from '../graph/node.ts'
import { mapTree, zipTrees } from '../graph/tree.ts'
import { shown } from '../tensor/argument.ts'
import { type Count, noSteps, oneMore, optimizerOf, type Tree, zerosLike } from './optimizer.ts'
import { faultsOf, steps as wholeSteps } from './option.ts'

/** What `accumulate` keeps: the sum of the gradients since the last step, how many they are, and the state of the optimizer. */
export interface AccumulateState<in out P, in out S> {
  readonly sum: P
  readonly count: Count
  readonly optimizer: S
}
/** The type-level function of an optimizer that collects gradients first. */
export interface Accumulate<F> extends OptimizerFn {
  state: AccumulateState<this['params'], StateFor<F, this['params']>>
}
interface Inner {
  readonly faults: readonly string[]
  readonly init: (params: Tree) => unknown
  readonly update: (gradients: Tree, state: unknown, params: Tree) => readonly [Tree, unknown]
  readonly learningRate: (state: unknown, params: Tree) => Node | null
}

/**
 * An optimizer that is given the mean of the gradients of every `steps` steps: of a loss that is a mean over samples this is the
 * gradient of a batch so many times as large, in the memory of a small one. In the steps between, parameters stay as they are, to
 * the bit; schedules count the steps of the optimizer. What an epoch leaves over is collected on in the next. `freeze` stands
 * outside: `freeze('stem')(accumulate(4)(adam({ learningRate: 1e-3 })))`.
 *
 * @example
 * const optimizer = accumulate(2)(sgd({ learningRate: 1 }))
 * const [first, state] = optimizer.update(tensor([2]), optimizer.init(tensor([1])), tensor([1]))
 * const [second] = optimizer.update(tensor([4]), state, tensor([1]))
 * const moves = [first, second].flatMap((updates) => toArray(updates))
 * moves // => [-0, -3]
 */
export const accumulate =
  (steps: number) =>
  <F>(optimizer: Optimizer<F>): Optimizer<Accumulate<F>> => {
    // what F says of the state is not needed here, and from JavaScript it may be no optimizer at all
    const inner = optimizer as unknown as Inner
    if (!Array.isArray(inner?.faults)) throw new ShapeError(`accumulate: expected an optimizer, got ${shown(optimizer)}`)
    return optimizerOf<Accumulate<F>, AccumulateState<Tree, unknown>>({
      kind: 'accumulate',
      faults: faultsOf(wholeSteps('accumulate', 'the number of steps', steps), inner.faults),
      init: (params) => ({ sum: zerosLike(params), count: noSteps, optimizer: inner.init(params) }),
      rate: (state, params) => inner.learningRate(state.optimizer, params),
      update: (gradients, state, params) => {
        const sum = zipTrees('accumulate', [state.sum, gradients], add)
        const count = nodeOf(oneMore(state.count))
        const isFull = equal(count, steps)
        const mean = mapTree(sum, (s) => div(s, steps))
        const [updates, after] = inner.update(mean, state.optimizer, params)
        const next = {
          sum: mapTree(sum, (s) => select(isFull, 0, s)),
          count: tensorOf(select(isFull, 0, count)) as Count,
          optimizer: zipTrees('accumulate', [after, state.optimizer], (then, now) => select(isFull, then, now)),
        }
        // -0 leaves every bit of what it is added to
        return [mapTree(updates, (u) => select(isFull, u, -0)), next]
      },
    })
  }
