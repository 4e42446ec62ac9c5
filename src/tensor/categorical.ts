/** Drawing a class from logits: what a model that writes does at every step. */
import { type CategoricalShape, categoricalShape } from '../../types/categorical.ts'
import type { DType, Shape } from '../../types/dim.ts'
import type { Key } from '../../types/key.ts'
import { recordMessage } from '../../types/options.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { add, argmax, binary, log, max, mul, neg, select } from '../graph/expression.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { shown, tensorNode } from './argument.ts'
import { unitUniform } from './draw.ts'
import { bitsOf } from './random.ts'
import { typed } from './typed.ts'

export interface CategoricalOptions {
  /** What logits are divided by, 1 unless said: below 1 the likelier classes are drawn more often, at 0 the likeliest always. */
  readonly temperature?: number | undefined
  /** Only so many of the likeliest classes are drawn from, all unless said; what is as likely as the last of them counts too. */
  readonly topK?: number | undefined
}
/** `categorical(key, options)` */
export interface Categorical {
  <S extends Shape, D extends DType>(
    logits: Fits<CategoricalShape<S, D>, Tensor<S, D>>,
  ): CategoricalShape<S, D> extends infer R extends Shape ? Tensor<R, 'i32'> : never
}

/**
 * Draws a class for each row of logits, i32, with the probabilities softmax(logits / temperature): `[..., classes] -> [...]`.
 * The same key, logits and options give the same classes. It is the largest logit with noise of Gumbel's distribution added
 * (E. J. Gumbel, "Statistical theory of extreme values", 1954).
 *
 * @example
 * toArray(pipe(tensor([[0, 50, 0], [50, 0, 0]]), categorical(key(0), { temperature: 0.5 }))) // => [1, 0]
 */
export const categorical = (key: Key, options: CategoricalOptions = {}): Categorical => {
  const bits = bitsOf('categorical', key)
  const message = recordMessage('categorical', options, ['temperature', 'topK'], shown)
  if (message !== null) throw new ShapeError(message)
  const { temperature = 1, topK } = options
  if (!(Number.isFinite(temperature) && temperature >= 0))
    throw new ShapeError(`categorical: the temperature must be a number from 0 on, got ${shown(temperature)}`)
  if (topK !== undefined && !(Number.isSafeInteger(topK) && topK >= 1))
    throw new ShapeError(`categorical: topK must be a whole number from 1 on, got ${shown(topK)}`)
  return typed((x: unknown) => {
    const logits = tensorNode('categorical', x)
    fits(categoricalShape(logits.shape))
    const axis = logits.shape.length - 1
    const most = logits.shape[axis]
    const among = topK === undefined || (typeof most === 'number' && topK >= most) ? logits : likeliest(logits, topK)
    if (temperature === 0) return tensorOf(argmax(among, axis))
    const noise = neg(log(neg(log(unitUniform(bits, logits.shape, logits.sizes)))))
    return tensorOf(argmax(add(mul(among, 1 / temperature), noise), axis))
  })
}

/** The logits of the k likeliest classes, -Infinity for the others: what is largest is taken away k - 1 times. */
const likeliest = (logits: Node, k: number): Node => {
  const axis = logits.shape.length - 1
  let left = logits
  for (let i = 1; i < k; i++) left = select(binary('less', left, max(left, [axis], true)), left, Number.NEGATIVE_INFINITY)
  return select(binary('less', logits, max(left, [axis], true)), Number.NEGATIVE_INFINITY, logits)
}
