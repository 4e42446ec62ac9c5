/** What the elements of a column must be: finite, below the number of classes, no weight below zero. */
import { type Column, placeIn } from './column.ts'
import type { DataError, Rows } from './data-source.ts'

export type ContentError = Exclude<DataError, { readonly tag: 'Unreadable' | 'BadToken' }>
export type Role = 'input' | 'target' | 'weight'

/**
 * What is wrong with the first bad element, or null. `first` is the number of the first sample, `given` are the values before
 * they were rounded.
 */
export const contentFault = (
  op: string,
  role: Role,
  column: Column,
  first = 0,
  given: ArrayLike<number> = column.values,
): ContentError | null => {
  const { classes, stored, values } = column
  if (stored === 'u8') return null
  if (stored === 'i32') return classes === null ? null : labelFault(op, role === 'input' ? 'token' : 'label', column, classes, first, given)
  const bad = role === 'weight' ? values.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY)) : firstNotFinite(values)
  if (bad < 0) return null
  const [sample, value] = [first + Math.floor(bad / column.width), given[bad] as number]
  if (role === 'weight')
    return {
      tag: 'BadWeight',
      sample,
      value,
      message: `${op}: the weight of sample ${sample} is ${value}, expected a finite number from 0 on`,
    }
  const message = `${op}: the ${role} of sample ${sample} has ${value}${placeIn(column, bad)}, which is not finite in f32`
  return { tag: 'NotFinite', sample, value, message }
}

/** The first bad element of any column of these rows. */
export const rowsFault = (op: string, { inputs, targets, weights }: Rows, first: number): ContentError | null =>
  contentFault(op, 'input', inputs, first) ??
  contentFault(op, 'target', targets, first) ??
  (weights === null ? null : contentFault(op, 'weight', weights, first))

const firstNotFinite = (values: Column['values']): number => {
  // a number that is not finite leaves nothing finite of a sum of differences with itself
  for (let i = 0; i < values.length; i++) if ((values[i] as number) - (values[i] as number) !== 0) return i
  return -1
}

const labelFault = (
  op: string,
  what: string,
  column: Column,
  classes: number,
  first: number,
  given: ArrayLike<number>,
): ContentError | null => {
  for (let i = 0; i < given.length; i++) {
    const value = given[i] as number
    if (Number.isInteger(value) && value >= 0 && value < classes) continue
    const sample = first + Math.floor(i / column.width)
    const expected = `expected a whole number from 0 to ${classes - 1}`
    const message = `${op}: the ${what} of sample ${sample}${placeIn(column, i)} is ${value}, ${expected}`
    return { tag: 'BadLabel', sample, value, classes, message }
  }
  return null
}
