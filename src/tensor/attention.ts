/** Scaled dot-product attention of tensors: what queries find among keys. It is in the subpath `shapewright/ops`. */
import {
  type AttentionShape,
  attentionOptionsMessage,
  attentionShape,
  keysMessage,
  type LengthsOf,
  type MaskOf,
} from '../../types/attention.ts'
import type { Dim, Dims, DType, Shape } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import { sizeOfDim } from '../../types/elements.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { DimsAndType } from '../../types/show.ts'
import type { Tensor } from '../../types/tensor.ts'
import * as e from '../graph/expression.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { shown, tensorNode } from './argument.ts'
import { typed } from './typed.ts'

export interface AttentionOptions {
  /** Query i sees the keys 0 to i alone: what comes later is hidden. */
  readonly causal?: boolean | undefined
  /** bool: where it is false, that query does not see that key. It broadcasts to the scores `[..., n, m]`. */
  readonly mask?: DimsAndType | undefined
  /** i32: how many keys count, from the first on, for each of the leading dims: `[batch]`, or `[batch, heads]`. */
  readonly lengths?: DimsAndType | undefined
}
type Given = AttentionOptions | (AttentionOptions & Readonly<Record<string, unknown>>)
type Known = keyof AttentionOptions

/**
 * `attention(key, value, options)`: what it gives for queries, or why it gives nothing. M is the shape of a mask and L of
 * lengths, null for none.
 */
export interface Attending<
  in out K extends Shape,
  in out V extends Shape,
  in out M = null,
  in out L = null,
  in out D extends DType = 'f32',
  in out E extends DType = 'f32',
> {
  <Q extends Shape, G extends DType>(
    query: Fits<AttentionShape<Q, G, K, D, V, E, M, L>, Tensor<Q, G>>,
  ): Attended<AttentionShape<Q, G, K, D, V, E, M, L>>
}
type Attended<R> = R extends Shape ? Tensor<R> : never

/** Nothing is asked of keys and values here: a compiler could not infer what a nested call gives. */
export interface AttentionFunction {
  <K extends Shape, D extends DType, V extends Shape, E extends DType>(
    key: Tensor<K, D>,
    value: Tensor<V, E>,
  ): Attending<K, V, null, null, D, E>
  <K extends Shape, D extends DType, V extends Shape, E extends DType, const O extends Given>(
    key: Tensor<K, D>,
    value: Tensor<V, E>,
    options: O,
  ): Attending<K, V, MaskOf<O, Known>, LengthsOf<O>, D, E>
}

/**
 * Scaled dot-product attention, `attention(key, value, options)(query)`: softmax(query key^T / sqrt(d)) value, with queries
 * `[..., n, d]`, keys `[..., m, d]` and values `[..., m, e] -> [..., n, e]` (A. Vaswani et al., "Attention is all you need",
 * 2017). What stands in front broadcasts. With `causal`, `mask` or `lengths` a query sees some keys only; what sees none gets
 * zeros, and no gradient goes through it.
 *
 * @example
 * const [key, value] = [tensor([[0], [0], [9]]), tensor([[1], [3], [8]])]
 * toArray(pipe(tensor([[1], [1]]), attention(key, value, { causal: true }))) // => [[1], [2]]
 */
export const attention = typed<AttentionFunction>((key: unknown, value: unknown, options: AttentionOptions = {}) => {
  const [k, v] = [tensorNode('attention', key), tensorNode('attention', value)]
  const message = keysMessage('attention', k.shape, v.shape)
  if (message !== null) throw new ShapeError(message)
  if (typeof options !== 'object' || options === null) throw new ShapeError(`attention: expected options by name, got ${shown(options)}`)
  const [mask, lengths] = [optional('attention', options.mask), optional('attention', options.lengths)]
  const fault = attentionOptionsMessage('attention', options, mask, lengths, ['causal', 'mask', 'lengths'])
  if (fault !== null) throw new ShapeError(fault)
  return (query: unknown) => {
    const q = tensorNode('attention', query)
    fits(attentionShape('attention', q.shape, k.shape, v.shape, mask?.shape ?? null, lengths?.shape ?? null))
    return tensorOf(attended(q, k, v, { causal: options.causal === true, mask, lengths }))
  }
})
/** The node of an option that may be absent. */
export const optional = (op: string, x: unknown): Node | null => (x === undefined ? null : tensorNode(op, x, anyDType))

export interface Attention {
  readonly causal?: boolean
  readonly mask?: Node | null
  readonly lengths?: Node | null
  /** What becomes of the weights before they weigh: dropout. */
  readonly drop?: (weights: Node) => Node
}
/**
 * Attention over nodes whose shapes fit. The powers of e weigh the values as they are, and the rows of the result are divided
 * by their sums: so neither forward nor backward is anything of [n, m] divided, or summed once more.
 */
export const attended = (query: Node, key: Node, value: Node, { causal = false, mask = null, lengths = null, drop }: Attention): Node => {
  const [q, k, v] = together(query, key, value)
  const rank = q.shape.length
  const [depth, rows, batch] = [rank - 1, rank - 2, rank - 2]
  const scores = e.mul(e.dot(q, k, [[depth], [depth]], batch), scaleOf(q.shape[depth] as Dim))
  const seen = [
    ...(causal ? [earlier(scores)] : []),
    ...(mask === null ? [] : [e.broadcastTo(mask, scores.shape)]),
    ...(lengths === null ? [] : [before(scores, lengths)]),
  ]
  const hidden =
    seen.length === 0
      ? scores
      : e.select(
          seen.reduce((a, b) => e.binary('and', a, b)),
          scores,
          Number.NEGATIVE_INFINITY,
        )
  const greatest = e.stopGradient(e.max(hidden, [depth], true))
  // a row of which nothing is seen has no greatest: all of its powers are 0, and their sum, by which nothing is divided
  const blind = mask !== null || lengths !== null || sizeOfDim(k.shape[rows] as Dim, k.sizes) === 0
  const peak = blind ? e.select(e.greater(greatest, Number.NEGATIVE_INFINITY), greatest, 0) : greatest
  const powers = e.exp(e.sub(hidden, peak))
  const total = e.sum(powers, [depth], true)
  const divisor = blind ? e.select(e.greater(total, 0), total, 1) : total
  return e.div(e.dot(drop === undefined ? powers : drop(powers), v, [[depth], [rows]], batch), divisor)
}

/** With the same leading dims. */
const together = (...nodes: readonly [Node, Node, Node]): readonly [Node, Node, Node] => {
  const batch = nodes.map(({ shape }) => shape.slice(0, -2)).reduce<Dims>(e.broadcastDims, [])
  return nodes.map((x) => e.broadcastTo(x, [...batch, ...x.shape.slice(-2)])) as [Node, Node, Node]
}
const scaleOf = (depth: Dim): Node | number =>
  typeof depth === 'number' ? 1 / Math.sqrt(Math.max(1, depth)) : e.reciprocal(e.sqrt(e.size([depth])))

/** Whether a key is none that comes after the query. */
const earlier = ({ shape, sizes }: Node): Node => {
  const [n, m] = shape.slice(-2) as [Dim, Dim]
  const seen = e.binary('greaterEqual', e.iota([n, m], 0, sizes), e.iota([n, m], 1, sizes))
  return e.broadcastTo(seen, shape)
}
/** Whether a key is before the end of its sequence. */
const before = ({ shape, sizes }: Node, lengths: Node): Node => {
  const place = e.broadcastTo(e.iota(shape.slice(-1), 0, sizes), shape)
  const ends = e.reshape(lengths, [...lengths.shape, ...shape.slice(lengths.shape.length).map(() => 1)])
  return e.less(place, e.broadcastTo(ends, shape))
}
