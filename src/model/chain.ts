/** Layers in a row, each with its name and its shapes: what a model, a block and a composition are at run time. */
import type { Dims, DType, Sizes } from '../../types/dim.ts'
import type { Key } from '../../types/key.ts'
import { otherTypeMessage } from '../../types/layer.ts'
import { freeName, usedMessage } from '../../types/name.ts'
import { same } from '../../types/same.ts'
import { show } from '../../types/show.ts'
import { InternalError } from '../graph/internal-error.ts'
import type { Node } from '../graph/node.ts'
import type { LayerRecord, Mode, ParameterShapes } from '../tensor/protocol.ts'
import { foldIn } from '../tensor/random.ts'

export interface Link {
  readonly layer: LayerRecord
  /** Of its parameters; where it has none, what its random numbers go by. */
  readonly name: string
  readonly input: Dims
  readonly output: Dims
}
export interface Chain {
  readonly links: readonly Link[]
  /** What the last layer gives. */
  readonly shape: Dims
  readonly dtype: DType
}
/** A layer's parameters by their names, in the order of the layers. */
export type ByName<T> = Readonly<Record<string, T>>

export const emptyChain = (shape: Dims, dtype: DType): Chain => ({ links: [], shape, dtype })

/** The dtype that a layer takes: where the layers inside say, what the first of them takes. */
export const takenBy = (layer: LayerRecord | undefined): DType =>
  layer?.takes === undefined ? 'f32' : (layer.takes ?? takenBy(layer.layers?.[0]))

/** What the layer makes of a shape, or the message: the value twin of `ShapeFault`. */
export const outputOf = (layer: LayerRecord, shape: Dims, dtype: DType): Dims | string => {
  const takes = layer.takes === undefined ? 'f32' : (layer.takes ?? dtype)
  return takes === dtype ? layer.out(shape, dtype) : otherTypeMessage(layer.kind, takes, dtype)
}

/** The chain with one more layer, or the message: the value twin of `Fault` and `Grow`. */
export const linked = (chain: Chain, layer: LayerRecord): Chain | string => {
  const output = outputOf(layer, chain.shape, chain.dtype)
  if (typeof output === 'string') return output
  const taken = new Set(chain.links.filter(isWeighted).map(({ name }) => name))
  const message = layerUsedMessage(layer, taken)
  if (message !== null) return message
  const link = { layer, name: nameOf(chain, layer, taken), input: chain.shape, output: Object.freeze(output) }
  return { links: [...chain.links, link], shape: link.output, dtype: 'f32' }
}
/** The layers one after another, or the first message. */
export const chained = (chain: Chain | string, layers: readonly LayerRecord[]): Chain | string =>
  layers.reduce((row, layer) => (typeof row === 'string' ? row : linked(row, layer)), chain)

/** Layers side by side, each given the same input, or the first message. */
export const branched = (shape: Dims, dtype: DType, layers: readonly LayerRecord[]): Chain | string =>
  layers.reduce<Chain | string>(
    (row, layer) => (typeof row === 'string' ? row : linked({ links: row.links, shape, dtype }, layer)),
    emptyChain(shape, dtype),
  )
/** The layers inside a layer, as they stand. */
export const chainInside = ({ parallel, layers = [] }: LayerRecord, shape: Dims, dtype: DType): Chain | string =>
  parallel ? branched(shape, dtype, layers) : chained(emptyChain(shape, dtype), layers)

/** A shape that a layer was made for, with and without one more dim before it; empty where it takes any. */
type Open = readonly Dims[]
const openShape = (from: Dims | undefined): Open => (from === undefined ? [] : [from, [2, ...from]])

/** The message of a block that is in no model yet, or null: the value twin of `BlockFaults`. */
export const blockMessage = (layers: readonly LayerRecord[]): string | null =>
  openMessage(layers, openShape(layers[0]?.from), ([plain, longer]) =>
    isDims(plain) && isDims(longer) && same(longer, [2, ...plain]) ? [plain, longer] : [],
  )
/** The message of branches that are in no model yet, or null: the value twin of `BranchFaults`. */
export const branchesMessage = (layers: readonly LayerRecord[]): string | null => {
  const open = openShape(layers.find(({ from }) => from !== undefined)?.from)
  return openMessage(layers, open, () => open)
}
/** `next`: what the layer behind is given, where that is known. */
const openMessage = (layers: readonly LayerRecord[], open: Open, next: (outputs: readonly (Dims | string)[]) => Open): string | null => {
  const taken = new Set<string>()
  let given = open
  for (const layer of layers) {
    const outputs = given.map((shape) => outputOf(layer, shape, 'f32'))
    const [plain, longer] = outputs
    if (typeof plain === 'string' && plain === longer) return plain
    const message = layerUsedMessage(layer, taken)
    if (message !== null) return message
    if (layer.parameters !== undefined) taken.add(layer.name ?? freeName(layer.kind, taken))
    given = next(outputs)
  }
  return null
}

export const isWeighted = ({ layer }: Link): boolean => layer.parameters !== undefined

/** The shapes of all parameters. */
export const chainParameters = ({ links }: Chain): ByName<ParameterShapes> =>
  byName(links, ({ layer, input }) => layer.parameters?.(input) ?? {})

/** The parameters, each layer's from a key of its own: so another layer before or after does not shift its numbers. */
export const initChain = ({ links }: Chain, key: Key, sizes: Sizes): ByName<unknown> =>
  byName(links, ({ layer, name, input }) => layer.init(input, foldIn(key, name), sizes))

/** The output of the last layer for a batch, and the parameters as the layers give them back. */
export const applyChain = ({ links }: Chain, params: unknown, x: Node, mode: Mode): { readonly y: Node; readonly params: unknown } => {
  const next = new Map<string, unknown>()
  let y = x
  for (const link of links) {
    const applied = applyLink(link, params, y, mode)
    y = applied.y
    next.set(link.name, applied.params)
  }
  return { y, params: byName(links, ({ name }) => next.get(name)) }
}
/** The output of each layer for the same batch, and the parameters as the layers give them back. */
export const applyBranches = (
  { links }: Chain,
  params: unknown,
  x: Node,
  mode: Mode,
): { readonly outputs: readonly Node[]; readonly params: unknown } => {
  const applied = new Map(links.map((link) => [link.name, applyLink(link, params, x, mode)]))
  return { outputs: links.map(({ name }) => applied.get(name)?.y as Node), params: byName(links, ({ name }) => applied.get(name)?.params) }
}
const applyLink = (link: Link, params: unknown, x: Node, mode: Mode) => {
  const { layer, name, output } = link
  const applied = layer.apply(isWeighted(link) ? (params as ByName<unknown>)[name] : null, x, modeOf(mode, name))
  const declared = [...x.shape.slice(0, 1), ...output]
  const gives = applied.y.shape
  if (!same(gives, declared)) throw new InternalError(`${name} gives ${show(gives)}, it declares ${show(declared)}`, 'model -> apply')
  return applied
}

const layerUsedMessage = ({ kind, name }: LayerRecord, taken: ReadonlySet<string>): string | null =>
  name === null ? null : usedMessage(kind, name, taken)
const isDims = (output: Dims | string | undefined): output is Dims => Array.isArray(output)
/** A name that the parameters do not have; among layers without parameters, one that no other goes by. */
const nameOf = ({ links }: Chain, layer: LayerRecord, taken: ReadonlySet<string>): string => {
  if (layer.parameters !== undefined) return layer.name ?? freeName(layer.kind, taken)
  const all = new Set(links.map(({ name }) => name))
  return layer.name !== null && !all.has(layer.name) ? layer.name : freeName(layer.name ?? layer.kind, all)
}
const byName = <T>(links: readonly Link[], f: (link: Link) => T): ByName<T> =>
  Object.freeze(Object.fromEntries(links.filter(isWeighted).map((link) => [link.name, f(link)])))
const modeOf = (mode: Mode, name: string): Mode => (mode.training ? { ...mode, key: foldIn(mode.key, name) } : mode)
