/** Dropout: on a tensor with its key; as a layer, where it drops out in `applyTraining` alone. */
import type { DType, Shape } from '../../types/dim.ts'
import { badRate, type Dropout, needsKey } from '../../types/dropout.ts'
import type { DTypeFault } from '../../types/dtype.ts'
import type { Key } from '../../types/key.ts'
import type { First, RecordFirst, Uncalled } from '../../types/maker.ts'
import type { Operation } from '../../types/operation.ts'
import type { RefusedPool } from '../../types/pool.ts'
import { say } from '../../types/say.ts'
import { type Fits, ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { binary, mul, select } from '../graph/expression.ts'
import { type Node, nodeOf, tensorOf } from '../graph/node.ts'
import { numberFirst, shown, tensorNode } from './argument.ts'
import { unitUniform } from './draw.ts'
import { operation } from './operation.ts'
import { bitsOf } from './random.ts'
import { typed } from './typed.ts'

export interface DropoutFunction {
  (call: Uncalled<'dropout'>): never
  (rate: number): Operation<Dropout>
  (rate: number, key: Key): DropoutWithKey
  <X>(first: First<'dropout', X, number>): Operation<RefusedPool<'dropout', RecordFirst<'dropout'>>>
}
/** Dropout on a tensor. */
export interface DropoutWithKey {
  <S extends Shape, D extends DType>(x: Fits<DTypeFault<'dropout', 'f32', D>, Tensor<S, D>>): Tensor<S>
}

/**
 * Each element becomes 0 with probability `rate`, 0 <= rate < 1, else x / (1 - rate) (Srivastava et al. 2014).
 * `dropout(rate)` is a layer; on a tensor it takes a key.
 *
 * @example
 * toArray(pipe(tensor([1, 2]), dropout(0, key(0)))) // => [1, 2]
 */
export const dropout = typed<DropoutFunction>((rate: number, key?: Key) => {
  numberFirst('dropout', rate)
  if (!(typeof rate === 'number' && rate >= 0 && rate < 1)) throw new ShapeError(say(badRate, { rate: shown(rate) }))
  if (key === undefined) return layer(rate)
  const bits = bitsOf('dropout', key)
  return (x: unknown) => tensorOf(dropped(tensorNode('dropout', x), rate, bits))
})

const layer = (rate: number): Operation<Dropout> =>
  operation<Dropout>({
    kind: 'dropout',
    options: { rate },
    out: (sample) => sample,
    onTensor: () => {
      throw new ShapeError(needsKey)
    },
    onBatch: (x, mode) => (mode.training ? dropped(x, rate, nodeOf(mode.key.bits)) : x),
  })

/** A node of which some elements are 0, and the others are larger. */
export const dropped = (x: Node, rate: number, bits: Node): Node =>
  rate === 0 ? x : select(binary('less', unitUniform(bits, x.shape, x.sizes), rate), 0, mul(x, 1 / (1 - rate)))
