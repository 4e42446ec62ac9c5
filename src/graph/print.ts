/** What a person reads: a tensor on a console, a graph as text. */
import type { Node } from './node.ts'

/** `f32 [batch, 10] = add(...)`, or the elements of data. */
export const describe = (self: Node): string => `${self.op} ${self.dtype} [${self.shape.join(', ')}]`
