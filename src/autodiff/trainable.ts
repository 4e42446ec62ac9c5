/** Which leaves of a tree are trained: the value twin of `Trainable`. */
import type { Trainable } from '../../types/trainable.ts'
import { isNode } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { isBranch } from '../graph/tree.ts'

export const isTrained = (node: Node): boolean => node.dtype === 'f32' && node.statistic !== true

/**
 * The tree of the trained leaves: f32 tensors that are no statistics. Records lose the keys of the others; arrays keep
 * the place, as null.
 *
 * @example
 * Object.keys(trainable({ scale: tensor([1]), mean: statistic(tensor([2])), count: tensor(0, 'i32') })) // => ['scale']
 */
export const trainable = <T>(tree: T): Trainable<T> => kept(tree) as Trainable<T>

const kept = (tree: unknown): unknown => {
  if (isNode(tree)) return isTrained(tree) ? tree : null
  if (!isBranch(tree)) return tree
  if (Array.isArray(tree)) return Object.freeze(tree.map(kept))
  return Object.freeze(
    Object.fromEntries(Object.entries(tree).flatMap(([key, child]) => (isNode(child) && !isTrained(child) ? [] : [[key, kept(child)]]))),
  )
}
