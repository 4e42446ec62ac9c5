/** What a record becomes in a data set: numbers in tuples, whose lengths are the shape, or what a field says. */
import { type Say, say } from './say.ts'
import { show } from './show.ts'
import type { IsUnion } from './size.ts'

declare const DRAWN: unique symbol

/** What a field as `oneOf(names, pick)` makes of one record: `S` is its shape, `Classes`, or i32 ones. */
export interface Drawn<in out S> {
  readonly [DRAWN]: (s: S) => S
}

const openLength = '{op}: the length of a list of numbers is not known; write numbersOf([n], (record) => ...)'
const ragged = '{op}: rows of one shape are expected, got {first} and {other}'
const noNumbers = '{op}: expected a number, a tuple of numbers, or a field as oneOf(names, (record) => ...)'

/** One sample's shape, or the message. Tuples of one shape may be of several types, as 0 or 1 in a place. */
export type RecordShape<Op extends string, R> = 0 extends 1 & R ? Say<typeof noNumbers, { op: Op }> : TheShape<Op, EachShape<Op, R>>
/** Of all that S can be: the first message there is, else the one shape. */
type TheShape<Op extends string, S> = [Extract<S, string>] extends [never]
  ? true extends IsUnion<S>
    ? Say<typeof noNumbers, { op: Op }>
    : S
  : Extract<S, string>
type EachShape<Op extends string, R> =
  R extends Drawn<infer S>
    ? S
    : R extends number
      ? []
      : R extends readonly unknown[]
        ? number extends R['length']
          ? Say<typeof openLength, { op: Op }>
          : TupleShape<Op, R>
        : R extends ArrayLike<number>
          ? Say<typeof openLength, { op: Op }>
          : Say<typeof noNumbers, { op: Op }>
type TupleShape<Op extends string, R extends readonly unknown[]> = R extends readonly [infer Head, ...infer Rest]
  ? RecordShape<Op, Head> extends infer First
    ? First extends readonly unknown[]
      ? RestFault<Op, First, Rest> extends infer Fault extends string
        ? Fault
        : [R['length'], ...First]
      : First
    : never
  : [0]
type RestFault<Op extends string, First, Rest> = Rest extends readonly [infer Head, ...infer More]
  ? RecordShape<Op, Head> extends infer Other
    ? Other extends string
      ? Other
      : [First, Other] extends [Other, First]
        ? RestFault<Op, First, More>
        : Say<typeof ragged, { op: Op; first: First; other: Other }>
    : never
  : null

/** R, where it is what a sample can be, else the message. */
export type Mappable<Op extends string, R> = RecordShape<Op, R> extends infer Message extends string ? Message : R

/** The shape of a number or of numbers in arrays, or the message: arrays of values have a length. */
export const recordShape = (op: string, value: unknown): readonly number[] | string => {
  if (typeof value === 'number') return []
  if (!Array.isArray(value)) return say(noNumbers, { op })
  const [head, ...rest] = value.map((each) => recordShape(op, each))
  if (head === undefined) return [0]
  if (typeof head === 'string') return head
  for (const other of rest) {
    if (typeof other === 'string') return other
    if (show(other) !== show(head)) return say(ragged, { op, first: head, other })
  }
  return [value.length, ...head]
}
