/** The sum over time of a value of a loop's body, by few sums: decided as a record, then written with what stands outside. */
import * as e from '../../graph/expression.ts'
import { make } from '../../graph/make.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import type { Op } from '../../graph/op.ts'
import { inTime, type Lifted } from './lift.ts'

/** How a value is summed over all steps. */
export type Sum =
  /** The same in every step: it times the length. */
  | { readonly how: 'times'; readonly of: Node }
  /** The op over the sums of its operands; null for an operand that is the same in every step. */
  | { readonly how: 'linear'; readonly of: Node; readonly terms: readonly (Sum | null)[] }
  /** A contraction, or a scatter, that takes all rows at once. */
  | { readonly how: 'dot'; readonly of: NodeOf<'dot'> }
  | { readonly how: 'scatterAdd'; readonly of: NodeOf<'scatterAdd'> }
  /** The rows, stacked, summed over time and these axes of theirs. */
  | { readonly how: 'rows'; readonly of: Node; readonly axes: readonly number[] }

/** What is known of the loop. */
export interface Around {
  /** Whether a value changes from step to step. */
  readonly isMoving: (n: Node) => boolean
  /** Whether its rows are at hand outside, or few enough to be stacked there. */
  readonly mayStack: (n: Node) => boolean
  /** Whether its rows are outside anyway. */
  readonly isStacked: (n: Node) => boolean
}

/** The sum over time of a value; null where nothing is better than to add it up step by step. */
export const summed = (n: Node, around: Around): Sum | null => {
  const { isMoving, mayStack, isStacked } = around
  if (!isMoving(n)) return { how: 'times', of: n }
  if (n.op === 'dot' && n.inputs.every(isMoving)) return { how: 'dot', of: n }
  if (n.op === 'scatterAdd' && isMoving(n.inputs[1] as Node)) return { how: 'scatterAdd', of: n }
  if (isStacked(n)) return { how: 'rows', of: n, axes: [] }
  if (n.op === 'sum' && isStacked(n.inputs[0] as Node)) return { how: 'rows', of: n.inputs[0] as Node, axes: n.attributes.axes }
  const terms = isLinear(n, isMoving) ? n.inputs.map((input) => termOf(n, input, around)) : null
  const isPossible = terms !== null && !terms.includes(undefined)
  // where rows would be stacked for the sum alone, they are better those of the result
  const isDetour = terms?.every((term) => term === null || (term?.how === 'rows' && !isStacked(term.of)))
  if (isPossible && !(isDetour && mayStack(n))) return { how: 'linear', of: n, terms: terms as readonly (Sum | null)[] }
  return mayStack(n) ? { how: 'rows', of: n, axes: [] } : null
}
/** Null for a factor that stays the same, undefined where there is no sum. */
const termOf = (n: Node, input: Node, around: Around): Sum | null | undefined =>
  !around.isMoving(input) && isFactor(n, input) ? null : (summed(input, around) ?? undefined)

/** Ops that are linear in all that moves. */
const isLinear = (n: Node, isMoving: (n: Node) => boolean): boolean => {
  if (linearOps.has(n.op)) return true
  if (n.op === 'mul' || n.op === 'dot') return n.inputs.filter(isMoving).length === 1
  return (n.op === 'div' || n.op === 'gather' || n.op === 'scatterAdd') && !isMoving(n.inputs[1] as Node) && n.dtype === 'f32'
}
const linearOps: ReadonlySet<Op> = new Set<Op>([
  ...(['neg', 'add', 'sub', 'sum', 'concat', 'window', 'windowTranspose'] as const),
  ...(['reshape', 'permute', 'broadcast', 'slice', 'pad'] as const),
])
/** What a linear op takes as it is. */
const isFactor = (n: Node, input: Node): boolean => !linearOps.has(n.op) && n.inputs.includes(input)

/** The nodes of the body whose rows a sum reads. */
export const summedFrom = (sum: Sum): readonly Node[] => {
  if (sum.how === 'linear') return sum.terms.flatMap((term, i) => (term === null ? [sum.of.inputs[i] as Node] : summedFrom(term)))
  return sum.how === 'dot' || sum.how === 'scatterAdd' ? sum.of.inputs : [sum.of]
}
/** Whether a contraction of all rows is in it. */
export const isContraction = (sum: Sum): boolean =>
  sum.how === 'linear' ? sum.terms.some((term) => term !== null && isContraction(term)) : sum.how === 'dot' || sum.how === 'scatterAdd'

/** The sum, of the values that stand outside. */
export const sumOverTime = (sum: Sum, outsideOf: (n: Node) => Lifted, length: number): Node => {
  const { of } = sum
  const all = (n: Node): Node => inTime(outsideOf(n), length)
  switch (sum.how) {
    case 'times':
      return e.mul(outsideOf(of).node, length)
    case 'rows':
      return e.sum(all(of), [0, ...sum.axes.map((axis) => axis + 1)])
    case 'linear': {
      const inputs = sum.terms.map((term, i) =>
        term === null ? outsideOf(of.inputs[i] as Node).node : sumOverTime(term, outsideOf, length),
      )
      return make(of.op as Op, inputs, of.attributes as never, of.sizes)
    }
    case 'dot': {
      const [x, y] = sum.of.inputs as readonly [Node, Node]
      const { batch, contract } = sum.of.attributes
      return e.dot(
        behindBatch(all(x), batch),
        behindBatch(all(y), batch),
        [withTime(contract[0], batch), withTime(contract[1], batch)],
        batch,
      )
    }
    case 'scatterAdd': {
      const [updates, indices] = sum.of.inputs as readonly [Node, Node]
      const { axis, shape } = sum.of.attributes
      return e.scatterAdd(behindBatch(all(updates), axis), all(indices), shape, axis)
    }
    default:
      return sum satisfies never
  }
}
const withTime = (axes: readonly number[], batch: number): readonly number[] => [batch, ...axes.map((axis) => axis + 1)]
/** Time as the first axis behind so many. */
const behindBatch = (timed: Node, batch: number): Node =>
  e.permute(
    timed,
    timed.shape.map((_, i) => (i < batch ? i + 1 : i === batch ? 0 : i)),
  )
