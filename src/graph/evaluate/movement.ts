/** Elements that change their place, or appear: creation, reshaping, permuting, stretching, cutting, joining. */
import type { NodeOf } from '../node.ts'
import { threefryWords } from '../threefry.ts'
import { allocate, count, gathered, offsets, operand, sizesOf, strides, type Value } from './value.ts'

export const evaluateConstant = ({ attributes: { value, dtype } }: NodeOf<'constant'>): Value => {
  const values = allocate(dtype, [])
  values[0] = value
  return { dtype, shape: [], values }
}

export const evaluateData = ({ attributes }: NodeOf<'data'>): Value => {
  const shape = sizesOf(attributes.shape)
  const values = allocate(attributes.dtype, shape)
  values.set(attributes.values)
  return { dtype: attributes.dtype, shape, values }
}

export const evaluateSize = ({ attributes }: NodeOf<'size'>): Value => ({
  dtype: 'f32',
  shape: [],
  values: Float64Array.of(count(sizesOf(attributes.shape))),
})

export const evaluateIota = ({ attributes }: NodeOf<'iota'>): Value => {
  const shape = sizesOf(attributes.shape)
  const steps = shape.map((_, axis) => (axis === attributes.axis ? 1 : 0))
  return { dtype: 'i32', shape, values: offsets(shape, steps) }
}

export const evaluateRandom = ({ attributes }: NodeOf<'random'>, inputs: readonly Value[]): Value => {
  const shape = sizesOf(attributes.shape)
  const [first, second] = operand(inputs, 0).values as Int32Array
  return { dtype: 'i32', shape, values: threefryWords([first as number, second as number], count(shape)) }
}

export const evaluateReshape = ({ attributes }: NodeOf<'reshape'>, inputs: readonly Value[]): Value => ({
  ...operand(inputs, 0),
  shape: sizesOf(attributes.shape),
})

export const evaluatePermute = ({ attributes }: NodeOf<'permute'>, inputs: readonly Value[]): Value => {
  const x = operand(inputs, 0)
  const steps = strides(x.shape)
  const moved = (all: readonly number[]) => attributes.permutation.map((axis) => all[axis] as number)
  return gathered(x.dtype, moved(x.shape), x.values, offsets(moved(x.shape), moved(steps)))
}

export const evaluateBroadcast = ({ attributes }: NodeOf<'broadcast'>, inputs: readonly Value[]): Value => {
  const x = operand(inputs, 0)
  const shape = sizesOf(attributes.shape)
  if (x.values.length === 1) return { dtype: x.dtype, shape, values: allocate(x.dtype, shape).fill(x.values[0] as number) }
  const added = shape.length - x.shape.length
  const own = strides(x.shape)
  const steps = shape.map((_, axis) => (axis < added || x.shape[axis - added] === 1 ? 0 : (own[axis - added] as number)))
  return gathered(x.dtype, shape, x.values, offsets(shape, steps))
}

export const evaluateSlice = ({ attributes }: NodeOf<'slice'>, inputs: readonly Value[]): Value => {
  const x = operand(inputs, 0)
  const shape = sizesOf(attributes.shape)
  return gathered(x.dtype, shape, x.values, offsets(shape, strides(x.shape), position(attributes.start, x.shape)))
}

export const evaluatePad = ({ attributes: { low, high } }: NodeOf<'pad'>, inputs: readonly Value[]): Value =>
  padded(operand(inputs, 0), low, high)

/** Zeros around the elements. */
export const padded = (x: Value, low: readonly number[], high: readonly number[]): Value => {
  const shape = x.shape.map((n, axis) => n + (low[axis] as number) + (high[axis] as number))
  const values = allocate(x.dtype, shape)
  const at = offsets(x.shape, strides(shape), position(low, shape))
  for (let i = 0; i < at.length; i++) values[at[i] as number] = x.values[i] as number
  return { dtype: x.dtype, shape, values }
}

export const evaluateConcat = ({ attributes: { axis } }: NodeOf<'concat'>, inputs: readonly Value[]): Value => {
  const { dtype, shape: first } = operand(inputs, 0)
  const whole = inputs.reduce((n, x) => n + (x.shape[axis] as number), 0)
  const shape = first.map((n, i) => (i === axis ? whole : n))
  const values = allocate(dtype, shape)
  const steps = strides(shape)
  let start = 0
  for (const x of inputs) {
    const at = offsets(x.shape, steps, start * (steps[axis] as number))
    for (let i = 0; i < at.length; i++) values[at[i] as number] = x.values[i] as number
    start += x.shape[axis] as number
  }
  return { dtype, shape, values }
}

/** Where an index stands. */
export const position = (index: readonly number[], shape: readonly number[]): number => {
  const steps = strides(shape)
  return index.reduce((sum, i, axis) => sum + i * (steps[axis] as number), 0)
}
