/*
error TS2345: Argument of type 'Layer<Dense<32> & { label: "hidden"; }>' is not assignable to parameter of type '(c: Model<[784], [64], { hidden: DenseParams<784, 64>; }, "f32">) => Model<[784], [32], { hidden: DenseParams<784, 64>; } & { hidden: DenseParams<64, 32>; }, "f32">'.
  Types of parameters 'model' and 'c' are incompatible.
    Type 'Model<[784], [64], { hidden: DenseParams<784, 64>; }, "f32">' is not assignable to type '"dense: the name 'hidden' is already used"'.
*/
import { dense, input, pipe, relu } from 'shapewright'

// Parameters go by their layers' names.
// dense: the name 'hidden' is already used @ dense(32, 'hidden')
export const model = pipe(input([784]), dense(64, 'hidden'), relu, dense(32, 'hidden'))
