/*
error TS2322: Type 'Spec<["batch", 785], "f32">' is not assignable to type '"compile: argument 0 is [batch, 784], the spec says [batch, 785]"'.
*/
import { add, compile, mean, pipe, spec, type Tensor, zeros } from 'shapewright'

const total = (sum: Tensor<[]>, x: Tensor<['batch', 784]>) => [add(sum, pipe(x, mean())), sum] as const

// compile: argument 0 is [batch, 784], the spec says [batch, 785] @ spec(['batch', 785])
export const program = compile(total, { state: zeros([]), args: [spec(['batch', 785])], bind: { batch: 32 } })
