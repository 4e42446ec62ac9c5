/** An equation's sums of products in nodes: a diagonal, then a `dot` (or a product) for each further operand, from left to right. */
import type { Dim, Dims } from '../../types/dim.ts'
import type { Einsum, Term } from '../../types/einsum.ts'
import { matched } from '../../types/ellipsis.ts'
import * as e from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'

/** A node whose axes have labels, each once: letters, or places in `...` counted from its end. */
interface Labelled {
  readonly node: Node
  readonly labels: readonly string[]
}
const sizeOf = ({ node, labels }: Labelled, label: string): Dim => node.shape[labels.indexOf(label)] as Dim

/** The value of an equation; its shape was worked out, so the operands are known to fit. */
export const contracted = ({ terms, output }: Einsum, nodes: readonly Node[], shape: Dims): Node => {
  const dots = matched(output.around, shape)?.[1] ?? []
  const operands = nodes.map((node, i) => labelled(terms[i] as Term, node, dots))
  const wanted = labelsOf(output, dots.length)
  const whole = operands.reduce((a, b, i) => {
    const later = operands.slice(i + 1).flatMap(({ labels }) => labels)
    return product(a, b, [...new Set([...wanted, ...later])])
  })
  return inOrder(summed(whole, wanted), wanted).node
}

/** Places in `...` go by their distance from its end, as broadcasting aligns them. */
const labelsOf = ({ around: [before, after] }: Term, dots: number): readonly string[] => [
  ...before,
  ...(after === null ? [] : [...Array.from({ length: dots }, (_, i) => `${dots - i}`), ...after]),
]

/** Each label once, and each with the size that it has everywhere: what broadcasts from 1 has no axis. */
const labelled = (term: Term, node: Node, dots: Dims): Labelled => {
  const between = matched(term.around, node.shape)?.[1] ?? []
  const labels = labelsOf(term, between.length)
  const isStretched = (label: string, i: number): boolean => node.shape[i] === 1 && /\d/.test(label) && dots.at(-Number(label)) !== 1
  const kept = labels.flatMap((label, i) => (isStretched(label, i) ? [] : [i]))
  return diagonal({
    node: e.reshape(
      node,
      kept.map((i) => node.shape[i] as Dim),
    ),
    labels: kept.map((i) => labels[i] as string),
  })
}

/** Where a label stands twice, the elements whose two indices are equal. */
const diagonal = (x: Labelled): Labelled => {
  const again = x.labels.findIndex((label, i) => x.labels.indexOf(label) < i)
  if (again < 0) return x
  const { node, labels } = x
  const index = (axis: number): Node => e.iota(node.shape, axis, node.sizes)
  const onlyEqual = e.select(e.equal(index(labels.indexOf(labels[again] as string)), index(again)), node, 0)
  return diagonal({ node: e.sum(onlyEqual, [again]), labels: labels.toSpliced(again, 1) })
}

/** Summed over what is not wanted. */
const summed = ({ node, labels }: Labelled, wanted: readonly string[]): Labelled => ({
  node: e.sum(
    node,
    labels.flatMap((label, i) => (wanted.includes(label) ? [] : [i])),
  ),
  labels: labels.filter((label) => wanted.includes(label)),
})
/** The axes in the order of these labels, which are all of them. */
const inOrder = ({ node, labels }: Labelled, order: readonly string[]): Labelled => ({
  node: e.permute(
    node,
    order.map((label) => labels.indexOf(label)),
  ),
  labels: order,
})

/** The product of two, summed over what is not wanted; its labels come in the order of the wanted ones where that costs nothing. */
const product = (a: Labelled, b: Labelled, wanted: readonly string[]): Labelled => {
  const [x, y] = [summed(a, [...wanted, ...b.labels]), summed(b, [...wanted, ...a.labels])]
  const shared = x.labels.filter((label) => y.labels.includes(label))
  const contract = shared.filter((label) => !wanted.includes(label))
  if (contract.length === 0) return outer(x, y, wanted)
  const batch = wanted.filter((label) => shared.includes(label))
  const [left, right] = [x, y].map((each) => inOrder(each, [...batch, ...each.labels.filter((label) => !batch.includes(label))]))
  return dotted(left as Labelled, right as Labelled, contract, batch)
}
const dotted = (x: Labelled, y: Labelled, contract: readonly string[], batch: readonly string[]): Labelled => {
  const axes = [x, y].map(({ labels }) => contract.map((label) => labels.indexOf(label))) as [number[], number[]]
  const free = ({ labels }: Labelled) => labels.slice(batch.length).filter((label) => !contract.includes(label))
  return { node: e.dot(x.node, y.node, axes, batch.length), labels: [...batch, ...free(x), ...free(y)] }
}
/** The product without a sum: all labels of both. */
const outer = (x: Labelled, y: Labelled, wanted: readonly string[]): Labelled => {
  const labels = wanted.filter((label) => x.labels.includes(label) || y.labels.includes(label))
  const spread = (each: Labelled): Node =>
    e.reshape(
      inOrder(
        each,
        labels.filter((label) => each.labels.includes(label)),
      ).node,
      labels.map((label) => (each.labels.includes(label) ? sizeOf(each, label) : 1)),
    )
  return { node: e.mul(spread(x), spread(y)), labels }
}
