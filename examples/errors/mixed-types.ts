/*
error TS2345: Argument of type 'Tensor<["batch"], "i32">' is not assignable to parameter of type '"mul: f32 and i32 do not mix; use cast"'.
*/
import { mul, type Tensor } from 'shapewright'

declare const scores: Tensor<['batch']>
declare const labels: Tensor<['batch'], 'i32'>

// mul: f32 and i32 do not mix; use cast @ labels
export const weighted = mul(scores, labels)
