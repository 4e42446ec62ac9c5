/*
error TS2345: Argument of type 'LossOf<SoftmaxCrossEntropy, ["batch", 10], "f32">' is not assignable to parameter of type '(a: Tensor<["batch", 10], "f32">) => never'.
  Types of parameters 'prediction' and 'a' are incompatible.
    Type 'Tensor<["batch", 10], "f32">' is not assignable to type '"softmaxCrossEntropy: the prediction is [batch, 10], the target f32 [batch, 10]"'.
*/
import { pipe, softmaxCrossEntropy, type Tensor } from 'shapewright'

declare const logits: Tensor<['batch', 10]>
declare const oneHotLabels: Tensor<['batch', 10]>

// This loss takes class numbers; softmaxCrossEntropyDense takes rows of probabilities.
// softmaxCrossEntropy: the prediction is [batch, 10], the target f32 [batch, 10] @ softmaxCrossEntropy(oneHotLabels)
export const losses = pipe(logits, softmaxCrossEntropy(oneHotLabels))
