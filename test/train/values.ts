/** Values out of trees and Eithers, for comparison in tests. */
import * as E from 'fp-ts/lib/Either.js'
import { toTypedArray } from 'shapewright'
import { tensorOf } from '../../src/graph/node.ts'
import { leaves } from '../../src/graph/tree.ts'

/** All numbers of a tree of tensors, by path. */
export const numbers = (tree: unknown): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(leaves(tree).map(({ path, node }) => [path, [...toTypedArray(tensorOf(node))]]))

export const rightOf = <L, R>(either: E.Either<L, R>): R => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}
export const leftOf = <L, R>(either: E.Either<L, R>): L => {
  if (E.isRight(either)) throw new Error('it is a Right')
  return either.left
}
