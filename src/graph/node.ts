/** Nodes of the one IR are what users hold as tensors. `op.ts` has their type, `make.ts` makes them. */
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import type { Node } from './op.ts'

export type { Node, NodeOf } from './op.ts'

/** The node that a tensor is. Types live in `Tensor`, the IR in `Node`: they are the same object. */
// A tensor has one shape type for users and another for passes; the object is one.
export const nodeOf = (tensor: AnyTensor): Node => tensor as unknown as Node

/** The tensor that a node is; the caller vouches for the shape. */
// biome-ignore lint/suspicious/noExplicitAny: the one door from run-time shapes to typed ones
export const tensorOf = <T extends AnyTensor = Tensor<any, any>>(made: Node): T => made as unknown as T
