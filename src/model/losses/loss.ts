/** Making losses: the checks, and one value per sample. */
import type { Target } from '../../../types/classes.ts'
import type { Dims } from '../../../types/dim.ts'
import { anyDType } from '../../../types/dtype.ts'
import { type Loss, type LossRecord, lossShape } from '../../../types/loss.ts'
import { fits } from '../../../types/shape-error.ts'
import { mean } from '../../graph/expression.ts'
import { type Node, tensorOf } from '../../graph/node.ts'
import { tensorNode } from '../../tensor/argument.ts'

export interface LossParts {
  readonly kind: string
  readonly targetOf: (output: Dims) => Target | string
  readonly faults?: readonly string[]
  /** `[b, ...output]` and its target to `[b]`; shapes are checked before. */
  readonly body: (prediction: Node, target: Node) => Node
}

export const lossOf = <F>({ kind, targetOf, faults = [], body }: LossParts): Loss<F> => {
  const record: LossRecord = { kind, targetOf, faults: Object.freeze(faults) }
  const call = (target: unknown) => {
    const wanted = tensorNode(kind, target, anyDType)
    return (prediction: unknown) => {
      const given = tensorNode(kind, prediction)
      fits(lossShape(record, given.shape, wanted.shape, wanted.dtype))
      return tensorOf(body(given, wanted))
    }
  }
  return Object.freeze(Object.assign(call, record)) as unknown as Loss<F>
}

/** The mean over all but the batch. */
export const perSample = (x: Node): Node =>
  x.shape.length === 1
    ? x
    : mean(
        x,
        x.shape.slice(1).map((_, i) => i + 1),
      )
