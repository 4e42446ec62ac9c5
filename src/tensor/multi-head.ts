/** Attention in heads, with the parameters of a layer of attention: of a sequence to itself, or to another. */
import type { LengthsOf, MaskOf } from '../../types/attention.ts'
import { attentionOptionsMessage } from '../../types/attention.ts'
import type { Dim, DType, Shape } from '../../types/dim.ts'
import { type Fitting, fitting, type Leaf, type Leaves } from '../../types/fitting.ts'
import type { AttentionParams, BiasedAttentionParams, ColumnsOf, ParamsLike } from '../../types/heads.ts'
import { type MultiHeadShape, memoryMessage, multiHeadShape, type ParamsHeadsMessage, paramsHeadsMessage } from '../../types/multi-head.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { add, dot, permute, reshape } from '../graph/expression.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { leafOf } from '../graph/tree.ts'
import { shown, tensorNode } from './argument.ts'
import { type Attention, type AttentionOptions, attended, optional } from './attention.ts'
import { turned } from './positions.ts'
import { typed } from './typed.ts'

export interface MultiHeadOptions extends AttentionOptions {
  /** How many heads share the depth equally. */
  readonly heads: number
}
type Given = MultiHeadOptions | (MultiHeadOptions & Readonly<Record<string, unknown>>)
type Op = 'multiHeadAttention'

/** `multiHeadAttention(params, memory, options)`: what it gives for queries, or why it gives nothing. D is the depth. */
export interface MultiHead<
  in out M extends Shape,
  in out F extends DType,
  in out D,
  in out Fault = null,
  in out A = null,
  in out L = null,
> {
  <Q extends Shape, G extends DType>(
    query: Fits<MultiHeadShape<Q, G, M, F, D, Fault, A, L>, Tensor<Q, G>>,
  ): Found<MultiHeadShape<Q, G, M, F, D, Fault, A, L>>
}
type Found<R> = R extends Shape ? Tensor<R> : never

/** Nothing but its parameters is asked of the memory here: a compiler could not infer what a nested call gives. */
export type MultiHeadFunction = <P, M extends Shape, F extends DType, const O extends Given>(
  params: Fitting<Op, 'the layer has', 'params', P, ParamsLike<P>>,
  memory: Tensor<M, F>,
  options: O,
) => MultiHead<
  M,
  F,
  ColumnsOf<P, 'query'>,
  ParamsHeadsMessage<ColumnsOf<P, 'query'>, ColumnsOf<P, 'key'>, O['heads']>,
  MaskOf<O, keyof MultiHeadOptions, Op>,
  LengthsOf<O, Op>
>

/**
 * Attention in heads to another sequence, as a decoder looks at what an encoder gives: `multiHeadAttention(params, memory, { heads })`
 * takes queries `[..., n, d]` and a memory `[..., m, d] -> [..., n, d]`. The parameters are those of a layer `attention(heads)`, with
 * biases or without; as many heads share keys and values as their depth says. With `causal`, `mask` (the same for all heads) or
 * `lengths` of the memory a query sees some places only, as in `attention`.
 *
 * @example
 * const params = { query: tensor([[1]]), key: tensor([[1]]), value: tensor([[1]]), output: tensor([[2]]) }
 * const memory = tensor([[4], [4], [9]])
 * toArray(pipe(tensor([[0]]), multiHeadAttention(params, memory, { heads: 1, lengths: scalar(2, 'i32') }))) // => [[8]]
 */
export const multiHeadAttention = typed<MultiHeadFunction>((given: unknown, memory: unknown, options: MultiHeadOptions) => {
  const op: Op = 'multiHeadAttention'
  const params = paramsIn(op, given)
  if (typeof options !== 'object' || options === null) throw new ShapeError(`${op}: expected options by name, got ${shown(options)}`)
  const [depth, keys] = [params.query.shape[1] as Dim, params.key.shape[1] as Dim]
  const wrong = paramsHeadsMessage(depth, keys, options.heads)
  if (wrong !== null) throw new ShapeError(wrong)
  const place = tensorNode(op, memory)
  const [mask, lengths] = [optional(op, options.mask), optional(op, options.lengths)]
  const fault =
    memoryMessage(place.shape, depth) ?? attentionOptionsMessage(op, options, mask, lengths, ['heads', 'causal', 'mask', 'lengths'])
  if (fault !== null) throw new ShapeError(fault)
  const { heads } = options
  const heading = { heads, groups: (keys as number) / ((depth as number) / heads), rotary: false }
  return (query: unknown) => {
    const q = tensorNode(op, query)
    fits(multiHeadShape(q.shape, place.shape, mask?.shape ?? null, lengths?.shape ?? null))
    const seen = { causal: options.causal === true, lengths, mask: mask === null ? null : forHeads(mask, heading) }
    return tensorOf(inHeads(params, q, place, heading, seen))
  }
})

type Matrix = keyof AttentionParams<never>
type Bias = Exclude<keyof BiasedAttentionParams<never>, Matrix>
/** The parameters of attention, or what belongs to each. */
export type AttentionParts<T = Node> = { readonly [Part in Matrix]: T } & { readonly [Part in Bias]?: T }

/** The parameters given to `op`, checked against what their queries and keys say. */
const paramsIn = (op: Op, given: unknown): AttentionParts => {
  const own = (given ?? {}) as Partial<AttentionParts>
  const [depth, keys] = [own.query, own.key].map((part) => leafOf(part)?.shape.at(-1) ?? 1) as [Dim, Dim]
  const matrices = { query: [depth, depth], key: [depth, keys], value: [depth, keys], output: [depth, depth] }
  const biases = { queryBias: [depth], keyBias: [keys], valueBias: [keys], outputBias: [depth] }
  const shapes: Readonly<Record<string, readonly Dim[]>> = { ...matrices, ...('queryBias' in own ? biases : {}) }
  const wanted = Object.entries(shapes).map(([name, shape]): readonly [string, Leaf] => [name, { shape: [...shape], dtype: 'f32' }])
  const fault = fitting(op, 'the layer has', 'params', given, Object.fromEntries(wanted), leaves)
  if (fault !== null) throw new ShapeError(fault)
  return given as AttentionParts
}
const leaves: Leaves = { given: leafOf, wanted: (x) => (typeof x === 'object' && x !== null && 'dtype' in x ? (x as Leaf) : null) }

/** How attention is divided: heads of queries, and groups of them that share a head of keys and values. */
export interface Heading {
  readonly heads: number
  readonly groups: number
  readonly rotary: boolean
}
/** A mask `[..., n, m]` that is the same for all heads. */
const forHeads = (mask: Node, { heads, groups }: Heading): Node =>
  mask.shape.length < 2 ? mask : reshape(mask, [...mask.shape.slice(0, -2), ...(heads === groups ? [1] : [1, 1]), ...mask.shape.slice(-2)])

/** What each place of `x` finds in `memory`, over nodes whose shapes fit. */
export const inHeads = (params: AttentionParts, x: Node, memory: Node, { heads, groups, rotary }: Heading, seen: Attention): Node => {
  const depth = x.shape.at(-1) as number
  const perHead = depth / heads
  const each = heads / groups
  // [..., groups, heads of a group, time, depth of a head], without what is one
  const split = (part: 'query' | 'key' | 'value', from: Node, apart: readonly number[]): Node => {
    const lead = from.shape.slice(0, -2)
    const [first, time] = [lead.length, from.shape.at(-2) as Dim]
    const behind = apart.length === 2 ? [first + 1, first + 2, first, first + 3] : [first + 1, first, first + 2]
    return permute(reshape(through(params, part, from), [...lead, time, ...apart, perHead]), [...lead.keys(), ...behind])
  }
  const turn = rotary ? turned : (y: Node) => y
  const shared = (y: Node): Node => (each === 1 ? y : reshape(y, [...y.shape.slice(0, -2), 1, ...y.shape.slice(-2)]))
  const query = turn(split('query', x, each === 1 ? [heads] : [groups, each]))
  const key = shared(turn(split('key', memory, [groups])))
  const value = shared(split('value', memory, [groups]))
  const found = attended(query, key, value, seen)
  const first = found.shape.length - (each === 1 ? 3 : 4)
  const behind = each === 1 ? [first + 1, first, first + 2] : [first + 2, first, first + 1, first + 3]
  const lead = found.shape.slice(0, first)
  const joined = permute(found, [...lead.keys(), ...behind])
  return through(params, 'output', reshape(joined, [...lead, x.shape.at(-2) as Dim, depth]))
}
/** x matrix + bias */
const through = (params: AttentionParts, part: Matrix, x: Node): Node => {
  const [product, bias] = [dot(x, params[part], [[x.shape.length - 1], [0]]), params[`${part}Bias`]]
  return bias === undefined ? product : add(product, bias)
}
