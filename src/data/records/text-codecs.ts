/** Codecs of io-ts for cells of tables, which are text: numbers, whole numbers, true and false. */
import * as t from 'io-ts'
import { invalid } from '../codec/fault.ts'
import { shownValue } from '../codec/foreign.ts'

const textCodec = <A>(name: string, expected: string, is: (x: unknown) => x is A, read: (text: string) => A | null) => {
  const codec: t.Type<A, string, unknown> = new t.Type<A, string, unknown>(
    name,
    is,
    (given, context) => {
      const value = typeof given === 'string' ? read(given) : null
      if (value !== null) return t.success(value)
      return invalid([{ path: [], value: given, message: `expected ${expected}, got ${shownValue(given)}` }], context, codec)
    },
    String,
  )
  return codec
}

const isNumber = (x: unknown): x is number => typeof x === 'number' && Number.isFinite(x)
const isBoolean = (x: unknown): x is boolean => typeof x === 'boolean'

/** As people write them: digits with a point, a sign, an exponent. No spaces, no `0x10`, no `Infinity`, no empty text. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/**
 * A number written in decimal: `'-1.5e3'`. Nothing else is one: no empty text, no spaces, no `NaN`.
 *
 * @example
 * numberFromText.decode('-1.5e3') // => { _tag: 'Right', right: -1500 }
 */
export const numberFromText = textCodec<number>('NumberFromText', 'a number', isNumber, (text) => {
  const value = decimal.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : null
})

/**
 * A whole number written in digits, below 2^53.
 *
 * @example
 * E.isLeft(integerFromText.decode('1.0')) // => true
 */
export const integerFromText = textCodec<number>('IntegerFromText', 'a whole number', isNumber, (text) => {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : null
})

/**
 * `true` or `false`, in any case of letters; or `1` and `0`.
 *
 * @example
 * booleanFromText.decode('True') // => { _tag: 'Right', right: true }
 */
export const booleanFromText = textCodec<boolean>('BooleanFromText', "'true' or 'false'", isBoolean, (text) => {
  const word = text.toLowerCase()
  return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : null
})
