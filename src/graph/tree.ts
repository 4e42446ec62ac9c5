/** Trees of tensors: records, arrays and tuples whose leaves are nodes. What a program keeps as state and gives back. */
import { isNode } from './make.ts'
import type { Node } from './node.ts'

export interface Leaf {
  /** `params.hidden.weight` */
  readonly path: string
  readonly node: Node
}

/** The leaves in order: keys as they were written, array elements by index. What is neither a tree nor a tensor is no leaf. */
export const leaves = (tree: unknown, path = ''): readonly Leaf[] =>
  isNode(tree)
    ? [{ path, node: tree }]
    : isBranch(tree)
      ? Object.entries(tree).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}.${key}`))
      : []

/** The same tree with every leaf replaced; what is no leaf stays. */
export const mapTree = <T>(tree: T, f: (node: Node, path: string) => unknown, path = ''): T => {
  if (isNode(tree)) return f(tree, path) as T
  if (!isBranch(tree)) return tree
  const at = (key: string | number) => (path === '' ? `${key}` : `${path}.${key}`)
  if (Array.isArray(tree)) return tree.map((child, i) => mapTree(child, f, at(i))) as T
  return Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, mapTree(child, f, at(key))])) as T
}

/** The same tree with leaf i replaced by `values[i]`. */
export const withLeaves = <T>(tree: T, values: readonly unknown[]): T => {
  let next = 0
  return mapTree(tree, () => values[next++])
}

const isBranch = (x: unknown): x is Readonly<Record<string, unknown>> => {
  if (Array.isArray(x)) return true
  if (typeof x !== 'object' || x === null) return false
  const parent = Object.getPrototypeOf(x)
  return parent === Object.prototype || parent === null
}
