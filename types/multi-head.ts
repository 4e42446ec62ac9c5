/**
 * `multiHeadAttention(params, memory, { heads })`: places of one sequence look among those of another, `[..., n, d]` among
 * `[..., m, d] -> [..., n, d]`, with the parameters of a layer of attention.
 */
import type { Div, Mod } from './arithmetic.ts'
import { type AttentionShape, attentionShape, keysMessage } from './attention.ts'
import type { Dim, Dims } from './dim.ts'
import { type HeadsMessage, headsMessage, namedDepth, undivided, undividedHeads } from './heads.ts'
import type { Same } from './same.ts'
import { type Say, say } from './say.ts'

type Op = 'multiHeadAttention'
const op: Op = 'multiHeadAttention'
const otherKeys = 'multiHeadAttention: keys of depth {keys} are no heads of depth {depth}'
const otherMemory = 'multiHeadAttention: expected memory of depth {expected}, got {got}'

/** The message for parameters of depth D, whose keys are K deep, in H heads; or null. */
export type ParamsHeadsMessage<D, K, H> =
  HeadsMessage<Op, H> extends infer E extends string
    ? E
    : [D, K, H] extends [infer d extends number, infer k extends number, infer h extends number]
      ? Mod<d, h> extends 0
        ? Mod<k, Div<d, h>> extends 0
          ? GroupsFault<h, Div<k, Div<d, h>>>
          : Say<typeof otherKeys, { keys: k; depth: Div<d, h> }>
        : Say<typeof undivided, { op: Op; heads: h; depth: d }>
      : Say<typeof namedDepth, { op: Op; shape: [D, K] }>
type GroupsFault<H extends number, G> = G extends number
  ? Mod<H, G> extends 0
    ? null
    : Say<typeof undividedHeads, { op: Op; groups: G; heads: H }>
  : null

/**
 * What queries Q get of a memory M, or the message: Fault is that of parameters and heads, or null. F and G are the dtypes of
 * memory and queries, D the depth; A is the shape of a mask and L of lengths, null for none, or their message.
 */
export type MultiHeadShape<Q, G, M, F, D, Fault, A, L> = Fault extends string
  ? Fault
  : MemoryMessage<M, F, D> extends infer E extends string
    ? E
    : AttentionShape<Q, G, M, F, M, F, A, L, Op>
/** The message for a memory of another depth, or null; what is no memory at all, the shape of attention says. */
type MemoryMessage<M, F, D> = [F] extends ['f32']
  ? M extends [...infer _, infer __, infer E]
    ? Same<E, D> extends true
      ? null
      : Say<typeof otherMemory, { expected: D; got: E }>
    : null
  : null

/** The message, or null. */
export const paramsHeadsMessage = (depth: Dim, keys: Dim, heads: unknown): string | null => {
  const fault = headsMessage(op, heads, heads)
  if (fault !== null) return fault
  if (typeof depth === 'string' || typeof keys === 'string') return say(namedDepth, { op, shape: [depth, keys] })
  const count = heads as number
  if (depth % count !== 0) return say(undivided, { op, heads: count, depth })
  const perHead = depth / count
  if (keys % perHead !== 0) return say(otherKeys, { keys, depth: perHead })
  const groups = keys / perHead
  return count % groups === 0 ? null : say(undividedHeads, { op, groups, heads: count })
}
/** The message for a memory, or null. */
export const memoryMessage = (memory: Dims, depth: Dim): string | null => {
  const got = memory.at(-1) as Dim
  return keysMessage(op, memory, memory) ?? (got === depth ? null : say(otherMemory, { expected: depth, got }))
}
/** The shape, or the message. */
export const multiHeadShape = (query: Dims, memory: Dims, mask: Dims | null, lengths: Dims | null): Dims | string =>
  attentionShape(op, query, memory, memory, mask, lengths)
