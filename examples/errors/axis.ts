/*
error TS2345: Argument of type 'Reduce<"mean", 2, false, "f32">' is not assignable to parameter of type '(a: Tensor<["batch", 10], "f32">) => never'.
  Types of parameters 'x' and 'a' are incompatible.
    Type 'Tensor<["batch", 10], "f32">' is not assignable to type '"mean: axis 2 is out of range for [batch, 10]"'.
*/
import { mean, pipe, type Tensor } from 'shapewright'

declare const logits: Tensor<['batch', 10]>

// mean: axis 2 is out of range for [batch, 10] @ mean(2)
export const average = pipe(logits, mean(2))
