/** Windows and their transpose: where each element of each window stands in the padded operand. */
import { InternalError } from '../internal-error.ts'
import type { NodeOf } from '../node.ts'
import type { Windows } from '../op.ts'
import { padded, position } from './movement.ts'
import { allocate, gathered, offsets, operand, sizesOf, strides, type Value } from './value.ts'

export const evaluateWindow = ({ attributes }: NodeOf<'window'>, inputs: readonly Value[]): Value => {
  const x = operand(inputs, 0)
  const { low, high } = bordersOf(x.shape, attributes)
  const whole = padded(x, low, high)
  const { shape, steps } = windowsOver(whole.shape, attributes)
  return gathered(x.dtype, shape, whole.values, offsets(shape, steps))
}

/** Terms are added in row-major order of the windows' places, then of the elements of a window. */
export const evaluateWindowTranspose = ({ attributes, dtype }: NodeOf<'windowTranspose'>, inputs: readonly Value[]): Value => {
  if (dtype === 'bool') throw new InternalError('it is not defined on bool', 'windowTranspose -> interpret')
  const { values } = operand(inputs, 0)
  const shape = sizesOf(attributes.shape)
  const { low, high } = bordersOf(shape, attributes)
  const whole = shape.map((n, axis) => n + (low[axis] as number) + (high[axis] as number))
  const windows = windowsOver(whole, attributes)
  const sums = allocate(dtype, whole)
  const at = offsets(windows.shape, windows.steps)
  for (let i = 0; i < at.length; i++) sums[at[i] as number] = (sums[at[i] as number] as number) + (values[i] as number)
  return gathered(dtype, shape, sums, offsets(shape, strides(whole), position(low, whole)))
}

/** What is added before and after every axis, not only before and after those of the windows. */
export const bordersOf = (shape: readonly unknown[], { axes, low, high }: Windows) => {
  const everywhere = (border: readonly number[]) => shape.map((_, axis) => border[axes.indexOf(axis)] ?? 0)
  return { low: everywhere(low), high: everywhere(high) }
}

const windowsOver = (whole: readonly number[], { axes, size, stride, dilation }: Windows) => {
  const own = strides(whole)
  const places = whole.map((n, axis) => {
    const i = axes.indexOf(axis)
    if (i < 0) return { count: n, step: own[axis] as number }
    const [length, by, apart] = [size[i] as number, stride[i] as number, dilation[i] as number]
    const count = Math.max(0, Math.floor((n - (length - 1) * apart - 1) / by) + 1)
    return { count, step: (own[axis] as number) * by }
  })
  return {
    shape: [...places.map(({ count }) => count), ...size],
    steps: [...places.map(({ step }) => step), ...axes.map((axis, i) => (own[axis] as number) * (dilation[i] as number))],
  }
}
