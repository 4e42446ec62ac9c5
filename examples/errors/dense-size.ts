/*
error TS2345: Argument of type 'Layer<DenseFrom<128, 10>>' is not assignable to parameter of type '(b: Model<[784], [256], { dense1: DenseParams<784, 256>; }, "f32">) => Model<[784], "dense: expected last dim 128, got 256", { dense1: DenseParams<784, 256>; } & { ...; }, "f32">'.
  Types of parameters 'model' and 'b' are incompatible.
    Type 'Model<[784], [256], { dense1: DenseParams<784, 256>; }, "f32">' is not assignable to type '"dense: expected last dim 128, got 256"'.
*/
import { dense, input, pipe } from 'shapewright'

// The last layer was made for 128 numbers.
// dense: expected last dim 128, got 256 @ dense(128, 10)
export const model = pipe(input([784]), dense(784, 256), dense(128, 10))
