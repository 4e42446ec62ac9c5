/** A program's state as values: copied out of the arena and into it. */

import { data } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { leaves, withLeaves } from '../graph/tree.ts'
import type { Slot } from '../runtime/machine.ts'

/** The tree with copies of these values: the i-th are leaf i's. */
export const snapshot = <T>(tree: T, values: readonly Slot['view'][]): T =>
  withLeaves(
    tree,
    leaves(tree).map(({ node }, i) => held(values[i] as Slot['view'], node)),
  )

/** Copies slots into the slots of the same paths. */
export const copySlots = (from: readonly Slot[], to: readonly Slot[]): void => {
  for (const { path, view } of to) {
    const source = from.find((slot) => slot.path === path)
    if (source !== undefined) view.set(source.view)
  }
}

/** The first number of the slots that is not finite; null when all are. */
export const notFinite = (slots: readonly Slot[]): { readonly path: string; readonly value: number } | null => {
  for (const { path, view, dtype } of slots) {
    if (dtype !== 'f32') continue
    for (let i = 0; i < view.length; i++) if (!Number.isFinite(view[i])) return { path, value: view[i] as number }
  }
  return null
}

const held = (values: Slot['view'], { shape, dtype, sizes }: Node): Node =>
  data(dtype === 'bool' ? Uint8Array.from(values) : values.slice(), shape, dtype, sizes)
