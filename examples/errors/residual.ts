/*
error TS2345: Argument of type 'Layer<Residual<Dense<32>>>' is not assignable to parameter of type '(a: Model<[64], [64], NoParams, "f32">) => Model<[64], "residual: the block maps [64] to [32]", { residual1: DenseParams<64, 32>; }, "f32">'.
  Types of parameters 'model' and 'a' are incompatible.
    Type 'Model<[64], [64], NoParams, "f32">' is not assignable to type '"residual: the block maps [64] to [32]"'.
*/
import { dense, input, pipe, relu, residual } from 'shapewright'

// What a residual block gives is added to what it takes, so both must have one shape.
// residual: the block maps [64] to [32] @ residual(dense(32))
export const model = pipe(input([64]), residual(dense(32)), relu)
