/** Operations on each element of an f32 tensor. Each works on models too, where it is a layer without weights. */
import type { ActivationBy } from '../../types/operation.ts'
import {
  abs as absNode,
  add,
  exp as expNode,
  greater,
  log as logNode,
  maximum,
  minimum,
  mul,
  neg as negNode,
  reciprocal as reciprocalNode,
  select,
  sigmoid as sigmoidNode,
  sqrt as sqrtNode,
  stopGradient,
  sub,
  tanh as tanhNode,
  unary,
} from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { callOf, finite } from './argument.ts'
import { activationOf } from './operation.ts'

/**
 * -x
 *
 * @example
 * toArray(neg(tensor([1, -2]))) // => [-1, 2]
 */
export const neg = activationOf('neg', negNode)

/**
 * |x|; its gradient at 0 is 0.
 *
 * @example
 * toArray(abs(tensor([1, -2]))) // => [1, 2]
 */
export const abs = activationOf('abs', absNode)

/**
 * -1, 0 or 1.
 *
 * @example
 * toArray(sign(tensor([-2, 0, 3]))) // => [-1, 0, 1]
 */
export const sign = activationOf('sign', (x) => unary('sign', x))

/**
 * The largest whole number that is not above x.
 *
 * @example
 * toArray(floor(tensor([1.5, -1.5]))) // => [1, -2]
 */
export const floor = activationOf('floor', (x) => unary('floor', x))

/**
 * e^x
 *
 * @example
 * toArray(exp(tensor([0]))) // => [1]
 */
export const exp = activationOf('exp', expNode)

/**
 * The natural logarithm: -Infinity at 0, NaN below.
 *
 * @example
 * toArray(log(tensor([1]))) // => [0]
 */
export const log = activationOf('log', logNode)

/**
 * The square root: NaN below 0.
 *
 * @example
 * toArray(sqrt(tensor([4, 9]))) // => [2, 3]
 */
export const sqrt = activationOf('sqrt', sqrtNode)

/**
 * 1 / sqrt(x)
 *
 * @example
 * toArray(rsqrt(tensor([4]))) // => [0.5]
 */
export const rsqrt = activationOf('rsqrt', (x) => reciprocalNode(sqrtNode(x)))

/**
 * 1 / x
 *
 * @example
 * toArray(reciprocal(tensor([2, -4]))) // => [0.5, -0.25]
 */
export const reciprocal = activationOf('reciprocal', reciprocalNode)

/**
 * The sine of an angle in radians.
 *
 * @example
 * toArray(sin(tensor([0]))) // => [0]
 */
export const sin = activationOf('sin', (x) => unary('sin', x))

/**
 * The cosine of an angle in radians.
 *
 * @example
 * toArray(cos(tensor([0]))) // => [1]
 */
export const cos = activationOf('cos', (x) => unary('cos', x))

/**
 * The hyperbolic tangent.
 *
 * @example
 * toArray(tanh(tensor([0, 30]))) // => [0, 1]
 */
export const tanh = activationOf('tanh', tanhNode)

/**
 * 1 / (1 + e^-x)
 *
 * @example
 * toArray(sigmoid(tensor([0, 200]))) // => [0.5, 1]
 */
export const sigmoid = activationOf('sigmoid', sigmoidNode)

/**
 * The error function, 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x.
 *
 * @example
 * toArray(erf(tensor([0, 5]))) // => [0, 1]
 */
export const erf = activationOf('erf', (x) => unary('erf', x))

/**
 * max(0, x); its gradient at 0 is 0.
 *
 * @example
 * toArray(relu(tensor([-1, 2]))) // => [0, 2]
 */
// The constant comes first: a tie's gradient goes to the first, so the gradient can be read off the output.
export const relu = activationOf('relu', (x) => maximum(0, x))

/**
 * x above 0, slope x below.
 *
 * @example
 * toArray(leakyRelu(0.5)(tensor([-1, 2]))) // => [-0.5, 2]
 */
export const leakyRelu: ActivationBy<'leakyRelu'> = (given: unknown = 0.01) => {
  callOf('leakyRelu', given)
  const slope = given as number
  const factor = finite('leakyRelu', 'slope', slope)
  return activationOf('leakyRelu', (x) => select(greater(x, 0), x, mul(x, factor)), { slope })
}

/**
 * x above 0, alpha (e^x - 1) below (Clevert, Unterthiner, Hochreiter 2016).
 *
 * @example
 * toArray(elu()(tensor([-200, 2]))) // => [-1, 2]
 */
export const elu: ActivationBy<'elu'> = (given: unknown = 1) => {
  callOf('elu', given)
  const alpha = given as number
  const factor = finite('elu', 'alpha', alpha)
  // The unused side is kept finite: 0 times an infinite slope would be NaN.
  return activationOf('elu', (x) => select(greater(x, 0), x, mul(sub(expNode(minimum(x, 0)), 1), factor)), { alpha })
}

/**
 * x / 2 (1 + erf(x / sqrt(2))): x times the probability that a normal number is below x (Hendrycks, Gimpel 2016).
 *
 * @example
 * toArray(gelu(tensor([0, 20]))) // => [0, 20]
 */
export const gelu = activationOf('gelu', (x) => mul(mul(x, 0.5), add(unary('erf', mul(x, Math.SQRT1_2)), 1)))

/**
 * `gelu` by its approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
 *
 * @example
 * toArray(geluTanh(tensor([0, 20]))) // => [0, 20]
 */
export const geluTanh = activationOf('geluTanh', (x) => {
  // Beyond 10 the tangent is 1 in f64; without the limit the cube's slope grows until 0 times it is NaN.
  const inner = maximum(minimum(x, 10), -10)
  const cubic = add(inner, mul(mul(mul(inner, inner), inner), 0.044715))
  return mul(mul(x, 0.5), add(tanhNode(mul(cubic, Math.sqrt(2 / Math.PI))), 1))
})

/**
 * x sigmoid(x), also called swish (Elfwing, Uchibe, Doya 2018).
 *
 * @example
 * toArray(silu(tensor([0, 40]))) // => [0, 40]
 */
export const silu = activationOf('silu', (x) => mul(x, sigmoidNode(x)))

/**
 * log(1 + e^x), without overflow.
 *
 * @example
 * toArray(softplus(tensor([-200, 200]))) // => [0, 200]
 */
export const softplus = activationOf('softplus', (x) => {
  const above: Node = stopGradient(maximum(0, x))
  return add(above, logNode(add(expNode(negNode(above)), expNode(sub(x, above)))))
})
