/** Values of the evaluator: elements in row-major order beside their shape, and the arithmetic of where they stand. */
import type { Dims, DType } from '../../../types/dim.ts'
import { InternalError } from '../internal-error.ts'

/** Elements of `f32` are held in f64 and never rounded, those of `bool` are 0 and 1. */
export type Values = Float64Array | Int32Array | Uint8Array
export interface Value {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly values: Values
}

export const count = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

const allocators: { readonly [D in DType]: (length: number) => Values } = {
  f32: (length) => new Float64Array(length),
  i32: (length) => new Int32Array(length),
  bool: (length) => new Uint8Array(length),
}
/** Zeros, to be filled by whoever made them. */
export const allocate = (dtype: DType, shape: readonly number[]): Values => allocators[dtype](count(shape))

/** The dims as numbers. A graph is bound before it is evaluated. */
export const sizesOf = (dims: Dims): readonly number[] =>
  dims.map((dim) => {
    if (typeof dim !== 'number') throw new InternalError(`the size of '${dim}' is not bound`, 'interpret')
    return dim
  })

/** Row-major strides, in elements. */
export const strides = (shape: readonly number[]): readonly number[] => {
  const steps = new Array<number>(shape.length)
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step
    step *= shape[axis] as number
  }
  return steps
}

/** `start + sum of index * step` for every index of a shape, in row-major order. */
export const offsets = (shape: readonly number[], steps: readonly number[], start = 0): Int32Array => {
  const all = new Int32Array(count(shape))
  if (all.length > 0) all[0] = start
  let filled = 1
  for (let axis = shape.length - 1; axis >= 0 && all.length > 0; axis--) {
    const size = shape[axis] as number
    const step = steps[axis] as number
    for (let i = 1; i < size; i++) {
      for (let j = 0; j < filled; j++) all[i * filled + j] = (all[j] as number) + i * step
    }
    filled *= size
  }
  return all
}

/** The elements that stand at these offsets. */
export const gathered = (dtype: DType, shape: readonly number[], source: Values, at: Int32Array): Value => {
  const values = allocate(dtype, shape)
  for (let i = 0; i < values.length; i++) values[i] = source[at[i] as number] as number
  return { dtype, shape, values }
}

export const operand = (inputs: readonly Value[], i: number): Value => {
  const input = inputs[i]
  if (input === undefined) throw new InternalError(`operand ${i} is missing`, 'interpret')
  return input
}
