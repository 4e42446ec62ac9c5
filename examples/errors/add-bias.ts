/*
error TS2345: Argument of type 'Binary<"add", [10], "f32">' is not assignable to parameter of type '(a: Tensor<["batch", 256], "f32">) => never'.
  Types of parameters 'x' and 'a' are incompatible.
    Type 'Tensor<["batch", 256], "f32">' is not assignable to type '"add: shapes [batch, 256] and [10] do not broadcast"'.
*/
import { add, pipe, type Tensor, zeros } from 'shapewright'

declare const hidden: Tensor<['batch', 256]>

// add: shapes [batch, 256] and [10] do not broadcast @ add(zeros([10]))
export const shifted = pipe(hidden, add(zeros([10])))
