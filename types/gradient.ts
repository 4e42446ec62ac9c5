/** What may be differentiated: a function that gives an f32 scalar, or a tuple that starts with one. */
import type { Dims, DType } from './dim.ts'
import { type DTypeFault, dtypeFault } from './dtype.ts'
import { type Say, say } from './say.ts'
import type { Tensor } from './tensor.ts'

const noScalar = '{op}: the function must give a scalar'
const notScalar = '{op}: the function must give a scalar, got {shape}; end it with mean()'

/** The message, or null; of a union all, and of what the compiler does not check (`any`) null. */
export type ScalarFault<Op extends string, R> = 0 extends 1 & R
  ? null
  : R extends Tensor<infer S, infer D>
    ? [S] extends [[]]
      ? DTypeFault<Op, 'f32', D>
      : Say<typeof notScalar, { op: Op; shape: S }>
    : R extends readonly [infer V, ...unknown[]]
      ? ScalarFault<Op, V>
      : Say<typeof noScalar, { op: Op }>

/** `scalar` is the tensor that the result is or starts with; null where there is none. */
export const scalarFault = (op: string, scalar: { readonly shape: Dims; readonly dtype: DType } | null): string | null => {
  if (scalar === null) return say(noScalar, { op })
  if (scalar.shape.length > 0) return say(notScalar, { op, shape: scalar.shape })
  return dtypeFault(op, ['f32'], scalar.dtype)
}
