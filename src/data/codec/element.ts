/** One element, from outside: what each dtype takes, what it is called, and how it is written down so that JSON keeps its bits. */
import type { DType } from '../../../types/dim.ts'
import type { AnyTensor } from '../../../types/tensor.ts'
import type { Elements } from '../../graph/op.ts'
import { toArray, toTypedArray } from '../../tensor/read.ts'

/** A number as JSON can hold it: those that it cannot hold are words. */
export type PlainNumber = number | 'NaN' | 'Infinity' | '-Infinity' | '-0'
/** An element as plain data. */
export type PlainElement<D> = D extends 'bool' ? boolean : D extends 'i32' ? number : PlainNumber

export interface ElementRule {
  readonly one: string
  readonly many: string
  /** The element, or null for what is none. */
  readonly read: (value: unknown) => number | null
  /** The same for an element of a typed array. */
  readonly readTyped: (value: number) => number | null
  readonly typedOne: string
  readonly make: (length: number) => Elements
  /** The typed array that needs no check. */
  readonly own: string | null
}

const words = new Map<unknown, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])

/** Rounded to f32 later; a finite number that would become infinite is none. */
const float = (value: unknown): number | null => {
  if (typeof value !== 'number') return words.get(value) ?? null
  return Number.isFinite(value) && !Number.isFinite(Math.fround(value)) ? null : value
}
const integer = (value: unknown): number | null => (typeof value === 'number' && (value | 0) === value ? value : null)

export const elementRules: { readonly [D in DType]: ElementRule } = {
  f32: {
    one: 'a number',
    many: 'numbers',
    read: float,
    readTyped: float,
    typedOne: 'a number',
    make: (length) => new Float32Array(length),
    own: 'Float32Array',
  },
  i32: {
    one: 'a whole number of 32 bits',
    many: 'whole numbers',
    read: integer,
    readTyped: integer,
    typedOne: 'a whole number of 32 bits',
    make: (length) => new Int32Array(length),
    own: 'Int32Array',
  },
  bool: {
    one: 'a boolean',
    many: 'booleans',
    read: (value) => (typeof value === 'boolean' ? Number(value) : null),
    readTyped: (value) => (value === 0 || value === 1 ? value : null),
    typedOne: '0 or 1',
    make: (length) => new Uint8Array(length),
    own: null,
  },
}

/** A tensor of data as nested arrays, with words where JSON has no number. */
export const plain = (x: AnyTensor): unknown => (x.dtype === 'f32' && toTypedArray(x).some(isOdd) ? worded(toArray(x)) : toArray(x))
const isOdd = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0)
const worded = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(worded)
  return typeof value === 'number' && isOdd(value) ? (value === 0 ? '-0' : `${value}`) : value
}
