/*
error TS2345: Argument of type 'Binary<"sub", ["n"], "f32">' is not assignable to parameter of type '(a: Tensor<["n", 1], "f32">) => never'.
  Types of parameters 'x' and 'a' are incompatible.
    Type 'Tensor<["n", 1], "f32">' is not assignable to type '"sub: neither [n, 1] nor [n] has the shape [n, n]; use broadcastTo"'.
*/
import { pipe, sub, type Tensor } from 'shapewright'

declare const prediction: Tensor<['n', 1]>
declare const target: Tensor<['n']>

// Elsewhere this makes an [n, n] table of differences, and training goes quietly wrong.
// sub: neither [n, 1] nor [n] has the shape [n, n]; use broadcastTo @ sub(target)
export const error = pipe(prediction, sub(target))
