/*
error TS2345: Argument of type 'Layer<AddBranches<[Dense<32>, ActivationFn<"relu">]>>' is not assignable to parameter of type '(a: Model<[64], [64], NoParams, "f32">) => Model<[64], "addBranches: branch 1 gives [32], branch 2 gives [64]", { addBranches1: Flat<{ dense1: DenseParams<64, 32>; }>; }, "f32">'.
  Types of parameters 'model' and 'a' are incompatible.
    Type 'Model<[64], [64], NoParams, "f32">' is not assignable to type '"addBranches: branch 1 gives [32], branch 2 gives [64]"'.
*/
import { addBranches, dense, input, pipe, relu } from 'shapewright'

// Branches that are added have one shape; concatBranches puts them end to end instead.
// addBranches: branch 1 gives [32], branch 2 gives [64] @ addBranches(dense(32), relu)
export const model = pipe(input([64]), addBranches(dense(32), relu), dense(10))
