/** Models as values: an input, a chain of layers, and the functions that users call. */
import type { Dims, DType, Sizes } from '../../types/dim.ts'
import type { Key } from '../../types/key.ts'
import { type AnyModel, rowsMessage } from '../../types/model.ts'
import { same } from '../../types/same.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { showTyped } from '../../types/show.ts'
import type { AnyTensor } from '../../types/tensor.ts'
import { isNode, mergeSizes } from '../graph/make.ts'
import { tensorOf } from '../graph/node.ts'
import { mapTree } from '../graph/tree.ts'
import { shown } from '../tensor/argument.ts'
import type { LayerRecord, Mode } from '../tensor/protocol.ts'
import { applyChain, type Chain, chainParameters, initChain, linked } from './chain.ts'
import { checkParameters, checkSizes, parametersIn, withSizes } from './parameters.ts'

export type { AnyModel, Batch, Grads, In, Model, Out, Params } from '../../types/model.ts'

/** What a model is made of. */
export interface Parts {
  readonly input: Dims
  readonly dtype: DType
  readonly chain: Chain
  /** Sizes that `dim` bound, in the input and in the layers. */
  readonly sizes: Sizes
}
const PARTS: unique symbol = Symbol('parts')

/** The model of these parts. The caller vouches for its type. */
export const modelOf = <M extends AnyModel>(parts: Parts): M => {
  const { input, dtype, chain } = parts
  const shown = {
    input,
    output: chain.dtype === 'f32' ? chain.shape : { shape: chain.shape, dtype: chain.dtype },
    dtype,
    init: (key: Key) => init(parts, key),
    apply: (params: unknown, x: AnyTensor) => tensorOf(applied('apply', parts, params, x, { training: false }).y),
    applyTraining: (params: unknown, x: AnyTensor, key: Key) => {
      const { y, params: next } = applied('applyTraining', parts, params, x, { training: true, key: checkedKey('applyTraining', key) })
      return [tensorOf(y), next]
    },
  }
  const hidden = {
    extend: { value: (layer: LayerRecord) => modelOf(extended(parts, layer)) },
    [PARTS]: { value: parts },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: () => described(parts) },
  }
  // The one door from records to typed models: the layers' types say what the records do.
  return Object.freeze(Object.defineProperties(shown, hidden)) as unknown as M
}

/** The parts of an argument that must be a model. */
export const partsOf = (op: string, model: unknown): Parts => {
  if (typeof model === 'object' && model !== null && PARTS in model) return (model as { readonly [PARTS]: Parts })[PARTS]
  throw new ShapeError(`${op}: expected a model, got ${shown(model)}`)
}

/** The parts with one more layer, whose message is thrown. */
export const extended = (parts: Parts, layer: LayerRecord): Parts => ({
  ...parts,
  chain: fits<Chain>(linked(parts.chain, layer)),
  sizes: mergeSizes(parts.sizes, layer.sizes ?? {}),
})

/** `Model [784] -> [10] { hidden, logits }` */
const described = ({ input, dtype, chain }: Parts): string => {
  const names = Object.keys(chainParameters(chain))
  return `Model ${showTyped({ shape: input, dtype })} -> ${showTyped(chain)}${names.length === 0 ? '' : ` { ${names.join(', ')} }`}`
}

const init = ({ chain, sizes }: Parts, key: Key): unknown => {
  const shapes = chainParameters(chain)
  checkSizes('init', shapes, sizes)
  const params = initChain(chain, checkedKey('init', key), sizes)
  checkParameters('init', params, shapes)
  return mapTree(params, (node) => withSizes(node, sizes))
}

const applied = (op: string, { input, dtype, chain, sizes }: Parts, params: unknown, x: unknown, mode: Mode) => {
  checkParameters(op, params, chainParameters(chain))
  const taken = { shape: input, dtype }
  if (!isNode(x)) throw new ShapeError(rowsMessage(op, taken, null))
  if (x.dtype !== dtype || x.shape.length === 0 || !same(x.shape.slice(1), input)) throw new ShapeError(rowsMessage(op, taken, x))
  // one name has one size, also where no layer brings the two together
  for (const node of [x, ...parametersIn(params, chainParameters(chain))]) mergeSizes(sizes, node.sizes)
  return applyChain(chain, params, x, mode)
}

const checkedKey = (op: string, key: unknown): Key => {
  const bits = typeof key === 'object' && key !== null && 'bits' in key ? key.bits : null
  if (!isNode(bits)) throw new ShapeError(`${op}: expected a key, got ${String(key)}`)
  return key as Key
}
