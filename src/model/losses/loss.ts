/** Making losses: the checks, and one value per sample. */
import type { Target } from '../../../types/classes.ts'
import type { Dims } from '../../../types/dim.ts'
import { anyDType } from '../../../types/dtype.ts'
import { type Loss, type LossRecord, lossShape } from '../../../types/loss.ts'
import { fits, ShapeError } from '../../../types/shape-error.ts'
import { allAxes, mean } from '../../graph/expression.ts'
import { type Node, tensorOf } from '../../graph/node.ts'
import { tensorNode } from '../../tensor/argument.ts'
import { typed } from '../../tensor/typed.ts'

export interface LossParts {
  readonly kind: string
  readonly targetOf: (output: Dims) => Target | string
  readonly faults?: readonly string[]
  /** `[b, ...output]` and its target to `[b]`; shapes are checked before. */
  readonly body: (prediction: Node, target: Node) => Node
}

export const makeLoss = <F>({ kind, targetOf, faults = [], body }: LossParts): Loss<F> => {
  const record: LossRecord = { kind, targetOf, faults: Object.freeze(faults) }
  const [fault] = faults
  const call = (target: unknown) => {
    if (fault !== undefined) throw new ShapeError(fault)
    const wanted = tensorNode(kind, target, anyDType)
    return (prediction: unknown) => {
      const given = tensorNode(kind, prediction)
      fits(lossShape(record, given.shape, wanted.shape, wanted.dtype))
      return tensorOf(body(given, wanted))
    }
  }
  return typed<Loss<F>>(Object.freeze(Object.assign(call, record)))
}

/** The mean over all but the batch. */
export const perSample = (x: Node): Node => (x.shape.length === 1 ? x : mean(x, allAxes(x).slice(1)))
