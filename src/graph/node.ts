/** Nodes of the one IR: frozen values, typed by their op. `make.ts` makes them. */
import type { Dims, DType, Sizes } from '../../types/dim.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import type { Attributes, Op } from './op.ts'

export interface NodeOf<O extends Op> {
  readonly op: O
  readonly inputs: readonly Node[]
  readonly attributes: Attributes[O]
  readonly shape: Dims
  readonly dtype: DType
  /** Sizes of the names in its shape and below it, as far as `dim` bound them. */
  readonly sizes: Sizes
  /** A leaf that is not trained. */
  readonly statistic?: true
}
export type Node = { [O in Op]: NodeOf<O> }[Op]

/** The node that a tensor is. Types live in `Tensor`, the IR in `Node`: they are the same object. */
// A tensor has one shape type for users and another for passes; the object is one.
export const nodeOf = (tensor: AnyTensor): Node => tensor as unknown as Node

/** The tensor that a node is; the caller vouches for the shape. */
// biome-ignore lint/suspicious/noExplicitAny: the one door from run-time shapes to typed ones
export const tensorOf = <T extends AnyTensor = Tensor<any, any>>(made: Node): T => made as unknown as T
