/** The shape of nested arrays: `[[1, 2], [3, 4]]` is `[2, 2]`. */
import type { Dims, DType } from './dim.ts'
import { say } from './say.ts'

const ragged = 'tensor: the arrays differ in length'
const wideNested = "tensor: a size is not a literal; write tensor(values.flat(), [dim('name', n)])"
export const flatValues = 'tensor: a typed array has no shape; write tensor(values, [2, 3])'
const notNumber = 'tensor: expected numbers or booleans, got {value}'
const mixedValues = 'tensor: numbers and booleans do not mix'

/** Arrays of arrays of numbers, or of booleans. */
export type Nested = number | boolean | readonly Nested[]
export type TypedValues = Float32Array | Int32Array | Uint8Array

/** The shape, or the message. Rows of different shapes make a union, of which each member is no longer alone. */
export type NestedShape<T> =
  Depths<T> extends infer S ? (AnyText<S> extends true ? Extract<S, string> : Alone<S> extends true ? S : typeof ragged) : never
type Depths<T> = T extends readonly unknown[]
  ? number extends T['length']
    ? typeof wideNested
    : T extends readonly (number | boolean)[]
      ? [T['length']]
      : Depths<T[number]> extends infer S
        ? S extends unknown[]
          ? [T['length'], ...S]
          : S
        : never
  : []
type AnyText<S> = [Extract<S, string>] extends [never] ? false : true
type Alone<S, Whole = S> = S extends unknown ? ([Whole] extends [S] ? true : false) : never
/** Numbers are f32, and so is nothing at all; booleans are bool; both are a union. */
export type NestedDType<T> = [ElementDType<T>] extends [never] ? 'f32' : ElementDType<T>
type ElementDType<T> = 0 extends 1 & T
  ? 'f32'
  : T extends readonly unknown[]
    ? Nested extends T[number] // it has no end
      ? 'f32'
      : ElementDType<T[number]>
    : T extends boolean
      ? 'bool'
      : 'f32'
/** The message for values that do not mix, or null. */
export type NestedFault<T> = ['f32' | 'bool'] extends [NestedDType<T>] ? typeof mixedValues : null

/** The shape, or the message. */
export const nestedShape = (nested: Nested): Dims | string => {
  if (ArrayBuffer.isView(nested)) return flatValues
  const shape: number[] = []
  for (let level: unknown = nested; Array.isArray(level); level = level[0]) shape.push(level.length)
  return nestedFault(nested, shape, 0) ?? shape
}
const nestedFault = (level: unknown, shape: readonly number[], depth: number): string | null => {
  if (depth === shape.length)
    return typeof level === 'number' || typeof level === 'boolean' ? null : Array.isArray(level) ? ragged : say(notNumber, { value: level })
  if (!Array.isArray(level) || level.length !== shape[depth]) return ragged
  for (const child of level) {
    const fault = nestedFault(child, shape, depth + 1)
    if (fault !== null) return fault
  }
  return null
}
/** The elements in order, or the message. */
export const nestedValues = (nested: Nested): readonly number[] | string => {
  const values: (number | boolean)[] = []
  const collect = (level: Nested): void => {
    if (typeof level === 'object') level.forEach(collect)
    else values.push(level)
  }
  collect(nested)
  const booleans = values.filter((value) => typeof value === 'boolean').length
  return booleans === 0 || booleans === values.length ? values.map(Number) : mixedValues
}
export const nestedDType = (nested: Nested): DType => {
  let level: unknown = nested
  while (Array.isArray(level)) level = level[0]
  return typeof level === 'boolean' ? 'bool' : 'f32'
}
