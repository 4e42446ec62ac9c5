/** Freezing: parameters that an optimizer leaves as they are. */
import { type Frozen, type FrozenOptimizer, freezeFault } from '../../types/freeze.ts'
import type { Optimizer } from '../../types/optimizer.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { full } from '../graph/expression.ts'
import { isNode } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { isBranch, mapTree } from '../graph/tree.ts'
import { shown } from '../tensor/argument.ts'
import { optimizerOf, type Tree } from './optimizer.ts'

interface Inner {
  readonly faults: readonly string[]
  readonly init: (params: Tree) => unknown
  readonly update: (gradients: Tree, state: unknown, params: Tree) => readonly [Tree, unknown]
  readonly learningRate: (state: unknown, params: Tree) => Node | null
}

/**
 * An optimizer that leaves the parameters of these names as they are, to the bit, and keeps nothing for them. A name is that of
 * a layer or a group, or a path: `'encoder.dense1'`. In a step no gradient of theirs is computed. Statistics are not trained and
 * move on. To go on with all of them later, give `fit` the parameters and a new state:
 * `from: { ...trained, optimizer: optimizer.init(trained.params) }`.
 *
 * @example
 * const optimizer = freeze('stem')(sgd({ learningRate: 1 }))
 * const params = { stem: tensor([1]), head: tensor([2]) }
 * const [updates] = optimizer.update(params, optimizer.init(params), params)
 * toArray(applyUpdates(params, updates).stem) // => [1]
 */
export const freeze =
  <const Names extends readonly string[]>(...names: Names) =>
  <F>(optimizer: Optimizer<F>): FrozenOptimizer<F, Names> => {
    // what F says of the state is not needed here, and from JavaScript it may be no optimizer at all
    const inner = optimizer as unknown as Inner
    if (!Array.isArray(inner?.faults)) throw new ShapeError(`freeze: expected an optimizer, got ${shown(optimizer)}`)
    const wrong = names.find((name) => typeof name !== 'string')
    if (wrong !== undefined) throw new ShapeError(`freeze: expected names, got ${shown(wrong)}`)
    const fitting = (params: Tree): Tree => {
      const fault = freezeFault(params as Readonly<Record<string, unknown>>, names, (tree) => (isBranch(tree) ? Object.keys(tree) : null))
      if (fault !== null) throw new ShapeError(fault)
      return without(params, names)
    }
    const made = optimizerOf<Frozen<F, Names>, unknown>({
      kind: 'freeze',
      faults: inner.faults,
      init: (params) => inner.init(fitting(params)),
      rate: (state, params) => inner.learningRate(state, fitting(params)),
      update: (gradients, state, params) => {
        const [updates, next] = inner.update(without(gradients, names), state, fitting(params))
        return [withStill(params, updates), next]
      },
    })
    // what `init` asks of its parameters beside what they are, it throws as well: the compiler only says it before
    return Object.freeze({ ...made, frozen: names }) as unknown as FrozenOptimizer<F, Names>
  }

/** The tree without what stands at these paths. */
const without = (tree: Tree, paths: readonly string[]): Tree => {
  if (!isBranch(tree) || paths.length === 0) return tree
  const kept = Object.entries(tree).filter(([key]) => !paths.includes(key))
  return Object.freeze(Object.fromEntries(kept.map(([key, child]) => [key, without(child, below(paths, key))])))
}
const below = (paths: readonly string[], key: string): readonly string[] =>
  paths.flatMap((path) => (path.startsWith(`${key}.`) ? [path.slice(key.length + 1)] : []))

/** The updates, and at the other places of the parameters -0, which leaves every bit of what it is added to. */
const withStill = (params: Tree, updates: unknown): Tree => {
  if (isNode(updates)) return updates
  if (updates === undefined || !isBranch(params)) return mapTree(params, ({ shape, sizes }) => full(shape, -0, 'f32', sizes))
  const given = updates as Readonly<Record<string, unknown>>
  return Object.freeze(Object.fromEntries(Object.entries(params).map(([key, child]) => [key, withStill(child, given[key])])))
}
