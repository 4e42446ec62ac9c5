/** What layers make of the steps that `masked` says are padding. */
import { reshape, select } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import type { Mode } from '../tensor/protocol.ts'

/** x `[batch, time, ...]`, zeros where a step is padding. A select: what stands there may be infinite. */
export const withoutPadding = (x: Node, mode: Mode): Node => {
  const counts = countingSteps(x, mode)
  return counts === null ? x : select(counts, x, 0)
}
/** The mask, broadcast over all that a step has; null where all steps count. */
export const countingSteps = (x: Node, { mask }: Mode): Node | null =>
  mask === undefined ? null : reshape(mask, [...mask.shape, ...x.shape.slice(2).map(() => 1)])
