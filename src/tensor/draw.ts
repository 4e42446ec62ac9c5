/** Random tensors from a key: the same key, shape and options give the same numbers. */
import type { Dim, Dims, DType, Size, Sizes } from '../../types/dim.ts'
import type { Key } from '../../types/key.ts'
import { recordMessage } from '../../types/options.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { DimsOf, ListOfSizes, RefuseShape, ShapeMessage } from '../../types/size.ts'
import type { Tensor } from '../../types/tensor.ts'
import { add, binary, cast, constant, less, log, mul, neg, random, select, sqrt, sub } from '../graph/expression.ts'
import * as f64 from '../graph/math.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { finite, shapeArgument, shown } from './argument.ts'
import { bitsOf } from './random.ts'
import type { Refusal } from './size.ts'
import { typed } from './typed.ts'

/** `draw(key, shape, options)` */
export interface Draw<in out Op extends string, in out Options, in out D extends DType = 'f32'> {
  <const S extends readonly Size[]>(key: Key, shape: RefuseShape<S>, options?: Options): Refusal<ShapeMessage<Op, S>>
  <const S extends readonly Dim[]>(key: Key, shape: readonly [...S], options?: Options): Tensor<[...S], D>
  <const S extends readonly Size[]>(key: Key, shape: readonly [...S], options?: Options): Tensor<DimsOf<S>, D>
  <const S>(key: Key, shape: ListOfSizes<Op, S>, options?: Options): never
}
export interface Range {
  readonly min?: number
  readonly max?: number
}
export interface Moments {
  readonly mean?: number
  readonly standardDeviation?: number
}

/**
 * Uniform numbers, min <= x < max; between 0 and 1 unless said.
 *
 * @example
 * uniform(key(0), [2, 3]).shape // => [2, 3]
 */
export const uniform = typed<Draw<'uniform', Range>>((key: Key, shape: readonly Size[], options: Range = {}) => {
  const { min = 0, max = 1 } = known('uniform', options, ['min', 'max'])
  const [low, high] = [finite('uniform', 'minimum', min), finite('uniform', 'maximum', max)]
  const unit = unitUniform(bitsOf('uniform', key), ...shapeArgument('uniform', shape))
  return tensorOf(low === 0 && high === 1 ? unit : add(mul(unit, high - low), low))
})

/**
 * Normal numbers; of mean 0 and standard deviation 1 unless said.
 *
 * @example
 * normal(key(0), [2, 3], { standardDeviation: 0.1 }).shape // => [2, 3]
 */
export const normal = typed<Draw<'normal', Moments>>((key: Key, shape: readonly Size[], options: Moments = {}) => {
  const { mean = 0, standardDeviation = 1 } = known('normal', options, ['mean', 'standardDeviation'])
  const [centre, deviation] = [finite('normal', 'mean', mean), finite('normal', 'standard deviation', standardDeviation)]
  return tensorOf(add(mul(unitNormal(bitsOf('normal', key), ...shapeArgument('normal', shape)), deviation), centre))
})

/**
 * true with a probability, 1/2 unless said.
 *
 * @example
 * toArray(bernoulli(key(0), [2], 1)) // => [true, true]
 */
export const bernoulli = typed<Draw<'bernoulli', number, 'bool'>>((key: Key, shape: readonly Size[], probability = 0.5) => {
  if (!(probability >= 0 && probability <= 1))
    throw new ShapeError(`bernoulli: the probability must be between 0 and 1, got ${shown(probability)}`)
  return tensorOf(less(unitUniform(bitsOf('bernoulli', key), ...shapeArgument('bernoulli', shape)), probability))
})

/** The options, of which none would be forgotten. */
const known = <O extends object>(op: string, options: O, names: readonly (keyof O & string)[]): O => {
  const message = recordMessage(op, options, names, shown)
  if (message !== null) throw new ShapeError(message)
  return options
}

/** The upper 24 bits of each word, as a multiple of 2^-24: every one is an f32. */
export const unitUniform = (bits: Node, shape: Dims, sizes: Sizes): Node => mul(cast(upper(bits, shape, sizes), 'f32'), 2 ** -24)

/** sqrt(2) erfinv(u), with u in the middle of 2^24 equal parts of -1 .. 1. */
export const unitNormal = (bits: Node, shape: Dims, sizes: Sizes): Node => {
  // k - 2^23 and its 2^23th part are f32, and so is the middle: nothing is rounded on the way.
  const u = add(mul(cast(sub(upper(bits, shape, sizes), 2 ** 23), 'f32'), 2 ** -23), 2 ** -24)
  return mul(inverseErf(u), Math.SQRT2)
}

const upper = (bits: Node, shape: Dims, sizes: Sizes): Node => binary('shiftRight', random(bits, shape, sizes), constant(8, 'i32'))

/** M. Giles, "Approximating the erfinv function", GPU Computing Gems 2 (2011), single precision: polynomials of w - 2.5, and of sqrt(w) - 3. */
const centre = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
]
const tail = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
]
const inverseErf = (u: Node): Node => {
  const w = neg(log(mul(sub(1, u), add(1, u))))
  return mul(select(less(w, 5), horner(sub(w, 2.5), centre), horner(sub(sqrt(w), 3), tail)), u)
}
const horner = (x: Node, coefficients: readonly number[]): Node =>
  coefficients.slice(1).reduce<Node>((sum, c) => add(mul(sum, x), c), constant(coefficients[0] as number))

/**
 * What the evaluator says `unitNormal` is where a word of its bits is this one. Ten thousands are drawn before an engine has made fast
 * code of the evaluator; of one function it makes that at once.
 */
export const normalOf = (word: number): number => {
  const u = ((word >>> 8) - 2 ** 23) * 2 ** -23 + 2 ** -24
  const w = -f64.log((1 - u) * (1 + u))
  const isCentral = w < 5
  const x = isCentral ? w - 2.5 : Math.sqrt(w) - 3
  const coefficients = isCentral ? centre : tail
  let sum = coefficients[0] as number
  for (let i = 1; i < coefficients.length; i++) sum = sum * x + (coefficients[i] as number)
  return sum * u * Math.SQRT2
}
