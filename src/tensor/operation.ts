/** Making operations without weights: one value that works on tensors and extends models. */
import type { Dims, DType, Sizes } from '../../types/dim.ts'
import { dtypeFault, takenByActivation } from '../../types/dtype.ts'
import { type Activation, neitherMessage, type Operation } from '../../types/operation.ts'
import { same } from '../../types/same.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show } from '../../types/show.ts'
import type { Tensor } from '../../types/tensor.ts'
import { isNode } from '../graph/make.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { shown } from './argument.ts'
import { type ActivationKind, type LayerKind, type OwnKind, ownKind } from './kind.ts'
import { isExtendable, type JsonRecord, type LayerRecord, layerValue, type Mode } from './protocol.ts'

export interface OperationParts {
  readonly kind: LayerKind | OwnKind
  /** Every option with its value, as data. */
  readonly options: JsonRecord
  /** One sample's shape to one sample's, or the message. */
  readonly out: (sample: Dims) => Dims | string
  /** On a tensor, batch or not; throws a `ShapeError`. */
  readonly onTensor: (x: Node) => Node
  /** On a batch in a model. */
  readonly onBatch: (x: Node, mode: Mode) => Node
  /** The dtypes of tensors that it takes: f32 unless said. */
  readonly onto?: readonly DType[]
  /** Sizes that `dim` bound in its options. */
  readonly sizes?: Sizes
}

export const operation = <F>(parts: OperationParts): Operation<F> => dual(parts)

const dual = <F>({ kind, options, out, onTensor, onBatch, onto = ['f32'], sizes = {} }: OperationParts): F => {
  const record: LayerRecord = {
    kind,
    name: null,
    options,
    sizes,
    out,
    init: () => null,
    apply: (params, x, mode) => ({ y: onBatch(x, mode), params }),
  }
  return layerValue<F>(record, (x) => {
    if (isExtendable(x)) return x.extend(record)
    if (!isNode(x)) throw new ShapeError(neitherMessage(kind))
    const fault = dtypeFault(kind, onto, x.dtype)
    if (fault !== null) throw new ShapeError(fault)
    return onTensor(x)
  })
}

/** An activation over nodes. */
export const activationOf = <const Kind extends ActivationKind>(kind: Kind, f: (x: Node) => Node, options: JsonRecord = {}) =>
  elementwise<Kind>(kind, f, options)
const elementwise = <Kind extends string>(kind: ActivationKind | OwnKind, f: (x: Node) => Node, options: JsonRecord): Activation<Kind> =>
  dual({ kind, options, out: (sample) => sample, onTensor: f, onBatch: f, onto: takenByActivation(kind) })

/**
 * A user's own activation, for tensors of any shape and for models.
 *
 * @example
 * const swish = activation('swish', (x) => mul(x, sigmoid(x)))
 * toArray(swish(tensor([0, 20]))) // => [0, 20]
 */
export const activation = <const Kind extends string>(
  kind: Kind,
  f: <S extends unknown[]>(x: Tensor<S>) => Tensor<S>,
): Activation<Kind> => {
  const own = (x: Node): Node => {
    const y: unknown = f(tensorOf(x))
    if (!isNode(y) || y.dtype !== 'f32' || !same(y.shape, x.shape))
      throw new ShapeError(`${kind}: the function maps ${show(x.shape)} to ${shownResult(y)}`)
    return y
  }
  // a function is no data: what describes the layer says only that it is the user's
  return elementwise<Kind>(ownKind(kind), own, { own: true })
}

const shownResult = (y: unknown): string => (isNode(y) ? (y.dtype === 'f32' ? show(y.shape) : `${y.dtype} ${show(y.shape)}`) : shown(y))
