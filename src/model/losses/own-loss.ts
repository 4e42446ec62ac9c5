/** Losses of a user's own, which are metrics of single samples too. */
import type { Dims, Shape, Size } from '../../../types/dim.ts'
import { classTarget, type Loss, sameTarget } from '../../../types/loss.ts'
import { recordMessage } from '../../../types/options.ts'
import type { ElementwiseLoss, OwnLoss, OwnResult, OwnTargetTensor } from '../../../types/own-loss.ts'
import { ownOutputFault, ownResultFault } from '../../../types/own-loss.ts'
import { same } from '../../../types/same.ts'
import { fits, ShapeError } from '../../../types/shape-error.ts'
import { show, showTyped } from '../../../types/show.ts'
import { type DimsOf, dimsOf, type ShapeMessage } from '../../../types/size.ts'
import type { AnyTensor, Tensor } from '../../../types/tensor.ts'
import { isNode } from '../../graph/make.ts'
import { type Node, tensorOf } from '../../graph/node.ts'
import { shown } from '../../tensor/argument.ts'
import { zeros } from '../../tensor/create.ts'
import { typed } from '../../tensor/typed.ts'
import { makeLoss, perSample } from './loss.ts'

/** A list of sizes, or the message where it is none. */
type Sizes<S extends readonly Size[]> = [ShapeMessage<'lossOf', S>] extends [never] ? readonly [...S] : ShapeMessage<'lossOf', S>
/** What a loss compares: one sample's shapes. */
export interface LossShapes<O extends readonly Size[], T extends readonly Size[] | 'classes'> {
  /** The model's output for one sample. */
  readonly output: Sizes<O>
  /** What it is compared with: a shape, or `'classes'` for the number of one, of those on the output's last axis. The output's shape unless said. */
  readonly target?: [TargetMessage<T>] extends [never] ? T : TargetMessage<T>
}
type TargetMessage<T> = T extends 'classes' ? never : ShapeMessage<'lossOf', T>
type Shaped<T> = T extends readonly Size[] ? DimsOf<[...T]> : T
export interface LossOfFunction {
  <const Kind extends string, const O extends readonly Size[], R, const T extends readonly Size[] | 'classes' = O>(
    kind: Kind,
    shapes: LossShapes<O, T>,
    f: (prediction: Tensor<['batch', ...DimsOf<[...O]>]>, target: OwnTargetTensor<Kind, DimsOf<[...O]>, Shaped<T>>) => OwnResult<Kind, R>,
  ): Loss<OwnLoss<Kind, DimsOf<[...O]>, Shaped<T>>>
}

/**
 * A user's own loss: the function gets a batch of predictions and their targets, and gives one value per sample. It is traced, and
 * compiled into the step with its gradient. `[batch, ...output] -> [batch, ...target] -> [batch]`
 *
 * @example
 * const cosine = lossOf('cosine', { output: [2] }, (p, t) => {
 *   const norms = mul(pipe(mul(p, p), sum(-1)), pipe(mul(t, t), sum(-1)))
 *   return sub(1, div(pipe(mul(p, t), sum(-1)), sqrt(norms)))
 * })
 * toArray(cosine(tensor([[0, 2], [1, 0]]))(tensor([[0, 1], [0, 1]]))) // => [0, 1]
 */
export const lossOf = typed<LossOfFunction>((kind: string, shapes: OwnShapes, f: (prediction: AnyTensor, target: AnyTensor) => unknown) => {
  checked(kind, f)
  const message = recordMessage('lossOf', shapes, ['output', 'target'], shown)
  if (message !== null) throw new ShapeError(message)
  const { output, target = output } = shapes
  const dims = fits(dimsOf('lossOf', output))
  const wanted = target === 'classes' ? classTarget(kind)(dims) : { classes: null, shape: fits(dimsOf('lossOf', target)) }
  if (typeof wanted !== 'string') {
    // as the compiler sees it: what it would refuse is refused here, and not in the first step
    const targets = target === 'classes' ? untypedZeros(['batch', ...output.slice(0, -1)], 'i32') : untypedZeros(['batch', ...target])
    result(kind, f(untypedZeros(['batch', ...output]), targets), ['batch'])
  }
  return makeLoss({
    kind,
    targetOf: (given) => ownOutputFault(kind, dims, given) ?? wanted,
    body: (p, t) => result(kind, f(tensorOf(p), tensorOf(t)), p.shape.slice(0, 1)),
  })
})
// its sizes were checked before
const untypedZeros = zeros as unknown as (shape: readonly Size[], dtype?: 'i32') => AnyTensor
interface OwnShapes {
  readonly output: readonly Size[]
  readonly target?: readonly Size[] | 'classes'
}

/**
 * A user's own loss of elements, for predictions of any shape: the function gets predictions and targets, and gives the value of each
 * element; a sample's is their mean. `[b, ...s] -> [b, ...s] -> [b]`
 *
 * @example
 * const pinball = elementwiseLoss('pinball', (p, t) => maximum(mul(0.9, sub(t, p)), mul(-0.1, sub(t, p))))
 * toArray(pinball(tensor([[10, 0]]))(tensor([[0, 10]]))) // => [5]
 */
export const elementwiseLoss = <const Kind extends string>(
  kind: Kind,
  f: <S extends Shape>(prediction: Tensor<S>, target: Tensor<S>) => Tensor<S>,
): Loss<ElementwiseLoss<Kind>> => {
  checked(kind, f)
  return makeLoss({
    kind,
    targetOf: sameTarget,
    body: (p, t) => {
      const y: unknown = f<Shape>(tensorOf(p), tensorOf(t))
      if (isNode(y) && y.dtype === 'f32' && same(y.shape, p.shape)) return perSample(y)
      throw new ShapeError(`${kind}: the function maps ${show(p.shape)} to ${isNode(y) ? showTyped(y) : shown(y)}`)
    },
  })
}
const checked = (kind: unknown, f: unknown): void => {
  if (typeof f !== 'function') throw new ShapeError(`${String(kind)}: expected a function of predictions and targets, got ${shown(f)}`)
}
const result = (kind: string, y: unknown, wanted: Dims): Node => {
  const given = isNode(y) ? y : null
  const fault = ownResultFault(kind, wanted, given)
  if (given !== null && fault === null) return given
  throw new ShapeError(fault ?? kind)
}
