/** Models as ONNX files, which other programs run: IR version 8, operators of opset 17. */
import * as E from 'fp-ts/lib/Either.js'
import type { DType, Sizes } from '../../../types/dim.ts'
import { sizeOfDim } from '../../../types/elements.ts'
import type { Fitting } from '../../../types/fitting.ts'
import type { AnyModel, Flat, Model, ModelGiven } from '../../../types/model.ts'
import { type Chain, chainParameters, isWeighted } from '../../model/chain.ts'
import { describe } from '../../model/describe.ts'
import { partsOf } from '../../model/model.ts'
import { checkParameters, checkSizes, shapesIn } from '../../model/parameters.ts'
import type { LayerKind } from '../../tensor/kind.ts'
import { type Extent, emptyGraph, type Graph, int, type OnnxNode, type Value } from './graph.ts'
import type { Layer, Mask, Walk } from './layer.ts'
import { own } from './own.ts'
import { encoded, type Port } from './proto.ts'
import { rules } from './rules.ts'

export interface OnnxOptions {
  /** The name of what the file's graph takes; `input` unless said. */
  readonly input?: string
  /** The name of what it gives; `output` unless said. */
  readonly output?: string
  /** Whether a softmax along the last axis stands behind the model: logits become probabilities. */
  readonly probabilities?: boolean
}
/** A layer that no operators of ONNX compute as it does. */
export interface NotInOnnx {
  /** The path of the layer: `review.masked1`. */
  readonly layer: string
  readonly kind: string
  readonly message: string
}
export type OnnxError =
  | { readonly tag: 'NotInOnnx'; readonly message: string; readonly layers: readonly NotInOnnx[] }
  | { readonly tag: 'TooLarge'; readonly message: string; readonly bytes: number; readonly limit: number }
  | { readonly tag: 'InvalidOptions'; readonly message: string }

/** Protobuf ends at 2 GiB; the rest is for what is not weights. */
const LIMIT = 1.9e9
const VERSION = '0.1.0'

/**
 * A model with its parameters as the bytes of an ONNX file: IR version 8, opset 17, what `predict` computes. It takes
 * `[batch, ...input]` and gives `[batch, ...output]`, in the order of axes that the model has, for any batch; a named size is a size
 * of the run, too. Parameters keep their paths as names. `Left` names every layer that ONNX has no operators for, or says how many
 * bytes are too many for a file.
 *
 * @example
 * const model = pipe(input([2]), dense(1, 'sum'))
 * const params = { sum: { weight: tensor([[2], [3]]), bias: tensor([1]) } }
 * E.isRight(exportOnnx(model, params)) // => true
 */
export const exportOnnx = <I, O, P, D extends DType, Q, M>(
  model: ModelGiven<'exportOnnx', M, Model<I, O, P, D>>,
  params: Fitting<'exportOnnx', 'the model has', 'params', Q, Flat<NoInfer<P>>>,
  options: OnnxOptions = {},
): E.Either<OnnxError, Uint8Array> => exported(model as AnyModel, params, options)

const exported = (model: AnyModel, params: unknown, options: OnnxOptions): E.Either<OnnxError, Uint8Array> => {
  const { input, dtype, chain, sizes } = partsOf('exportOnnx', model)
  checkParameters('exportOnnx', params, chainParameters(chain))
  checkSizes('exportOnnx', chainParameters(chain), sizes)
  const fault = optionsFault(options) ?? sizeFault(chain, sizes)
  if (fault !== null) return E.left(fault)
  const { input: taken = 'input', output: gives = 'output', probabilities = false } = options
  const graph = emptyGraph([taken, gives])
  const refused: NotInOnnx[] = []
  const first: Value = { name: taken, shape: extentsOf(input, sizes), order: 'last' }
  const last = walkOf(graph, sizes, refused).chain(chain, params, '', dtype, first)
  if (refused.length > 0) return E.left(notInOnnx(refused))
  const nodes = ending(graph, last, taken, gives, probabilities)
  const port = (name: string, shape: readonly Extent[], type: DType): Port => ({
    name,
    dtype: type === 'i32' ? 'i32' : 'f32',
    shape: [batchName([...extentsOf(input, sizes), ...shape]), ...shape],
  })
  const [before, behind] = [port(taken, first.shape, dtype), port(gives, last.shape, chain.dtype)]
  const metadata = { 'shapewright.model': JSON.stringify(describe(model)) }
  const producer = { name: 'shapewright', version: VERSION }
  return E.right(encoded({ producer, metadata, nodes, constants: graph.constants, input: before, output: behind }))
}

const optionsFault = ({ input = 'input', output = 'output' }: OnnxOptions): OnnxError | null => {
  if (input === '' || output === '') return { tag: 'InvalidOptions', message: 'exportOnnx: input and output need names' }
  return input === output ? { tag: 'InvalidOptions', message: `exportOnnx: input and output are both named '${input}'` } : null
}
const sizeFault = (chain: Chain, sizes: Sizes): OnnxError | null => {
  const count = (shape: readonly Extent[]): number => shape.reduce<number>((n, dim) => n * (sizeOfDim(dim, sizes) as number), 1)
  const bytes = shapesIn(chainParameters(chain)).reduce((sum, { shape }) => sum + 4 * count(shape), 0)
  const message = `exportOnnx: the parameters have ${bytes} bytes, and a file of ONNX holds at most ${LIMIT}`
  return bytes > LIMIT ? { tag: 'TooLarge', message, bytes, limit: LIMIT } : null
}
const notInOnnx = (layers: readonly NotInOnnx[]): OnnxError => ({
  tag: 'NotInOnnx',
  message: `exportOnnx: ${layers.map(({ message }) => message).join('; ')}`,
  layers,
})

const extentsOf = (shape: readonly Extent[], sizes: Sizes): readonly Extent[] => shape.map((dim) => sizeOfDim(dim, sizes) ?? dim)
/** A name for the size of the batch, which the sizes of a sample do not have. */
const batchName = (others: readonly Extent[]): string => {
  let name = 'batch'
  for (let n = 1; others.includes(name); n++) name = `batch_${n}`
  return name
}

/** Adds layers to a graph. Where one is refused, the others go on, so that all that are refused are found. */
const walkOf = (graph: Graph, sizes: Sizes, refused: NotInOnnx[], mask: Mask | null = null): Walk => {
  const link: Walk['link'] = (each, params, path, dtype, x) => {
    const { layer: record, input, output } = each
    const shapes = { input: extentsOf(input, sizes), output: extentsOf(output, sizes) }
    const layer: Layer = { graph, record, path, ...shapes, link: each, dtype, params, sizes, mask, walk }
    const rule = record.options.own === true ? own : rules[record.kind as LayerKind]
    const value = rule(layer, x)
    if ('name' in value) return value
    refused.push({ layer: path, kind: record.kind, message: `${path} (${record.kind}) ${value.why}` })
    return { name: '', shape: shapes.output, order: 'last' }
  }
  const walk: Walk = {
    masked: (inner) => walkOf(graph, sizes, refused, inner),
    link,
    chain: ({ links }, params, path, dtype, x) =>
      links.reduce((value, each, i) => {
        const place = path === '' ? each.name : `${path}.${each.name}`
        const held = isWeighted(each) ? (params as Readonly<Record<string, unknown>>)[each.name] : null
        return link(each, held, place, i === 0 ? dtype : 'f32', value)
      }, x),
  }
  return walk
}

/** The nodes with the last value in our order, under the name of the output. */
const ending = (graph: Graph, last: Value, taken: string, gives: string, probabilities: boolean): readonly OnnxNode[] => {
  const { name } = graph.ordered(gives, last, 'last')
  const final = probabilities ? graph.add(gives, 'Softmax', [name], { axis: int(-1) }) : name
  // what a model without layers gives is what it takes
  const end = final === taken ? graph.add(gives, 'Identity', [final]) : final
  const renamed = (each: string): string => (each === end ? gives : each)
  return graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(renamed), outputs: node.outputs.map(renamed) }))
}
