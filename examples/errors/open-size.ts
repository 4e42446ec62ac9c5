/*
error TS2345: Argument of type 'Layer<Refused<"dense", "dense: the size is not a literal; write dense(dim('name', n))">>' is not assignable to parameter of type '(a: Model<[784], [784], NoParams, "f32">) => Model<[784], "dense: the size is not a literal; write dense(dim('name', n))", NoParams, "f32">'.
  Types of parameters 'model' and 'a' are incompatible.
    Type 'Model<[784], [784], NoParams, "f32">' is not assignable to type '"dense: the size is not a literal; write dense(dim('name', n))"'.
*/
import { dense, input, pipe } from 'shapewright'

declare const width: number

// A size that is known only when the program runs needs a name: dense(dim('hidden', width)).
// dense: the size is not a literal; write dense(dim('name', n)) @ dense(width)
export const model = pipe(input([784]), dense(width))
