/** Places that data say: how an index becomes a place in a buffer, and is kept from being outside. */
import type { DType } from '../../../types/dim.ts'
import * as e from '../../graph/expression.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import type { ElementOp, Instruction } from '../kernel.ts'

type Indexed = NodeOf<'gather' | 'scatterAdd'>
type Write = (i: Instruction) => number

/** The indices over the space of what they pick: as movement, which is a matter of reading them. */
export const spread = ({ inputs, attributes: { axis } }: Indexed, space: readonly number[]): Node => {
  const indices = inputs[1] as Node
  const inner = space.slice(axis + indices.shape.length)
  return e.broadcastTo(e.reshape(indices, [...indices.shape, ...inner.map(() => 1)]), space)
}

/** Strides over the whole as strides over what the indices pick: along their axes it is the data that step. */
export const withoutIndices = ({ inputs, attributes: { axis } }: Indexed, strides: readonly number[]): readonly number[] => [
  ...strides.slice(0, axis),
  ...(inputs[1] as Node).shape.map(() => 0),
  ...strides.slice(axis + 1),
]

/** The place of an index on an axis, in elements; at an end of the axis where `holds` says that it is no index. */
export const placed = (write: Write, index: number, size: number, stride: number): { readonly place: number; readonly holds: number } => {
  const number = (value: number): number => write({ op: 'constant', value, dtype: 'i32' })
  const apply = (op: ElementOp, x: number, y: number, dtype: DType): number => write({ op: 'apply', apply: op, inputs: [x, y], dtype })
  const inside = apply('maximum', apply('minimum', index, number(size - 1), 'i32'), number(0), 'i32')
  return {
    place: stride === 1 ? inside : apply('mul', inside, number(stride), 'i32'),
    holds: apply('equal', index, inside, 'bool'),
  }
}

/** The value where the mask holds, else 0. */
export const orZero = (write: Write, holds: number, value: number, dtype: DType): number =>
  write({ op: 'apply', apply: 'select', inputs: [holds, value, write({ op: 'constant', value: 0, dtype })], dtype })
