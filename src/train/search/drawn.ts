/** Codecs of io-ts that can be drawn: what the spaces of searches are made of. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Dimension } from '../../../types/search.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import { invalid } from '../../data/codec/fault.ts'
import { shownValue } from '../../data/codec/foreign.ts'
import { exp, log } from '../../graph/math.ts'
import { shown } from '../../tensor/argument.ts'

/** What stands in a configuration: a value of JSON that is no list and no record. */
export type Plain = number | string | boolean | null

/** How values are drawn. */
export interface Drawing<A> {
  /** From a number in [0, 1): each value as often as the space says, where the numbers are uniform. */
  readonly at: (u: number) => A
  /** So many values that go evenly over all, the first and the last among them; fewer where there are fewer. */
  readonly levels: (points: number) => readonly A[]
}
/** Where the drawing of a codec stands. */
const DRAWING = Symbol('drawing')

/** The drawing of a codec, or null for one that can't be drawn. */
export const drawingOf = (codec: unknown): Drawing<Plain> | null =>
  typeof codec === 'object' && codec !== null && DRAWING in codec ? (codec as { readonly [DRAWING]: Drawing<Plain> })[DRAWING] : null

/**
 * A number between two, evenly: each stretch as often as others of its length. Both may be drawn.
 *
 * @example
 * uniformIn(0, 0.5).is(0.25) // => true
 */
export const uniformIn = (from: number, to: number): Dimension<number> => {
  const fault = Number.isFinite(from) && Number.isFinite(to) && from <= to
  if (!fault) throw new ShapeError(`uniformIn: expected two numbers, the first not above the second, got ${shown(from)} and ${shown(to)}`)
  return numbers('uniformIn', from, to, {
    at: (u) => between(from, to, u),
    levels: (points) => spread(points, (u) => between(from, to, u)),
  })
}

/**
 * A positive number between two, whose logarithm is even: each power of ten as often as others. For learning rates.
 *
 * @example
 * const decoded = t.type({ learningRate: logUniform(1e-4, 1e-1) }).decode({ learningRate: 3 })
 * E.isLeft(decoded) && decoded.left.map(({ message }) => message) // => ['learningRate: expected a number from 0.0001 to 0.1, got 3']
 */
export const logUniform = (from: number, to: number): Dimension<number> => {
  const isRange = Number.isFinite(from) && Number.isFinite(to) && from > 0 && from <= to
  if (!isRange)
    throw new ShapeError(`logUniform: expected two positive numbers, the first not above the second, got ${shown(from)} and ${shown(to)}`)
  const [low, high] = [log(from), log(to)]
  // a level at an end is the end, which the logarithm and back may miss by an ulp
  const at = (u: number): number => (u === 0 ? from : u === 1 ? to : within(from, to, exp(low * (1 - u) + high * u)))
  return numbers('logUniform', from, to, { at, levels: (points) => spread(points, at) })
}

/**
 * A whole number between two, each as often as others, both among them.
 *
 * @example
 * wholeIn(1, 4).is(2.5) // => false
 */
export const wholeIn = (from: number, to: number): Dimension<number> => {
  const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to && Number.isSafeInteger(to - from + 1)
  if (!isRange)
    throw new ShapeError(`wholeIn: expected two whole numbers, the first not above the second, got ${shown(from)} and ${shown(to)}`)
  const count = to - from + 1
  const at = (u: number): number => Math.min(to, from + Math.floor(u * count))
  const levels = (points: number): readonly number[] =>
    points >= count ? Array.from({ length: count }, (_, i) => from + i) : spread(points, (u) => Math.round(between(from, to, u)))
  return numbers('wholeIn', from, to, { at, levels }, true)
}

/**
 * One of several values, each as often as others: numbers, words, true, false, null.
 *
 * @example
 * const decoded = t.type({ hidden: oneOfValues([64, 128]) }).decode({ hidden: 65 })
 * E.isLeft(decoded) && decoded.left.map(({ message }) => message) // => ['hidden: expected 64 or 128, got 65']
 */
export const oneOfValues = <const V extends readonly Plain[]>(values: V): Dimension<V[number]> => {
  const isPlain = (value: unknown) => (typeof value === 'number' ? Number.isFinite(value) : isWord(value))
  if (!Array.isArray(values) || values.length === 0 || !values.every(isPlain))
    throw new ShapeError(`oneOfValues: expected a list of numbers, words, true, false or null, got ${shown(values)}`)
  const all: readonly V[number][] = [...values]
  const texts = all.map((value) => JSON.stringify(value))
  const expected = [texts.slice(0, -1).join(', '), texts.at(-1)].filter((text) => text !== '').join(' or ')
  const at = (u: number): V[number] => all[Math.min(all.length - 1, Math.floor(u * all.length))] as V[number]
  const is = (x: unknown): x is V[number] => all.some((value) => value === x)
  return drawn(`oneOfValues(${texts.join(', ')})`, is, expected, { at, levels: () => all })
}
const isWord = (value: unknown): boolean => typeof value === 'string' || typeof value === 'boolean' || value === null

const within = (from: number, to: number, value: number): number => Math.min(to, Math.max(from, value))
/** Never beyond the ends, however far apart they are; 0 has no sign, since JSON drops it. */
const between = (from: number, to: number, u: number): number => within(from, to, from * (1 - u) + to * u) + 0
const spread = (points: number, at: (u: number) => number): readonly number[] => [
  ...new Set(points === 1 ? [at(0.5)] : Array.from({ length: points }, (_, i) => at(i / (points - 1)))),
]

const numbers = (name: string, from: number, to: number, drawing: Drawing<number>, isWhole = false): Dimension<number> => {
  const is = (x: unknown): x is number => typeof x === 'number' && x >= from && x <= to && (!isWhole || Number.isSafeInteger(x))
  return drawn(`${name}(${from}, ${to})`, is, `a ${isWhole ? 'whole ' : ''}number from ${from} to ${to}`, drawing)
}

const drawn = <A extends Plain>(name: string, is: t.Is<A>, expected: string, drawing: Drawing<A>): Dimension<A> => {
  const codec: t.Type<A, A, unknown> = new t.Type<A, A, unknown>(
    name,
    is,
    (x, context) =>
      is(x) ? E.right(x) : invalid([{ path: [], value: x, message: `expected ${expected}, got ${shownValue(x)}` }], context, codec),
    t.identity,
  )
  return Object.freeze(Object.assign(codec, { [DRAWING]: drawing })) as unknown as Dimension<A> // the brand is of types alone
}
