/*
error TS2345: Argument of type 'Layer<Gru<16, "all">>' is not assignable to parameter of type '(b: Model<[28, 28], [32], { gru1: GruParams<28, 32>; }, "f32">) => Model<[28, 28], "gru: expected [time, features], got [32]", { gru1: GruParams<28, 32>; } & { ...; }, "f32">'.
  Types of parameters 'model' and 'b' are incompatible.
    Type 'Model<[28, 28], [32], { gru1: GruParams<28, 32>; }, "f32">' is not assignable to type '"gru: expected [time, features], got [32]"'.
*/
import { dense, gru, input, pipe } from 'shapewright'

// One step alone is no sequence: what gru returned is the last of them.
// gru: expected [time, features], got [32] @ gru(16)
export const classifier = pipe(input([28, 28]), gru(32, { returns: 'last' }), gru(16), dense(10))
