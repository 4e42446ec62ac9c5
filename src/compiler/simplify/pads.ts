/** Sums of pads that lie side by side: what the gradients of slices leave, the gates of a recurrent cell above all. */
import * as e from '../../graph/expression.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { type Rule, rule } from '../rewrite.ts'

/** Where zeros are added, -0 becomes 0: these do not keep every bit. */
export const padRules: readonly Rule[] = [
  rule('sum of pads that fill an axis side by side -> concat', 'add', (n) => {
    const pads = padsOf(n)
    return pads === null ? null : sideBySide(pads)
  }),
]

/** The terms of a sum, if all of them are pads. */
const padsOf = (sum: Node): readonly NodeOf<'pad'>[] | null => {
  const pads: NodeOf<'pad'>[] = []
  const terms = [sum]
  for (let term = terms.pop(); term !== undefined; term = terms.pop()) {
    if (term.op === 'add') terms.push(...term.inputs)
    else if (term.op === 'pad') pads.push(term)
    else return null
  }
  return pads
}

const sideBySide = (pads: readonly NodeOf<'pad'>[]): Node | null => {
  const [first] = pads as [NodeOf<'pad'>]
  const axis = first.shape.findIndex((d, i) => (first.inputs[0] as Node).shape[i] !== d)
  const low = ({ attributes }: NodeOf<'pad'>): number => attributes.low[axis] as number
  const ordered = [...pads].sort((a, b) => low(a) - low(b))
  let end = 0
  for (const pad of ordered) {
    const part = pad.inputs[0] as Node
    const isAlone = part.shape.every((d, i) => i === axis || d === pad.shape[i])
    if (!isAlone || low(pad) !== end || part.shape[axis] === 0) return null
    end += part.shape[axis] as number
  }
  return end === first.shape[axis]
    ? e.concat(
        ordered.map(({ inputs }) => inputs[0] as Node),
        axis,
      )
    : null
}
