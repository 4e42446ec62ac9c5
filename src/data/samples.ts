/** What a data set is made of: numbers, pixels or class numbers, with the shape of one sample. */
import type { Classes } from '../../types/classes.ts'
import type { Dims, Size, Sizes } from '../../types/dim.ts'
import { type Say, say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { DimsOf, FirstFault, ListOfSizes, RefuseShape, ShapeMessage, SizeFault } from '../../types/size.ts'
import { isStoredArray, type StoredArray } from '../formats/stored-array.ts'
import { shapeArgument, shown } from '../tensor/argument.ts'

declare const SAMPLES: unique symbol

/** Any number of samples; `S` is one sample's shape, `Classes`, or the message of what could not be made. */
export interface Samples<in out S> {
  /** Not copied yet: `dataset` copies and checks. */
  readonly values: ArrayLike<number>
  readonly shape: Dims
  readonly sizes: Sizes
  readonly kind: 'numbers' | 'pixels' | 'labels'
  readonly classes: number | null
  /** What the values came as, where that was an array of a file: its shape must be that of samples. */
  readonly array: Pick<StoredArray, 'type' | 'shape'> | null
  readonly [SAMPLES]: (s: S) => S
}

interface SamplesOf<Op extends string, Values> {
  <const S extends readonly Size[]>(values: Values, shape: RefuseShape<S>): Samples<ShapeMessage<Op, S>>
  <const S extends readonly Size[]>(values: Values, shape: readonly [...S]): Samples<DimsOf<S>>
  <const V, const S>(values: FlatFault<Op, V, Values>, shape: ListOfSizes<Op, S>): never
}
const rows = '{op}: values stand in a flat list, one sample after the other; write values.flat()'
/** Values, or the message where they are rows. */
type FlatFault<Op extends string, V, Values> = V extends readonly (readonly unknown[])[] ? Say<typeof rows, { op: Op }> : Values & V
const noClass = 'classes: expected at least one class, got {count}'
const wideCount = 'classes: the number of classes is not a literal'

/** `Classes`, or the message. */
export type ClassesRule<N extends number, S extends readonly Size[]> =
  SizeFault<N> extends 'wide'
    ? typeof wideCount
    : SizeFault<N> extends 'bad' | 'large'
      ? Say<typeof noClass, { count: N }>
      : N extends 0
        ? Say<typeof noClass, { count: N }>
        : FirstFault<S> extends null
          ? Classes<N, DimsOf<S>>
          : ShapeMessage<'classes', S>
interface ClassesOf {
  <const N extends number, const S extends readonly Size[] = []>(
    labels: ArrayLike<number> | StoredArray,
    count: N,
    shape?: readonly [...S],
  ): Samples<ClassesRule<N, S>>
}

/**
 * Numbers, one sample after the other; they are rounded to f32. An array of a file (`readNpy`, `readSafetensors`) has a shape:
 * `dataset` looks whether it is that of samples.
 *
 * @example
 * samples([0, 1, 2, 3, 4, 5], [3]).shape // => [3]
 */
export const samples: SamplesOf<'samples', ArrayLike<number> | StoredArray> = (
  values: ArrayLike<number> | StoredArray,
  shape: readonly Size[],
) => described('samples', 'numbers', values, shape)

/**
 * Pixels, one image after the other. They stay bytes in memory; a model sees value / 255.
 *
 * @example
 * pixels(new Uint8Array(2 * 784), [28, 28, 1]).shape // => [28, 28, 1]
 */
export const pixels: SamplesOf<'pixels', Uint8Array | Uint8ClampedArray | StoredArray> = (
  values: ArrayLike<number> | StoredArray,
  shape: readonly Size[],
) => described('pixels', 'pixels', values, shape)

/**
 * Class numbers from 0 to below `count`: one a sample, or with a shape one a position of it.
 *
 * @example
 * classes([7, 2, 1], 10).classes // => 10
 */
export const classes: ClassesOf = (labels: ArrayLike<number> | StoredArray, count: number, shape: readonly Size[] = []) => {
  if (!Number.isSafeInteger(count) || count < 1) throw new ShapeError(say(noClass, { count }))
  return described('classes', 'labels', labels, shape, count)
}

/** `never`: the overloads above say what it is. */
const described = (
  op: string,
  kind: Samples<unknown>['kind'],
  from: ArrayLike<number> | StoredArray,
  given: readonly Size[],
  count: number | null = null,
): never => {
  const array = isStoredArray(from) ? { type: from.type, shape: from.shape } : null
  const values = isStoredArray(from) ? numbers(from.values) : from
  if (!Number.isSafeInteger(values?.length)) throw new ShapeError(`${op}: expected an array of numbers, got ${shown(values)}`)
  if (Array.isArray(values[0])) throw new ShapeError(say(rows, { op }))
  if (kind === 'pixels' && array === null) checkBytes(values)
  const [shape, sizes] = shapeArgument(op, given)
  return Object.freeze({ values, shape: Object.freeze(shape), sizes, kind, classes: count, array }) as never
}

/** What becomes bytes must be such: a larger number would be another one, without a word. */
const checkBytes = (values: ArrayLike<number>): void => {
  if (values instanceof Uint8Array || values instanceof Uint8ClampedArray) return
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i]
    if (!(Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255))
      throw new ShapeError(`pixels: expected whole numbers from 0 to 255, got ${shown(value)} at ${i}`)
  }
}
/** Integers of 64 bits, as NumPy's labels are, become the nearest numbers. */
const numbers = (values: StoredArray['values']): ArrayLike<number> =>
  values instanceof BigInt64Array || values instanceof BigUint64Array ? Float64Array.from(values, Number) : values
