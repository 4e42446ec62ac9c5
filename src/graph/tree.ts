/** Trees of tensors: records, arrays and tuples whose leaves are nodes. What a program keeps as state and gives back. */
import { type Leaf as FittingLeaf, fitting } from '../../types/fitting.ts'
import { same } from '../../types/same.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show } from '../../types/show.ts'
import { isNode, markStatistic } from './make.ts'
import type { Node } from './node.ts'

export interface Leaf {
  /** `params.hidden.weight` */
  readonly path: string
  readonly node: Node
}

/** A tensor as what is compared of it; null for anything else. */
export const leafOf = (x: unknown): FittingLeaf | null =>
  isNode(x) ? { shape: x.shape, dtype: x.dtype, statistic: x.statistic === true } : null

/** Throws where a tree is not like another one, at the first place. */
export const checkTree = (op: string, owner: string, path: string, given: unknown, wanted: unknown): void => {
  const fault = treeFault(op, owner, path, given, wanted)
  if (fault !== null) throw new ShapeError(fault)
}
/** The first place where a tree is not like another one, as a message, or null. */
export const treeFault = (op: string, owner: string, path: string, given: unknown, wanted: unknown): string | null =>
  fitting(op, owner, path, given, wanted, { given: leafOf, wanted: leafOf })

/** The leaves in order: keys as they were written, array elements by index. What is neither a tree nor a tensor is no leaf. */
export const leaves = (tree: unknown, path = ''): readonly Leaf[] =>
  isNode(tree)
    ? [{ path, node: tree }]
    : isBranch(tree)
      ? Object.entries(tree).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}.${key}`))
      : []

/** The same tree, frozen, with every leaf replaced; what is no leaf stays. The place of a statistic stays one. */
export const mapTree = <T>(tree: T, f: (node: Node, path: string) => unknown, path = ''): T => {
  if (isNode(tree)) return markedAs(tree, f(tree, path)) as T
  if (!isBranch(tree)) return tree
  const at = (key: string | number) => (path === '' ? `${key}` : `${path}.${key}`)
  if (Array.isArray(tree)) return Object.freeze(tree.map((child, i) => mapTree(child, f, at(i)))) as T
  return Object.freeze(Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, mapTree(child, f, at(key))]))) as T
}

/** The same tree with leaf i replaced by `values[i]`. */
export const withLeaves = <T>(tree: T, values: readonly unknown[]): T => {
  let next = 0
  return mapTree(tree, () => values[next++])
}

/**
 * One tree from several: `f` gets the nodes that stand at one place. The first tree says which places there are; a tree
 * that lacks one, or has another shape there, is the caller's mistake.
 */
export const zipTrees = <T, const Others extends readonly unknown[]>(
  op: string,
  [tree, ...others]: readonly [T, ...Others],
  f: (node: Node, ...nodes: { [I in keyof Others]: Node }) => Node,
): T => zipped(op, [tree, ...others], f as (...nodes: readonly Node[]) => Node, '') as T

const zipped = (op: string, trees: readonly unknown[], f: (...nodes: readonly Node[]) => Node, path: string): unknown => {
  const [first] = trees
  if (isNode(first)) return markedAs(first, f(...trees.map((node) => sameLeaf(op, first, node, path))))
  if (!isBranch(first)) return first
  const child = (key: string): unknown =>
    zipped(
      op,
      trees.map((tree) => (isBranch(tree) ? tree[key] : undefined)),
      f,
      path === '' ? key : `${path}.${key}`,
    )
  if (Array.isArray(first)) return Object.freeze(first.map((_, i) => child(`${i}`)))
  return Object.freeze(Object.fromEntries(Object.keys(first).map((key) => [key, child(key)])))
}
const sameLeaf = (op: string, first: Node, node: unknown, path: string): Node => {
  const place = path === '' ? '' : ` at '${path}'`
  if (!isNode(node)) throw new ShapeError(`${op}: expected a tensor${place}, got ${node}`)
  if (node.dtype === first.dtype && same(node.shape, first.shape)) return node
  throw new ShapeError(`${op}: expected ${described(first)}${place}, got ${described(node)}`)
}
const described = ({ dtype, shape }: Node): string => (dtype === 'f32' ? show(shape) : `${dtype} ${show(shape)}`)

const markedAs = (leaf: Node, value: unknown): unknown => (leaf.statistic && isNode(value) ? markStatistic(value) : value)

/** A record or an array, whose leaves are looked for. */
export const isBranch = (x: unknown): x is Readonly<Record<string, unknown>> => {
  if (Array.isArray(x)) return true
  if (typeof x !== 'object' || x === null) return false
  const parent = Object.getPrototypeOf(x)
  return parent === Object.prototype || parent === null
}
