/*
error TS2345: Argument of type 'Matmul<[768, 10], "f32">' is not assignable to parameter of type '(a: Tensor<["batch", 784], "f32">) => never'.
  Types of parameters 'x' and 'a' are incompatible.
    Type 'Tensor<["batch", 784], "f32">' is not assignable to type '"matmul: [batch, 784] x [768, 10]: expected last dim 768, got 784"'.
*/
import { matmul, pipe, type Tensor, zeros } from 'shapewright'

declare const images: Tensor<['batch', 784]>

// matmul: [batch, 784] x [768, 10]: expected last dim 768, got 784 @ matmul(zeros([768, 10]))
export const logits = pipe(images, matmul(zeros([768, 10])))
