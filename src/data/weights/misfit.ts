/** Stored arrays by name beside the tensors that are asked for: all that does not fit is told at once. */
import * as E from 'fp-ts/lib/Either.js'
import type { DType } from '../../../types/dim.ts'
import { sizeOfDim } from '../../../types/elements.ts'
import { show } from '../../../types/show.ts'
import type { StoredArray, StoredType } from '../../formats/stored-array.ts'
import { quoted } from '../../formats/strict-json.ts'
import { data } from '../../graph/expression.ts'
import { markStatistic, ownSizes } from '../../graph/make.ts'
import type { Node } from '../../graph/node.ts'
import type { Leaf } from '../../graph/tree.ts'

/** A tensor of a file, or one that a file should have. */
export interface TensorPlace {
  /** `hidden.weight` */
  readonly name: string
  readonly type: StoredType
  readonly shape: readonly number[]
}
/** A tensor of another shape or type than the one of its name that is asked for. */
export interface WrongTensor {
  readonly name: string
  readonly expected: Omit<TensorPlace, 'name'>
  readonly got: Omit<TensorPlace, 'name'>
}
/** All that does not fit; `message` says it in one sentence. */
export interface Misfit {
  readonly tag: 'Misfit'
  readonly message: string
  readonly missing: readonly TensorPlace[]
  readonly extra: readonly TensorPlace[]
  readonly wrong: readonly WrongTensor[]
}

export interface WeightsOptions {
  /** Whether f64 may be rounded to f32, which is what parameters are; false unless said. f16 and bf16 fit into f32. */
  readonly round?: boolean
}

/** What is asked for: each leaf's value, in order, out of the arrays; there may be no others. */
export const fitted = (
  op: string,
  owner: string,
  wanted: readonly Leaf[],
  tensors: ReadonlyMap<string, StoredArray>,
  options: WeightsOptions = {},
): E.Either<Misfit, readonly Node[]> => {
  const places = wanted.map(({ path, node }): TensorPlace => ({ name: path, type: stored[node.dtype], shape: sizesOf(node) }))
  const names = new Set(places.map(({ name }) => name))
  const missing = places.filter(({ name }) => !tensors.has(name))
  const extra = [...tensors].flatMap(([name, { type, shape }]) => (names.has(name) ? [] : [{ name, type, shape }]))
  const wrong = places.flatMap((place) => {
    const got = tensors.get(place.name)
    return got === undefined || isLike(place, got, options) ? [] : [wrongTensor(place, got)]
  })
  if (missing.length + extra.length + wrong.length > 0) return E.left(misfit(op, owner, { missing, extra, wrong }))
  return E.right(wanted.map(({ node }, i) => heldIn(node, tensors.get((places[i] as TensorPlace).name) as StoredArray)))
}

/** What holds each dtype in a file. */
export const stored = { f32: 'f32', i32: 'i32', bool: 'bool' } as const satisfies { readonly [D in DType]: StoredType }

/** The sizes of a shape whose names are bound. */
export const sizesOf = ({ shape, sizes }: Node): readonly number[] => shape.map((dim) => sizeOfDim(dim, sizes) as number)

export const isLike = (place: TensorPlace, got: StoredArray, { round = false }: WeightsOptions): boolean => {
  const types: readonly StoredType[] = place.type !== 'f32' ? [place.type] : round ? ['f32', 'f16', 'bf16', 'f64'] : ['f32', 'f16', 'bf16']
  return types.includes(got.type) && isSameShape(got.shape, place.shape)
}
const isSameShape = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((size, i) => size === b[i])

const wrongTensor = ({ name, type, shape }: TensorPlace, got: StoredArray): WrongTensor => ({
  name,
  expected: { type, shape },
  got: { type: got.type, shape: got.shape },
})

/** All faults in one sentence. */
export const misfit = (op: string, owner: string, faults: Omit<Misfit, 'tag' | 'message'>): Misfit => {
  const { missing, extra, wrong } = faults
  const parts = [
    ...(missing.length === 0 ? [] : [`missing: ${missing.map(shownPlace).join(', ')}`]),
    ...(extra.length === 0 ? [] : [`not of ${owner}: ${extra.map(shownPlace).join(', ')}`]),
    ...wrong.map(
      ({ name, expected, got }) => `${shownName(name)} is ${shownArray(got)}, expected ${shownArray(expected)}${hint(expected, got)}`,
    ),
  ]
  return { tag: 'Misfit', message: `${op}: the tensors do not fit ${owner}; ${parts.join('; ')}`, ...faults }
}
const shownPlace = (place: TensorPlace): string => `${shownName(place.name)} ${shownArray(place)}`
const shownArray = ({ type, shape }: Omit<TensorPlace, 'name'>): string => `${type === 'f32' ? '' : `${type} `}${show(shape)}`
/** Names of strangers may hold anything. */
const shownName = (name: string): string => (/^[\w.-]{1,200}$/.test(name) ? name : quoted(name))

/** What the reader of the message is likely to need. */
const hint = (expected: WrongTensor['expected'], got: WrongTensor['got']): string => {
  if (got.type === 'f64' && isSameShape(got.shape, expected.shape)) return ' (write { round: true } to round it)'
  const isTurned = expected.shape.length > 1 && isSameShape([...got.shape].reverse(), expected.shape)
  return isTurned ? ' (turned round: other libraries write weights as [out, in])' : ''
}

const heldIn = ({ shape, dtype, sizes, statistic }: Node, { type, values }: StoredArray): Node => {
  // f16 and bf16 are held as f32; the types were compared
  const elements = type === 'f64' ? Float32Array.from(values) : (values as Float32Array)
  const node = data(elements, shape, dtype, ownSizes(shape, sizes))
  return statistic ? markStatistic(node) : node
}
