/** Fields: what one record becomes where a tuple of numbers does not say it. Lists of a given shape, tokens, images, classes. */
import type { Classes } from '../../../types/classes.ts'
import type { Dims, Size, Sizes } from '../../../types/dim.ts'
import type { Typed } from '../../../types/model.ts'
import type { Drawn } from '../../../types/records.ts'
import { type Say, say } from '../../../types/say.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import type { DimsOf, ListOfSizes, RefuseShape, ShapeMessage, SizeFault } from '../../../types/size.ts'
import type { StoredArray } from '../../formats/stored-array.ts'
import { shapeArgument } from '../../tensor/argument.ts'

/** Numbers, flat in the order of rows, or as nested arrays. */
export type Numbers = ArrayLike<number> | readonly Numbers[]

/** A function of a record that also says what its values are. */
export type RecordField<A, S> = ((record: A) => Drawn<S>) & { readonly field: FieldType }

/** What a field's values are in a data set. */
export interface FieldType {
  readonly kind: 'numbers' | 'tokens' | 'pixels' | 'labels'
  readonly shape: Dims
  readonly sizes: Sizes
  readonly classes: number | null
  /** Words that stand for the classes from 0 on; null where they are numbers. */
  readonly names: ReadonlyMap<string, number> | null
}

interface ShapedField<Op extends string, Values> {
  <const S extends readonly Size[], A>(shape: RefuseShape<S>, pick: (record: A) => Values): RecordField<A, ShapeMessage<Op, S>>
  <const S extends readonly Size[], A>(shape: readonly [...S], pick: (record: A) => Values): RecordField<A, DimsOf<S>>
  <const S, A>(shape: ListOfSizes<Op, S>, pick: (record: A) => Values): never
}
interface TokensField {
  <const S extends readonly Size[], A>(shape: RefuseShape<S>, pick: (record: A) => Numbers): RecordField<A, ShapeMessage<'tokensOf', S>>
  <const S extends readonly Size[], A>(shape: readonly [...S], pick: (record: A) => Numbers): RecordField<A, Typed<DimsOf<S>, 'i32'>>
  <const S, A>(shape: ListOfSizes<'tokensOf', S>, pick: (record: A) => Numbers): never
}

/**
 * Numbers of a shape that the types do not know: a list of a JSON file, a column of vectors. They are rounded to f32.
 *
 * @example
 * const read = fromRecords(t.type({ x: t.array(t.number), y: t.number }), [{ x: [1, 2, 3], y: 4 }], {
 *   inputs: numbersOf([3], (record) => record.x),
 *   targets: (record) => [record.y],
 * })
 * E.isRight(read) && read.right.inputs.shape // => [3]
 */
export const numbersOf: ShapedField<'numbersOf', Numbers> = (shape: readonly Size[], pick: (record: never) => Numbers) =>
  fieldOf('numbersOf', 'numbers', shape, pick)

/**
 * Whole numbers of a shape, as i32: tokens of a text, indices of items.
 *
 * @example
 * const read = fromRecords(t.type({ words: t.array(t.number) }), [{ words: [7, 0, 3] }], {
 *   inputs: tokensOf([3], (record) => record.words),
 *   targets: (record) => [record.words.length],
 * })
 * E.isRight(read) && read.right.inputs.dtype // => 'i32'
 */
export const tokensOf: TokensField = (shape: readonly Size[], pick: (record: never) => Numbers) =>
  fieldOf('tokensOf', 'tokens', shape, pick)

/**
 * Pixels of an image of a shape: bytes in the order of rows, or what `decodePng` gives. They stay bytes in memory; a model
 * sees value / 255.
 *
 * @example
 * const read = fromRecords(t.type({ dark: t.boolean }), [{ dark: false }], {
 *   inputs: imageOf([2, 2, 1], (record) => new Uint8Array(4).fill(record.dark ? 0 : 255)),
 *   targets: (record) => [record.dark ? 1 : 0],
 * })
 * E.isRight(read) && toArray(read.right.batch(1)[0]) // => [[[[1], [1]], [[1], [1]]]]
 */
export const imageOf: ShapedField<'imageOf', Uint8Array | Uint8ClampedArray | StoredArray<'u8'>> = (
  shape: readonly Size[],
  pick: (record: never) => unknown,
) => fieldOf('imageOf', 'pixels', shape, pick)

const wideNames = 'oneOf: the names are not known to the types; write them as a list of literals'
const noNames = 'oneOf: expected at least one name'
const wideCount = 'labelOf: the number of classes is not a literal'
const noClass = 'labelOf: expected at least one class, got {count}'

type NamesRule<L extends readonly string[]> =
  SizeFault<L['length']> extends null ? (L['length'] extends 0 ? typeof noNames : Classes<L['length']>) : typeof wideNames
type CountRule<N extends number> =
  SizeFault<N> extends 'wide'
    ? typeof wideCount
    : SizeFault<N> extends 'bad' | 'large'
      ? Say<typeof noClass, { count: N }>
      : N extends 0
        ? Say<typeof noClass, { count: N }>
        : Classes<N>

/**
 * The class of a record by its name: the first name is class 0. A name that is not in the list is refused, with the number of
 * its record.
 *
 * @example
 * const read = fromRecords(t.type({ size: t.number, kind: t.string }), [{ size: 3, kind: 'bird' }], {
 *   inputs: (record) => [record.size],
 *   targets: oneOf(['cat', 'dog'], (record) => record.kind),
 * })
 * E.isLeft(read) && read.left.message // => "record 0: targets: expected 'cat' or 'dog', got 'bird'"
 */
export const oneOf = <const L extends readonly string[], A>(
  names: NamesRule<L> extends infer Message extends string ? Message : L,
  pick: (record: A) => string,
): RecordField<A, NamesRule<L>> => {
  const list: readonly string[] = Array.isArray(names) ? names : []
  if (list.length === 0) throw new ShapeError(noNames)
  const again = list.find((name, i) => list.indexOf(name) !== i)
  if (again !== undefined) throw new ShapeError(`oneOf: '${again}' stands twice in the list`)
  return fieldOf('oneOf', 'labels', [], pick, list.length, new Map(list.map((name, i) => [name, i])))
}

/**
 * The class of a record by its number, from 0 to below `count`.
 *
 * @example
 * const read = fromRecords(t.type({ size: t.number, kind: t.number }), [{ size: 3, kind: 2 }], {
 *   inputs: (record) => [record.size],
 *   targets: labelOf(2, (record) => record.kind),
 * })
 * E.isLeft(read) && read.left.message // => 'record 0: targets: expected a whole number from 0 to 1, got 2'
 */
export const labelOf = <const N extends number, A>(
  count: CountRule<N> extends infer Message extends string ? Message : N,
  pick: (record: A) => number,
): RecordField<A, CountRule<N>> => {
  const classes: unknown = count
  if (!Number.isSafeInteger(classes) || (classes as number) < 1) throw new ShapeError(say(noClass, { count }))
  return fieldOf('labelOf', 'labels', [], pick, classes as number)
}

/** `never`: the overloads say what it is. */
const fieldOf = (
  op: string,
  kind: FieldType['kind'],
  given: readonly Size[],
  pick: (record: never) => unknown,
  classes: number | null = null,
  names: ReadonlyMap<string, number> | null = null,
): never => {
  if (typeof pick !== 'function') throw new ShapeError(`${op}: expected a function of the record`)
  const [shape, sizes] = shapeArgument(op, given)
  const field: FieldType = Object.freeze({ kind, shape: Object.freeze(shape), sizes, classes, names })
  // the overloads of each field say what it is
  return Object.assign((record: never) => pick(record), { field }) as never
}
