/*
error TS2345: Argument of type 'Operation<AlongFn<"softmax", 1>>' is not assignable to parameter of type '(b: Model<[784], [10], { dense1: DenseParams<784, 10>; }, "f32">) => "softmax: in a model the axis counts from the end, as -1; got 1"'.
  Types of parameters 'x' and 'b' are incompatible.
    Type 'Model<[784], [10], { dense1: DenseParams<784, 10>; }, "f32">' is not assignable to type '"softmax: in a model the axis counts from the end, as -1; got 1"'.
*/
import { dense, input, pipe, softmax } from 'shapewright'

// A model does not see the batch, so axes count from the end.
// softmax: in a model the axis counts from the end, as -1; got 1 @ softmax(1)
export const model = pipe(input([784]), dense(10), softmax(1))
