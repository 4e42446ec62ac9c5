/**
 * Initial weights: functions of a shape and a key. Normal ones are not truncated. The last two dims of a shape are
 * [in, out], and what stands before them is a kernel: fan in = kernel x in, fan out = kernel x out.
 */
import type { Dims, Sizes } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import type { Key } from '../../types/key.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { add, full, mul } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { finite } from '../tensor/argument.ts'
import { type Moments, type Range, unitNormal, unitUniform } from '../tensor/draw.ts'
import { bitsOf } from '../tensor/random.ts'

export { orthogonal } from './orthogonal.ts'

/** `sizes` has the sizes of the names in `shape`: a scale needs the number. */
export type Initializer = (shape: Dims, key: Key, sizes?: Sizes) => Node

/**
 * All the same.
 *
 * @example
 * initializers.constant(0.5)([2, 3], key(0)).shape // => [2, 3]
 */
export const constant = (value: number): Initializer => {
  const checked = finite('constant', 'value', value)
  return (shape, _, sizes) => full(shape, checked, 'f32', sizes)
}
/**
 * Zeros, as biases start.
 *
 * @example
 * initializers.zeros([3], key(0)).shape // => [3]
 */
export const zeros: Initializer = constant(0)
/**
 * Ones, as scales start.
 *
 * @example
 * initializers.ones([3], key(0)).shape // => [3]
 */
export const ones: Initializer = constant(1)

/**
 * Uniform numbers, min <= x < max; between -0.05 and 0.05 unless said.
 *
 * @example
 * initializers.uniform({ min: -1, max: 1 })([2, 3], key(0)).shape // => [2, 3]
 */
export const uniform = ({ min = -0.05, max = 0.05 }: Range = {}): Initializer => {
  const [low, high] = [finite('uniform', 'minimum', min), finite('uniform', 'maximum', max)]
  return (shape, key, sizes = {}) => add(mul(unitUniform(bitsOf('uniform', key), shape, sizes), high - low), low)
}

/**
 * Normal numbers, not truncated; of mean 0 and standard deviation 0.05 unless said.
 *
 * @example
 * initializers.normal({ standardDeviation: 0.1 })([2, 3], key(0)).shape // => [2, 3]
 */
export const normal = ({ mean = 0, standardDeviation = 0.05 }: Moments = {}): Initializer => {
  const [centre, deviation] = [finite('normal', 'mean', mean), finite('normal', 'standard deviation', standardDeviation)]
  return (shape, key, sizes = {}) => add(mul(unitNormal(bitsOf('normal', key), shape, sizes), deviation), centre)
}

/**
 * Uniform numbers of mean 0 and variance 2 / (fan in + fan out), for tanh and sigmoid (Glorot and Bengio 2010, equation 16).
 *
 * @example
 * initializers.glorotUniform([784, 256], key(0)).shape // => [784, 256]
 */
export const glorotUniform: Initializer = (shape, key, sizes) => uniformOf('glorotUniform', glorot, shape, key, sizes)

/**
 * Normal numbers of mean 0 and variance 2 / (fan in + fan out), for tanh and sigmoid (Glorot and Bengio 2010, equation 16).
 *
 * @example
 * initializers.glorotNormal([784, 256], key(0)).shape // => [784, 256]
 */
export const glorotNormal: Initializer = (shape, key, sizes) => normalOf('glorotNormal', glorot, shape, key, sizes)

/**
 * Uniform numbers of mean 0 and variance 2 / fan in, for relu (He et al. 2015, equation 10).
 *
 * @example
 * initializers.heUniform([784, 256], key(0)).shape // => [784, 256]
 */
export const heUniform: Initializer = (shape, key, sizes) => uniformOf('heUniform', he, shape, key, sizes)

/**
 * Normal numbers of mean 0 and variance 2 / fan in, for relu (He et al. 2015, equation 10).
 *
 * @example
 * initializers.heNormal([784, 256], key(0)).shape // => [784, 256]
 */
export const heNormal: Initializer = (shape, key, sizes) => normalOf('heNormal', he, shape, key, sizes)

/**
 * Uniform numbers of mean 0 and variance 1 / fan in, for units that keep variances (LeCun et al. 1998, Efficient BackProp, equation 16).
 *
 * @example
 * initializers.lecunUniform([784, 256], key(0)).shape // => [784, 256]
 */
export const lecunUniform: Initializer = (shape, key, sizes) => uniformOf('lecunUniform', lecun, shape, key, sizes)

/**
 * Normal numbers of mean 0 and variance 1 / fan in, for units that keep variances (LeCun et al. 1998, Efficient BackProp, equation 16).
 *
 * @example
 * initializers.lecunNormal([784, 256], key(0)).shape // => [784, 256]
 */
export const lecunNormal: Initializer = (shape, key, sizes) => normalOf('lecunNormal', lecun, shape, key, sizes)

interface Fans {
  readonly fanIn: number
  readonly fanOut: number
}
/** Variances; a weight without a fan is as wide as one with a fan of 1. */
type Variance = (fans: Fans) => number
const glorot: Variance = ({ fanIn, fanOut }) => 2 / Math.max(1, fanIn + fanOut)
const he: Variance = ({ fanIn }) => 2 / Math.max(1, fanIn)
const lecun: Variance = ({ fanIn }) => 1 / Math.max(1, fanIn)

/** Uniform in -a .. a has the variance a^2 / 3. */
const uniformOf = (op: string, variance: Variance, shape: Dims, key: Key, sizes: Sizes = {}): Node => {
  const max = Math.sqrt(3 * variance(fans(op, shape, sizes)))
  return uniform({ min: -max, max })(shape, key, sizes)
}
const normalOf = (op: string, variance: Variance, shape: Dims, key: Key, sizes: Sizes = {}): Node =>
  normal({ standardDeviation: Math.sqrt(variance(fans(op, shape, sizes))) })(shape, key, sizes)

/** A vector is as if it stood on both sides. */
const fans = (op: string, shape: Dims, sizes: Sizes): Fans => {
  const numbers = shape.map((dim) => {
    const size = sizeOfDim(dim, sizes)
    if (size === null) throw new ShapeError(`${op}: the size of '${dim}' is not known; write dim('${dim}', n)`)
    return size
  })
  const kernel = numbers.slice(0, -2).reduce((a, b) => a * b, 1)
  const [fanIn, fanOut] = [numbers.at(-2) ?? numbers.at(-1) ?? 1, numbers.at(-1) ?? 1]
  return { fanIn: kernel * fanIn, fanOut: kernel * fanOut }
}
