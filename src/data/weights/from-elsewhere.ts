/** Parameters out of the tensors of another library: their names and layouts become ours, and all that does not fit is told at once. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { DType } from '../../../types/dim.ts'
import type { Flat, Model } from '../../../types/model.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import type { StoredArray } from '../../formats/stored-array.ts'
import { leaves, withLeaves } from '../../graph/tree.ts'
import type { AnyModel } from '../../model/model.ts'
import { typed } from '../../tensor/typed.ts'
import { type Block, zeroBlock } from './f32-block.ts'
import { keras } from './keras-layouts.ts'
import { type BlockPart, blockParts, type Layout, type Library, type TheirPart } from './layout.ts'
import { fitted, isLike, type Misfit, misfit, type TensorPlace, type WeightsOptions, type WrongTensor } from './misfit.ts'
import { wantedParams } from './params-from.ts'
import { type PlacedLayer, placedLayers } from './placed-layers.ts'
import { pytorch } from './pytorch-layouts.ts'

/** The name of a module of theirs; of a stack of recurrent layers in one module, also which one, from 0. */
export type ModuleName = string | { readonly module: string; readonly layer: number }

export interface ElsewhereOptions extends WeightsOptions {
  /** What a layer of ours is called there, by its path here: `{ hidden: 'fc1', 'encoder.norm': 'layers.0.norm1' }`. As here unless said. */
  readonly names?: Readonly<Record<string, ModuleName>>
  /** What stands before all of their names: the name of a model in Keras. */
  readonly root?: string
  /** Layers of ours, by their paths, that were made without a bias there: theirs becomes zeros here. */
  readonly withoutBias?: readonly string[]
}

export interface FromElsewhere {
  <I, O, P, D extends DType>(
    model: O extends infer Message extends string ? Message : Model<I, O, P, D>,
    tensors: ReadonlyMap<string, StoredArray>,
    options?: ElsewhereOptions,
  ): E.Either<Misfit, Flat<P>>
}

/**
 * The parameters of a model out of a `state_dict` of PyTorch, as `readSafetensors` gives its tensors: `Linear`, `Conv1d`, `Conv2d`,
 * their transposes, norms with their running statistics, `Embedding`, `RNN`, `GRU`, `LSTM`, `MultiheadAttention` and whole blocks of
 * transformers: `TransformerEncoderLayer`, those of GPT-2 and those of BERT.
 * Layouts are turned, also that of the first dense layer behind images, which are channels first there. What is missing, what the
 * model does not have and what has another shape is told at once, in their names. `docs/weights-from-elsewhere.md` has every layout.
 *
 * @example
 * const tensors = new Map([
 *   ['fc1.weight', { type: 'f32', shape: [1, 2], values: new Float32Array([3, 4]) } as const],
 *   ['fc1.bias', { type: 'f32', shape: [1], values: new Float32Array([5]) } as const],
 * ])
 * const params = fromPyTorch(pipe(input([2]), dense(1, 'out')), tensors, { names: { out: 'fc1' } })
 * E.isRight(params) && toArray(params.right.out.weight) // => [[3], [4]]
 */
export const fromPyTorch = typed<FromElsewhere>(
  (model: AnyModel, tensors: ReadonlyMap<string, StoredArray>, options?: ElsewhereOptions): E.Either<Misfit, unknown> =>
    converted(pytorch, model, tensors, options),
)

/**
 * The parameters of a model out of the variables of a Keras 3 model, by their `path`: `dense/kernel`. `root` is the model's name,
 * where paths begin with it. What is missing, what the model does not have and what has another shape is told at once, in their
 * names. `docs/weights-from-elsewhere.md` has every layout. Keras's norms add 0.001 to a variance unless said: say `epsilon` here.
 *
 * @example
 * const tensors = new Map([['seq/out/kernel', { type: 'f32', shape: [2, 1], values: new Float32Array([3, 4]) } as const]])
 * const params = fromKeras(pipe(input([2]), dense(1, 'out')), tensors, { root: 'seq', withoutBias: ['out'] })
 * E.isRight(params) && toArray(params.right.out.bias) // => [0]
 */
export const fromKeras = typed<FromElsewhere>(
  (model: AnyModel, tensors: ReadonlyMap<string, StoredArray>, options?: ElsewhereOptions): E.Either<Misfit, unknown> =>
    converted(keras, model, tensors, options),
)

const converted = (
  library: Library,
  model: AnyModel,
  tensors: ReadonlyMap<string, StoredArray>,
  options: ElsewhereOptions = {},
): E.Either<Misfit, unknown> => {
  const { op } = library
  const wanted = wantedParams(op, model)
  const layers = placedLayers(model, library)
  checkPaths(op, layers, options)
  const sources = layers.map((layer) => sourceOf(library, layer, tensors, options))
  const faults = faultsOf(library, sources, tensors, options)
  if (faults !== null) return E.left(faults)
  const arrays = new Map(sources.flatMap((source) => arraysOf(source, tensors)))
  return pipe(
    fitted(op, 'the model', leaves(wanted), arrays),
    E.map((nodes) => withLeaves(wanted, nodes)),
  )
}

/** A layer of ours beside what theirs would have. */
interface Source {
  readonly layer: PlacedLayer
  readonly layout: Layout
  /** The name of a tensor of theirs in the file. */
  readonly at: (part: TheirPart) => string
  readonly absent: (part: TheirPart) => boolean
}

const sourceOf = (library: Library, layer: PlacedLayer, tensors: ReadonlyMap<string, StoredArray>, options: ElsewhereOptions): Source => {
  const { module, level } = moduleOf(library, layer, tensors, options)
  const prefix = [options.root ?? '', module].filter((part) => part !== '').join(library.separator)
  const at = ({ name }: TheirPart): string => (prefix === '' ? name : `${prefix}${library.separator}${name}`)
  const layouts = library.layouts[layer.kind]({ ...layer, level, module })
  const there = layouts.filter(({ parts }) => parts.every((part) => part.isBias || tensors.has(at(part))))
  const known = there.find(({ parts }) => parts.every((part) => isOfShape(part, tensors.get(at(part))))) ?? there[0]
  const absent = ({ isBias }: TheirPart): boolean => isBias === true && (options.withoutBias?.includes(layer.path) ?? false)
  return { layer, layout: known ?? (layouts[0] as Layout), at, absent }
}

const isOfShape = ({ shape }: TheirPart, got: StoredArray | undefined): boolean =>
  got === undefined || (got.shape.length === shape.length && got.shape.every((size, i) => size === shape[i]))

/** The name of the layer's module; of a part of a block that was named as a whole, that in the block which has most of its parts. */
const moduleOf = (library: Library, layer: PlacedLayer, tensors: ReadonlyMap<string, StoredArray>, options: ElsewhereOptions) => {
  const { path, part } = layer
  const said = saidModule(library, path, options)
  if (part === undefined || Object.hasOwn(options.names ?? {}, path)) return said
  const { separator, blocks } = library
  const block = said.module.slice(0, Math.max(0, said.module.length - part.length - separator.length))
  const inside = (name: string): string => [block, name].filter((each) => each !== '').join(separator)
  const prefix = options.root === undefined ? '' : `${options.root}${separator}`
  const found = (names: Readonly<Record<string, string>>): number =>
    Object.values(names).filter((name) => [...tensors.keys()].some((key) => key.startsWith(`${prefix}${inside(name)}${separator}`))).length
  const best = [ownWords, ...blocks].reduce((most, names) => (found(names) > found(most) ? names : most))
  return { ...said, module: inside(best[part]) }
}
const ownWords = Object.fromEntries(Object.keys(blockParts).map((part) => [part, part])) as Readonly<Record<BlockPart, string>>

/** The name that was said for the layer, or for one around it with the rest behind. */
const saidModule = ({ separator }: Library, path: string, { names = {} }: ElsewhereOptions) => {
  const parts = path.split('.')
  for (let count = parts.length; count > 0; count--) {
    const outer = parts.slice(0, count).join('.')
    const given = Object.hasOwn(names, outer) ? names[outer] : undefined
    if (given === undefined) continue
    const { module, layer } = typeof given === 'string' ? { module: given, layer: 0 } : given
    return { module: [module, ...parts.slice(count)].join(separator), level: layer }
  }
  return { module: parts.join(separator), level: 0 }
}

/** A path that no layer has is a slip of whoever wrote it. */
const checkPaths = (op: string, layers: readonly PlacedLayer[], { names = {}, withoutBias = [] }: ElsewhereOptions): void => {
  const paths = layers.map(({ path }) => path)
  const isKnown = (path: string): boolean => paths.some((each) => each === path || each.startsWith(`${path}.`))
  const unknown = [...Object.keys(names), ...withoutBias].find((path) => !isKnown(path))
  if (unknown !== undefined) throw new ShapeError(`${op}: the model has no layer '${unknown}' with parameters; it has ${paths.join(', ')}`)
}

const faultsOf = (
  { op, ignored }: Library,
  sources: readonly Source[],
  tensors: ReadonlyMap<string, StoredArray>,
  options: ElsewhereOptions,
): Misfit | null => {
  const places = sources.flatMap(({ layout, at, absent }) =>
    layout.parts.filter((part) => !absent(part)).map((part): TensorPlace => ({ name: at(part), type: 'f32', shape: part.shape })),
  )
  const asked = new Set(places.map(({ name }) => name))
  const missing = places.filter(({ name }) => !tensors.has(name))
  const extra = [...tensors].flatMap(([name, { type, shape }]) => (asked.has(name) || ignored.test(name) ? [] : [{ name, type, shape }]))
  const wrong = places.flatMap((place): readonly WrongTensor[] => {
    const got = tensors.get(place.name)
    if (got === undefined || isLike(place, got, options)) return []
    return [{ name: place.name, expected: { type: 'f32', shape: place.shape }, got: { type: got.type, shape: got.shape } }]
  })
  return missing.length + extra.length + wrong.length === 0 ? null : misfit(op, 'the model', { missing, extra, wrong })
}

const arraysOf = (
  { layer, layout, at, absent }: Source,
  tensors: ReadonlyMap<string, StoredArray>,
): readonly (readonly [string, StoredArray])[] => {
  const blocks = new Map(
    layout.parts.map((part) => [part.name, absent(part) ? zeroBlock(part.shape) : blockOf(tensors.get(at(part)) as StoredArray)]),
  )
  const read = layout.read((name) => blocks.get(name) as Block)
  return Object.entries(read).map(([name, block]) => {
    const { shape, values } = layer.turned(name, block)
    return [`${layer.path}.${name}`, { type: 'f32', shape, values: values.slice() }] as const
  })
}
/** The types were compared: f16 and bf16 are held as f32. */
const blockOf = ({ type, shape, values }: StoredArray): Block => ({
  shape,
  values: type === 'f64' ? Float32Array.from(values) : (values as Float32Array),
})
