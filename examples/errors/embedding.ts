/*
error TS2345: Argument of type 'Layer<Embedding<10000, 64>>' is not assignable to parameter of type '(a: Model<[128], [128], NoParams, "f32">) => Model<[128], never, { embedding1: EmbeddingParams<10000, 64>; }, "f32">'.
  Types of parameters 'model' and 'a' are incompatible.
    Type 'Model<[128], [128], NoParams, "f32">' is not assignable to type '"embedding: expected i32, got f32"'.
*/
import { embedding, input, pipe } from 'shapewright'

// A model over tokens begins with integers: input([128], 'i32').
// embedding: expected i32, got f32 @ embedding(10_000, 64)
export const words = pipe(input([128]), embedding(10_000, 64))
