/**
 * Mistakes with attention. Above each statement stands the sentence that every compiler ends its error with and, after `@`,
 * the text under the squiggle; `~`: the words are TypeScript's own, or a second error follows from the first.
 */
import { type Dim, pipe, type Tensor } from 'shapewright'
import { attention } from 'shapewright/ops'

// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const vague: Tensor<any>
declare const either: Tensor<[7, 16]> | Tensor<[9, 16]>
declare const scalar: Tensor<[]>
declare const line: Tensor<[16]>
declare const query: Tensor<[5, 16]>
declare const key: Tensor<[7, 16]>
declare const value: Tensor<[7, 3]>
declare const three: Tensor<[3, 7, 16]>
declare const four: Tensor<['batch', 8, 'time', 16]>
declare const short: Tensor<['batch', 4, 'time', 16]>
declare const ids: Tensor<[7, 16], 'i32'>
declare const lengths: Tensor<['batch'], 'i32'>
declare const mask: Tensor<['time', 'time'], 'bool'>

// -- every tensor has a time and a depth, and is f32
// attention: expected keys [..., time, depth], got [16] @ attention(line, value)
pipe(query, attention(line, value))
// attention: expected keys [..., time, depth], got [] @ attention(scalar, value)
pipe(query, attention(scalar, value))
// attention: expected values [..., time, depth], got [16] @ attention(key, line)
pipe(query, attention(key, line))
// attention: expected queries [..., time, depth], got [16] @ attention(key, value)
pipe(line, attention(key, value))
// attention: expected queries [..., time, depth], got [] @ scalar
attention(key, value)(scalar)
// attention: expected f32, got i32 @ attention(ids, value)
pipe(query, attention(ids, value))
// attention: expected f32, got i32 @ attention(key, ids)
pipe(query, attention(key, ids))
// attention: expected f32, got i32 @ attention(key, value)
pipe(ids, attention(key, value))
// attention: expected a tensor @ 5
attention(key, value)(5)

// -- a value for each key
// attention: keys [5, 16] and values [7, 3] differ before the last axis @ attention(query, value)
pipe(query, attention(query, value))
// attention: keys [3, 7, 16] and values [7, 3] differ before the last axis @ attention(three, value)
pipe(query, attention(three, value))
// attention: keys [batch, 8, time, 16] and values [batch, 4, time, 16] differ before the last axis @ four
attention(four, short)(four)
// attention: keys [batch, 8, time, 16] and values [batch, 4, time, 16] differ before the last axis @ attention(four, short, { causal: true })
pipe(four, attention(four, short, { causal: true }))

// -- queries and keys of one depth, and of leading dims that broadcast
// attention: queries [7, 3] x keys [7, 16]: expected depth 16, got 3 @ attention(key, value)
pipe(value, attention(key, value))
// attention: shapes [batch, 4] and [batch, 8] do not broadcast @ attention(four, four)
pipe(short, attention(four, four))
// attention: shapes [batch, 8] and [3] do not broadcast @ attention(three, three)
pipe(four, attention(three, three))
// attention: shapes [batch, 8] and [3] do not broadcast @ attention(three, three, { causal: true })
pipe(four, attention(three, three, { causal: true }))

// -- masks and lengths
// attention: the mask [time, time] does not broadcast to [5, 7] @ attention(key, value, { mask })
pipe(query, attention(key, value, { mask }))
// attention: the mask must be bool, got f32 @ attention(key, value, { mask: query })
pipe(query, attention(key, value, { mask: query }))
// attention: the mask must be bool, got i32 @ attention(key, value, { causal: true, mask: ids })
pipe(query, attention(key, value, { causal: true, mask: ids }))
// attention: lengths must be i32, got bool @ attention(key, value, { lengths: mask })
pipe(query, attention(key, value, { lengths: mask }))
// attention: lengths [batch] are not the leading dims of [5, 7] @ attention(key, value, { lengths })
pipe(query, attention(key, value, { lengths }))
// attention: lengths [7, 16] are not the leading dims of [batch, 8, time, time] @ attention(four, four, { lengths: ids })
pipe(four, attention(four, four, { lengths: ids }))
// attention: there is no option 'casual' @ attention(key, value, { casual: true })
pipe(query, attention(key, value, { casual: true }))
// ~ Type 'number' is not assignable to type 'boolean | undefined'. @ causal
attention(key, value, { causal: 1 })
// ~ is not assignable to parameter of type 'Given'. @ true
attention(key, value, true)

// -- unions, any, and helpers that are generic in a size
// ~ is not assignable to @ either
attention(key, value)(either)
// ~ "attention: queries ? x keys [7, 16]: expected depth 16, got ?" @ attention(key, value)
pipe(vague, attention(key, value))
// ~ expected depth 16, got 3`, Tensor<[B, 5, 3], "f32">>'. @ attention(key, value)
export const helper = <B extends Dim>(x: Tensor<[B, 5, 3]>) => pipe(x, attention(key, value))
