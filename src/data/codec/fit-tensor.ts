/** A tensor under another shape of the same sizes: a name takes its size from what comes, and the shape is the wanted one. */
import * as E from 'fp-ts/lib/Either.js'
import type { Dim, Dims, Sizes } from '../../../types/dim.ts'
import { factors, sizeOfDim } from '../../../types/elements.ts'
import { same } from '../../../types/same.ts'
import { data } from '../../graph/expression.ts'
import { make, markStatistic, ownSizes } from '../../graph/make.ts'
import type { Node } from '../../graph/node.ts'
import { isTensor } from './foreign.ts'
import { isName, showSized, type Wanted } from './wanted.ts'

/** Why it does not fit; `axis` is one that does not. */
export type Misfit = { readonly tag: 'WrongDType' } | { readonly tag: 'WrongRank' } | { readonly tag: 'WrongSize'; readonly axis: number }

/** The same elements, in the wanted shape and with the sizes of its names; the tensor itself where it has both. */
export const fitTensor = (want: Wanted, node: Node): E.Either<Misfit, Node> => {
  if (node.dtype !== want.dtype) return E.left({ tag: 'WrongDType' })
  if (node.shape.length !== want.dims.length) return E.left({ tag: 'WrongRank' })
  const known = new Map<string, number | null>(Object.entries(want.sizes))
  // names first: what they take decides what their products are
  const [names, others] = separated(want.dims)
  const axis = [...names, ...others].find((i) => !takes(known, want.dims[i] as Dim, node, i))
  if (axis !== undefined) return E.left({ tag: 'WrongSize', axis })
  const sizes = Object.fromEntries([...known].flatMap(([name, size]) => (size === null ? [] : [[name, size]])))
  return E.right(reshaped(node, want.dims, ownSizes(want.dims, sizes)))
}
const separated = (dims: Dims): readonly [readonly number[], readonly number[]] => {
  const axes = dims.map((_, axis) => axis)
  return [axes.filter((axis) => isName(dims[axis] as Dim)), axes.filter((axis) => !isName(dims[axis] as Dim))]
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

/** Whether an axis is the wanted dim. A name takes its size, null where it stays open; a name that is known keeps what it has. */
const takes = (known: Map<string, number | null>, want: Dim, { shape, sizes }: Node, axis: number): boolean => {
  const got = shape[axis] as Dim
  const size = sizeOfDim(got, sizes)
  if (want === got) return factors([want])[1].every((name) => learn(known, name, Object.hasOwn(sizes, name) ? (sizes[name] ?? null) : null))
  if (size === null) return false
  if (isName(want)) return (Object.hasOwn(sizes, want) ? sizes[want] : size) === size && learn(known, want, size)
  const bound = Object.fromEntries([...known].map(([name, each]) => [name, each ?? Number.NaN]))
  return sizeOfDim(want, bound) === size
}
const learn = (known: Map<string, number | null>, name: string, size: number | null): boolean => {
  if (known.has(name)) return known.get(name) === size
  known.set(name, size)
  return true
}

const reshaped = (node: Node, dims: Dims, sizes: Sizes): Node => {
  if (same(node.shape, dims) && Object.entries(sizes).every(([name, size]) => node.sizes[name] === size)) return node
  const made = node.op === 'data' ? data(node.attributes.values, dims, node.dtype, sizes) : make('reshape', [node], { shape: dims }, sizes)
  return node.statistic ? markStatistic(made) : made
}
