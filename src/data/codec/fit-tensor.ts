/** A tensor under another shape of the same sizes: a name takes its size from what comes, and the shape is the wanted one. */
import * as E from 'fp-ts/lib/Either.js'
import type { Dims, Sizes } from '../../../types/dim.ts'
import { factors, sizeOfDim } from '../../../types/elements.ts'
import { same } from '../../../types/same.ts'
import { data } from '../../graph/expression.ts'
import { make, markStatistic } from '../../graph/make.ts'
import type { Node } from '../../graph/node.ts'
import { isTensor } from './foreign.ts'
import { isName, ownSizes, showSized, type Wanted } from './wanted.ts'

/** Why it does not fit; `axis` is the first one that does not. */
export type Misfit = { readonly tag: 'WrongDType' } | { readonly tag: 'WrongRank' } | { readonly tag: 'WrongSize'; readonly axis: number }

/** The same elements, in the wanted shape and with the sizes of its names; the tensor itself where it has both. */
export const fitTensor = (want: Wanted, node: Node): E.Either<Misfit, Node> => {
  if (node.dtype !== want.dtype) return E.left({ tag: 'WrongDType' })
  if (node.shape.length !== want.dims.length) return E.left({ tag: 'WrongRank' })
  const known = new Map(Object.entries(want.sizes))
  const wrong = want.dims.findIndex((dim, axis) => isName(dim) && !takes(known, dim, node, axis))
  const sizes = Object.fromEntries([...known].flatMap(([name, size]) => (size === null ? [] : [[name, size]])))
  const axis = wrong >= 0 ? wrong : want.dims.findIndex((_, i) => !isName(want.dims[i] ?? 0) && !isSame(want.dims, sizes, node, i))
  return axis >= 0 ? E.left({ tag: 'WrongSize', axis }) : E.right(reshaped(node, want.dims, ownSizes(want.dims, sizes)))
}

/** `[32, 783]`, with the sizes that the wanted names have below it. */
export const showNode = (want: Wanted, { shape, sizes, dtype }: Node): string => {
  const seen = factors([...shape, ...want.dims])[1].filter((name) => Object.hasOwn(sizes, name))
  const clash = seen.filter((name) => !factors(shape)[1].includes(name))
  const text = showSized({ dims: shape, sizes, dtype })
  return clash.length === 0 ? text : `${text}, where ${clash.map((name) => `${name} is ${sizes[name]}`).join(', ')}`
}

/** Whether a tensor has the wanted shape as it is. */
export const isFitting = (want: Wanted, x: unknown): boolean =>
  isTensor(x) &&
  x.dtype === want.dtype &&
  same(x.shape, want.dims) &&
  Object.entries(want.sizes).every(([name, size]) => x.sizes[name] === size)

/** Gives a name the size of an axis; null is the size of a name that stays open. False where it has another. */
const takes = (known: Map<string, number | null>, name: string, { shape, sizes }: Node, axis: number): boolean => {
  const size = sizeOfDim(shape[axis] ?? 0, sizes)
  const elsewhere = Object.hasOwn(sizes, name) ? sizes[name] : undefined
  if (size === null && (shape[axis] !== name || (known.get(name) ?? null) !== null)) return false
  if (known.has(name) ? known.get(name) !== size : (elsewhere ?? size) !== size) return false
  known.set(name, size)
  return true
}
const isSame = (dims: Dims, known: Sizes, { shape, sizes }: Node, axis: number): boolean => {
  const [want, got] = [dims[axis] ?? 0, shape[axis] ?? 0]
  const size = sizeOfDim(got, sizes)
  return size === null ? want === got : sizeOfDim(want, known) === size
}

const reshaped = (node: Node, dims: Dims, sizes: Sizes): Node => {
  if (same(node.shape, dims) && Object.entries(sizes).every(([name, size]) => node.sizes[name] === size)) return node
  const made = node.op === 'data' ? data(node.attributes.values, dims, node.dtype, sizes) : make('reshape', [node], { shape: dims }, sizes)
  return node.statistic ? markStatistic(made) : made
}
