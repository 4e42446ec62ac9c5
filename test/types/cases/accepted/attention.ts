/** Attention: queries, keys and values at every rank, with masks and lengths. */
import { type Dim, matmul, permute, pipe, reshape, type Tensor } from 'shapewright'
import { type Attending, type AttentionOptions, attention } from 'shapewright/ops'
import { type Eq, is } from '../eq.ts'

declare const query: Tensor<[5, 16]>
declare const key: Tensor<[7, 16]>
declare const value: Tensor<[7, 3]>
declare const many: Tensor<['batch', 5, 16]>
declare const four: Tensor<['batch', 8, 'time', 16]>
declare const grouped: Tensor<['batch', 1, 'memory', 16]>
declare const lengths: Tensor<['batch'], 'i32'>
declare const each: Tensor<['batch', 8], 'i32'>
declare const mask: Tensor<['time', 'time'], 'bool'>
declare const options: AttentionOptions
declare const maybe: { readonly lengths?: Tensor<['batch'], 'i32'> }

// -- on matrices, on batches, on heads
export const matrix = pipe(query, attention(key, value))
is<Eq<typeof matrix, Tensor<[5, 3]>>>()
export const direct = attention(key, value, { causal: true })(query)
is<Eq<typeof direct, Tensor<[5, 3]>>>()
export const shared = pipe(many, attention(key, value))
is<Eq<typeof shared, Tensor<['batch', 5, 3]>>>()
export const heads = pipe(four, attention(four, four, { causal: true, lengths, mask }))
is<Eq<typeof heads, Tensor<['batch', 8, 'time', 16]>>>()
export const perHead = pipe(four, attention(four, four, { lengths: each }))
is<Eq<typeof perHead, Tensor<['batch', 8, 'time', 16]>>>()
export const across = pipe(four, attention(grouped, grouped, { lengths, causal: false }))
is<Eq<typeof across, Tensor<['batch', 8, 'time', 16]>>>()
export const attending = attention(key, value)
is<Eq<typeof attending, Attending<[7, 16], [7, 3]>>>()

// -- options that are not known yet
export const later = pipe(query, attention(key, value, options))
export const absent = pipe(four, attention(four, four, { causal: undefined, mask: undefined, lengths: undefined }))
is<Eq<typeof absent, Tensor<['batch', 8, 'time', 16]>>>()
export const optional = pipe(four, attention(four, four, maybe))
is<Eq<typeof optional, Tensor<['batch', 8, 'time', 16]>>>()

// -- in helpers that are generic in a size
export const helper = <B extends Dim, T extends Dim>(x: Tensor<[B, T, 64]>, w: Tensor<[64, 64]>): Tensor<[B, T, 64]> =>
  pipe(matmul(x, w), attention(matmul(x, w), x, { causal: true }))
is<Eq<ReturnType<typeof helper<32, 'time'>>, Tensor<[32, 'time', 64]>>>()
export const masked = <B extends Dim>(x: Tensor<[B, 6, 4]>, ends: Tensor<[B], 'i32'>) => pipe(x, attention(x, x, { lengths: ends }))
is<Eq<ReturnType<typeof masked<'batch'>>, Tensor<['batch', 6, 4]>>>()
const split = <B extends Dim>(x: Tensor<[B, 'time', 64]>) => pipe(x, reshape([-1, 'time', 8, 8]), permute([0, 2, 1, 3]))
export const byHeads = pipe(split({} as Tensor<['batch', 'time', 64]>), attention(split({} as Tensor<['batch', 'time', 64]>), split({} as Tensor<['batch', 'time', 64]>)))
is<Eq<typeof byHeads, Tensor<['batch', 8, 'time', 8]>>>()
