/** Many elements become one: sums, maxima, argmax, contractions. Terms are taken in row-major order of the axes that go. */
import type { DType } from '../../../types/dim.ts'
import { InternalError } from '../internal-error.ts'
import type { NodeOf } from '../node.ts'
import type { ReduceOp } from '../op.ts'
import { allocate, offsets, operand, strides, type Value, type Values } from './value.ts'

interface Fold {
  /** The result of nothing. */
  readonly start: number
  readonly step: (sum: number, x: number) => number
}
const largest = { step: Math.max }
const smallest = { step: Math.min }
/** The maximum of bools says whether any holds, the minimum whether all hold. */
const folds: { readonly [O in ReduceOp]: { readonly [D in DType]: Fold | null } } = {
  sum: { f32: { start: 0, step: (sum, x) => sum + x }, i32: { start: 0, step: (sum, x) => (sum + x) | 0 }, bool: null },
  max: { f32: { ...largest, start: -Infinity }, i32: { ...largest, start: -2147483648 }, bool: { ...largest, start: 0 } },
  min: { f32: { ...smallest, start: Infinity }, i32: { ...smallest, start: 2147483647 }, bool: { ...smallest, start: 1 } },
}

export const evaluateReduce = ({ op, attributes, dtype }: NodeOf<ReduceOp>, inputs: readonly Value[]): Value => {
  const x = operand(inputs, 0)
  const fold = folds[op][dtype]
  if (fold === null) throw new InternalError(`${op} is not defined on ${dtype}`, `${op} -> interpret`)
  const { kept, gone, shape } = divided(x, attributes.axes)
  const values = allocate(dtype, shape)
  for (let i = 0; i < values.length; i++) {
    let sum = fold.start
    for (let j = 0; j < gone.length; j++) sum = fold.step(sum, x.values[(kept[i] as number) + (gone[j] as number)] as number)
    values[i] = sum
  }
  return { dtype, shape, values }
}

/** A NaN counts as the largest; the argmax of nothing is 0. */
export const evaluateArgmax = ({ attributes }: NodeOf<'argmax'>, inputs: readonly Value[]): Value => {
  const x = operand(inputs, 0)
  const { kept, gone, shape } = divided(x, [attributes.axis])
  const values = allocate('i32', shape)
  for (let i = 0; i < values.length; i++) values[i] = firstLargest(x.values, kept[i] as number, gone)
  return { dtype: 'i32', shape, values }
}
const firstLargest = (values: Values, start: number, at: Int32Array): number => {
  let best = 0
  for (let j = 1; j < at.length; j++) {
    const champion = values[start + (at[best] as number)] as number
    const challenger = values[start + (at[j] as number)] as number
    if (challenger > champion || (Number.isNaN(challenger) && !Number.isNaN(champion))) best = j
  }
  return best
}

export const evaluateDot = ({ attributes: { batch, contract }, dtype }: NodeOf<'dot'>, inputs: readonly Value[]): Value => {
  const [x, y] = [operand(inputs, 0), operand(inputs, 1)]
  const batchAxes = x.shape.slice(0, batch).map((_, axis) => axis)
  const [xParts, yParts] = [contracted(x, batchAxes, contract[0]), contracted(y, batchAxes, contract[1])]
  const shape = [...x.shape.slice(0, batch), ...xParts.freeShape, ...yParts.freeShape]
  const values = allocate(dtype, shape)
  const multiplyAdd = multiplyAdds[dtype]
  if (multiplyAdd === null) throw new InternalError(`dot is not defined on ${dtype}`, 'dot -> interpret')
  let next = 0
  for (let b = 0; b < xParts.batch.length; b++) {
    for (const m of xParts.free) {
      for (const n of yParts.free) {
        const xStart = (xParts.batch[b] as number) + m
        const yStart = (yParts.batch[b] as number) + n
        let sum = 0
        for (let k = 0; k < xParts.gone.length; k++) {
          const factor = x.values[xStart + (xParts.gone[k] as number)] as number
          sum = multiplyAdd(sum, factor, y.values[yStart + (yParts.gone[k] as number)] as number)
        }
        values[next++] = sum
      }
    }
  }
  return { dtype, shape, values }
}
const multiplyAdds: { readonly [D in DType]: ((sum: number, x: number, y: number) => number) | null } = {
  f32: (sum, x, y) => sum + x * y,
  i32: (sum, x, y) => (sum + Math.imul(x, y)) | 0,
  bool: null,
}

const at = (all: readonly number[], axes: readonly number[]): readonly number[] => axes.map((axis) => all[axis] as number)
const others = (x: Value, ...axes: readonly (readonly number[])[]): readonly number[] =>
  x.shape.map((_, axis) => axis).filter((axis) => !axes.flat().includes(axis))

/** Where the elements stand: those of the result, and those that each of them is made of. */
const divided = (x: Value, axes: readonly number[]) => {
  const steps = strides(x.shape)
  const rest = others(x, axes)
  const shape = at(x.shape, rest)
  return { shape, kept: offsets(shape, at(steps, rest)), gone: offsets(at(x.shape, axes), at(steps, axes)) }
}
const contracted = (x: Value, batch: readonly number[], contract: readonly number[]) => {
  const steps = strides(x.shape)
  const along = (axes: readonly number[]) => offsets(at(x.shape, axes), at(steps, axes))
  const free = others(x, batch, contract)
  return { batch: along(batch), free: along(free), gone: along(contract), freeShape: at(x.shape, free) }
}
