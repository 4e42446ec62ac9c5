/**
 * Attention of queries to keys: `[..., n, d]`, keys `[..., m, d]`, values `[..., m, e] -> [..., n, e]`. What stands in front
 * broadcasts by the rule of binary operations. A mask broadcasts to the scores `[..., n, m]`, and of lengths there is one for
 * each of the leading dims.
 */
import { type BinaryShape, type Broadcast, binaryShape, broadcast } from './broadcast.ts'
import type { Dim, Dims, DType, Shape } from './dim.ts'
import type { DTypeFault } from './dtype.ts'
import { type UnknownMessage, unknownMessage } from './options.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import type { Tensor } from './tensor.ts'

const lowRank = '{op}: expected {role} [..., time, depth], got {shape}'
const apart = '{op}: keys {key} and values {value} differ before the last axis'
const otherDepth = '{op}: queries {query} x keys {key}: expected depth {expected}, got {got}'
const noMask = '{op}: the mask {mask} does not broadcast to {scores}'
const maskType = '{op}: the mask must be bool, got {dtype}'
const noLengths = '{op}: lengths {lengths} are not the leading dims of {scores}'
const lengthsType = '{op}: lengths must be i32, got {dtype}'

/** The message for keys and values that do not belong together, or null. */
type KeysMessage<Op extends string, K, V> = K extends [...infer A extends Shape, infer _, infer __]
  ? V extends [...infer B extends Shape, infer _, infer __]
    ? Same<[...A, Rows<K>], [...B, Rows<V>]> extends true
      ? null
      : Say<typeof apart, { op: Op; key: K; value: V }>
    : Say<typeof lowRank, { op: Op; role: 'values'; shape: V }>
  : Say<typeof lowRank, { op: Op; role: 'keys'; shape: K }>
type Rows<S> = S extends [...infer _, infer N, infer __] ? N : never

/** The shape of a tensor among the options, of any other dtype than `D` the message; null for none, and for one that is not known. */
type ShapeOf<Op extends string, O, Name extends string, D extends DType, Sentence extends string> = O extends {
  readonly [N in Name]?: infer T
}
  ? [Exclude<T, undefined>] extends [never]
    ? null
    : Exclude<T, undefined> extends Tensor<infer S, infer E>
      ? [E] extends [D]
        ? S
        : Say<Sentence, { op: Op; dtype: E }>
      : null
  : null
/** The shape of the mask, null for none; or the message for the options. */
export type MaskOf<O, Known, Op extends string = 'attention'> =
  UnknownMessage<Op, O, Known> extends infer E extends string ? E : ShapeOf<Op, O, 'mask', 'bool', typeof maskType>
/** The shape of the lengths, null for none; or the message. */
export type LengthsOf<O, Op extends string = 'attention'> = ShapeOf<Op, O, 'lengths', 'i32', typeof lengthsType>

/**
 * What queries get, or the message. D, E and G are the dtypes of keys, values and queries; M is the shape of a mask and L of
 * lengths, null for none, or their message.
 */
export type AttentionShape<Q, G, K, D, V, E, M, L, Op extends string = 'attention'> =
  DTypeFault<Op, 'f32', [D] extends ['f32'] ? E : D> extends infer Fault extends string
    ? Fault
    : KeysMessage<Op, K, V> extends infer Fault extends string
      ? Fault
      : M extends string
        ? M
        : L extends string
          ? L
          : DTypeFault<Op, 'f32', G> extends infer Fault extends string
            ? Fault
            : Found<Op, Q, K, V, M, L>
type Found<Op extends string, Q, K, V, M, L> = Q extends [...infer QB extends Shape, infer N, infer D]
  ? K extends [...infer KB extends Shape, infer T, infer E]
    ? Same<D, E> extends true
      ? BinaryShape<Op, QB, KB> extends infer R
        ? R extends [infer B extends Shape]
          ? ScoresMessage<Op, [...B, N, T], B, M, L> extends infer Message extends string
            ? Message
            : V extends [...infer _, infer F]
              ? [...B, N, F]
              : never
          : R
        : never
      : Say<typeof otherDepth, { op: Op; query: Q; key: K; expected: E; got: D }>
    : never
  : Say<typeof lowRank, { op: Op; role: 'queries'; shape: Q }>
type ScoresMessage<Op extends string, S extends Shape, B, M, L> = M extends Shape
  ? Same<Broadcast<M, S>, S> extends true
    ? LengthsMessage<Op, S, B, L>
    : Say<typeof noMask, { op: Op; mask: M; scores: S }>
  : LengthsMessage<Op, S, B, L>
type LengthsMessage<Op extends string, S, B, L> = L extends Shape
  ? B extends [...L, ...infer _]
    ? null
    : Say<typeof noLengths, { op: Op; lengths: L; scores: S }>
  : null

export const keysMessage = (op: string, key: Dims, value: Dims): string | null =>
  key.length < 2
    ? say(lowRank, { op, role: 'keys', shape: key })
    : value.length < 2
      ? say(lowRank, { op, role: 'values', shape: value })
      : same(key.slice(0, -1), value.slice(0, -1))
        ? null
        : say(apart, { op, key, value })

interface Given {
  readonly shape: Dims
  readonly dtype: DType
}
/** The message for the options themselves, or null. */
export const attentionOptionsMessage = (
  op: string,
  options: object,
  mask: Given | null,
  lengths: Given | null,
  known: readonly string[],
): string | null =>
  unknownMessage(op, options, known) ??
  (mask !== null && mask.dtype !== 'bool' ? say(maskType, { op, dtype: mask.dtype }) : null) ??
  (lengths !== null && lengths.dtype !== 'i32' ? say(lengthsType, { op, dtype: lengths.dtype }) : null)

/** What queries get, or the message. */
export const attentionShape = (op: string, query: Dims, key: Dims, value: Dims, mask: Dims | null, lengths: Dims | null): Dims | string => {
  if (query.length < 2) return say(lowRank, { op, role: 'queries', shape: query })
  const [n, got] = query.slice(-2) as [Dim, Dim]
  const [m, expected] = key.slice(-2) as [Dim, Dim]
  if (got !== expected) return say(otherDepth, { op, query, key, expected, got })
  const batch = binaryShape(op, query.slice(0, -2), key.slice(0, -2))
  if (typeof batch === 'string') return batch
  const scores = [...batch, n, m]
  const masked = mask === null ? scores : broadcast(mask, scores)
  if (masked === null || !same(masked, scores)) return say(noMask, { op, mask, scores })
  if (lengths !== null && !same(lengths, batch.slice(0, lengths.length))) return say(noLengths, { op, lengths, scores })
  return [...batch, n, value.at(-1) as Dim]
}
