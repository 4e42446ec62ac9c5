/** A program's state as values: copied out of the arena and into it. */

import { data } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { leaves, withLeaves } from '../graph/tree.ts'
import type { Machine, Slot } from '../runtime/machine.ts'

/** The tree of a machine's state with values out of a copy of its bytes. */
export const snapshot = <T>(tree: T, { state, stateBytes }: Machine, bytes: Uint8Array<ArrayBuffer>): T =>
  withLeaves(
    tree,
    leaves(tree).map(({ node }, i) => {
      const { view } = state[i] as Slot
      const from = bytes.byteOffset + view.byteOffset - stateBytes.byteOffset
      const Elements = view instanceof Float32Array ? Float32Array : Int32Array
      return held(new Elements(bytes.buffer, from, view.length), node)
    }),
  )

/** Copies slots into the slots of the same paths. */
export const copySlots = (from: readonly Slot[], to: readonly Slot[]): void => {
  for (const { path, view } of to) {
    const source = from.find((slot) => slot.path === path)
    if (source !== undefined) view.set(source.view)
  }
}

/** A slot of floats. */
export interface FloatSlot {
  readonly path: string
  readonly view: Float32Array
}
/** The slots of floats whose paths start like this. */
export const floatSlots = (slots: readonly Slot[], start: string): readonly FloatSlot[] =>
  slots.flatMap(({ path, view }) => (view instanceof Float32Array && path.startsWith(start) ? [{ path, view }] : []))

/** The first number of the slots that is not finite; null when all are. */
export const notFinite = (slots: readonly FloatSlot[]): { readonly path: string; readonly value: number } | null => {
  for (let s = 0; s < slots.length; s++) {
    const { path, view } = slots[s] as FloatSlot
    for (let i = 0; i < view.length; i++) if (!Number.isFinite(view[i])) return { path, value: view[i] as number }
  }
  return null
}

const held = (values: Slot['view'], { shape, dtype, sizes }: Node): Node =>
  data(dtype === 'bool' ? Uint8Array.from(values) : values.slice(), shape, dtype, sizes)
