/** What an editor shows on what is refused, where a comment points: `test/golden/hovers.txt` has it. */
import { add, dense, input, pipe, type Tensor, zeros } from 'shapewright'

declare const hidden: Tensor<['batch', 256]>
declare const n: number

// dense: expected last dim 128, got 256 @ dense(128, 10)
export const model = pipe(input([784]), dense(784, 256), dense(128, 10))
//           ^?
// add: shapes [batch, 256] and [10] do not broadcast @ add(zeros([10]))
export const shifted = pipe(hidden, add(zeros([10])))
//           ^?
// dense: the size is not a literal; write dense(dim('name', n)) @ dense(n)
export const wide = pipe(input([784]), dense(n))
//                                     ^?
