/** rearrange and reduce: patterns read by the compiler, at ranks 0 to 6, on tensors and on models. */
import {
  add,
  block,
  dense,
  type Dim,
  dim,
  input,
  type Model,
  type NoParams,
  type Operation,
  pipe,
  rearrange,
  type RearrangeFn,
  reduce,
  type ReduceFn,
  relu,
  sequential,
  type Tensor,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const n: number
declare const images: Tensor<['batch', 28, 28, 3]>
declare const tokens: Tensor<['batch', 'time', 64]>
declare const merged: Tensor<['batch*time', 64]>
declare const ids: Tensor<['batch', 'time'], 'i32'>
declare const flags: Tensor<[6], 'bool'>

// -- permuting, merging, splitting
export const channelsFirst = pipe(images, rearrange('b h w c -> b c h w'))
is<Eq<typeof channelsFirst, Tensor<['batch', 3, 28, 28]>>>()
export const flat = pipe(images, rearrange('b h w c -> b (h w c)'))
is<Eq<typeof flat, Tensor<['batch', 2352]>>>()
export const patches = pipe(images, rearrange('b (h p) (w q) c -> b (h w) (p q c)', { p: 7, q: 7 }))
is<Eq<typeof patches, Tensor<['batch', 16, 147]>>>()
export const heads = pipe(tokens, rearrange('b t (h d) -> b h t d', { h: 8 }))
is<Eq<typeof heads, Tensor<['batch', 8, 'time', 8]>>>()
export const rows = pipe(tokens, rearrange('b t d -> (b t) d'))
is<Eq<typeof rows, Tensor<['batch*time', 64]>>>()
export const split = pipe(merged, rearrange('(b t) d -> b t d', { b: 'batch' }))
is<Eq<typeof split, Tensor<['batch', 'time', 64]>>>()
export const splitLast = pipe(merged, rearrange('(b t) d -> t b d', { t: 'time' }))
is<Eq<typeof splitLast, Tensor<['time', 'batch', 64]>>>()
export const allGiven = pipe(zeros([30]), rearrange('(a b c) -> c b a', { a: 2, b: 3, c: 5 }))
is<Eq<typeof allGiven, Tensor<[5, 3, 2]>>>()
export const bound = pipe(zeros(['hidden*rows', 2]), rearrange('(h r) x -> h (r x)', { h: dim('hidden', n) }))
is<Eq<typeof bound, Tensor<['hidden', '2*rows']>>>()
export const mixedNames = pipe(zeros(['12*n']), rearrange('(a b) -> a b', { a: 4 }))
is<Eq<typeof mixedNames, Tensor<[4, '3*n']>>>()
export const checked = pipe(images, rearrange('b h w c -> b w h c', { h: 28, b: 'batch' }))
is<Eq<typeof checked, Tensor<['batch', 28, 28, 3]>>>()

// -- dims of size 1, dots, other ranks, spaces, dtypes
export const ones = pipe(zeros([3, 1, 5]), rearrange('a 1 b -> 1 a b ()'))
is<Eq<typeof ones, Tensor<[1, 3, 5, 1]>>>()
export const empty = pipe(zeros([1]), rearrange('()->'))
is<Eq<typeof empty, Tensor<[]>>>()
export const vector = pipe(zeros(['n']), rearrange('x -> 1 x'))
is<Eq<typeof vector, Tensor<[1, 'n']>>>()
export const dots = pipe(images, rearrange('b ... c -> c ... b'))
is<Eq<typeof dots, Tensor<[3, 28, 28, 'batch']>>>()
export const dotsMerged = pipe(images, rearrange('b ... -> b (...)'))
is<Eq<typeof dotsMerged, Tensor<['batch', 2352]>>>()
export const dotsBehind = pipe(images, rearrange('b ... c -> (b ...) c'))
is<Eq<typeof dotsBehind, Tensor<['784*batch', 3]>>>()
export const oneInside = pipe(zeros([6]), rearrange('(1 a) -> a (1 1)'))
is<Eq<typeof oneInside, Tensor<[6, 1]>>>()
export const noDots = pipe(tokens, rearrange('b t d ... -> (b t) ... d'))
is<Eq<typeof noDots, Tensor<['batch*time', 64]>>>()
export const tight = pipe(zeros([6, 4]), rearrange('(a b)(c d)->(a c)(b d)', { a: 2, d: 2 }))
is<Eq<typeof tight, Tensor<[4, 6]>>>()
export const longNames = pipe(images, rearrange('batch height width channels -> (batch height) (width channels)'))
is<Eq<typeof longNames, Tensor<['28*batch', 84]>>>()
export const turnedIds = pipe(ids, rearrange('b t -> t b'))
is<Eq<typeof turnedIds, Tensor<['time', 'batch'], 'i32'>>>()
export const splitFlags = pipe(flags, rearrange('(a b) -> a b', { b: 3 }))
is<Eq<typeof splitFlags, Tensor<[2, 3], 'bool'>>>()

// -- reducing
export const pooled = pipe(images, reduce('b h w c -> b c', 'mean'))
is<Eq<typeof pooled, Tensor<['batch', 3]>>>()
export const pool2d = pipe(images, reduce('b (h p) (w q) c -> b h w c', 'max', { p: 2, q: 2 }))
is<Eq<typeof pool2d, Tensor<['batch', 14, 14, 3]>>>()
export const total = pipe(tokens, reduce('b t d ->', 'sum'))
is<Eq<typeof total, Tensor<[]>>>()
export const lastTime = pipe(tokens, reduce('... d -> d', 'min'))
is<Eq<typeof lastTime, Tensor<[64]>>>()
export const kept = pipe(tokens, reduce('b t d -> b 1 d', 'mean'))
is<Eq<typeof kept, Tensor<['batch', 1, 64]>>>()
export const ofIntegers = pipe(ids, reduce('b t -> b', 'max'))
is<Eq<typeof ofIntegers, Tensor<['batch'], 'i32'>>>()

// -- values
export const toRows = rearrange('b t d -> (b t) d')
// biome-ignore lint/complexity/noBannedTypes: no sizes
is<Eq<typeof toRows, Operation<RearrangeFn<'b t d -> (b t) d', {}>>>>()
export const mean2 = reduce('(a b) -> a', 'mean', { b: 2 })
is<Eq<typeof mean2, Operation<ReduceFn<'(a b) -> a', 'mean', { readonly b: 2 }>>>>()
export const direct = toRows(tokens)
is<Eq<typeof direct, Tensor<['batch*time', 64]>>>()

// -- models: a pattern speaks of one sample
export const flattened = pipe(input([28, 28, 1]), rearrange('h w c -> (h w c)'), dense(10))
is<Eq<(typeof flattened)['output'], [10]>>()
export const patched = pipe(input([28, 28, 1]), rearrange('(h p) (w q) c -> (h w) (p q c)', { p: 4, q: 4 }), dense(32), relu)
is<Eq<(typeof patched)['output'], [49, 32]>>()
export const averaged = sequential(input([28, 28, 3]), reduce('h w c -> c', 'mean'))
is<Eq<typeof averaged, Model<[28, 28, 3], [3], NoParams>>>()
const stem = block(rearrange('h w c -> (h w) c'), dense(8))
export const stemmed = pipe(input([4, 4, 3]), stem)
is<Eq<(typeof stemmed)['output'], [16, 8]>>()

// -- generic in a dim
const splitHeads = <B extends Dim>(x: Tensor<[B, 'time', 64]>) => pipe(x, rearrange('b t (h d) -> b h t d', { h: 8 }))
is<Eq<ReturnType<typeof splitHeads<2>>, Tensor<[2, 8, 'time', 8]>>>()
const meanOverTime = <B extends Dim>(x: Tensor<[B, 'time', 64]>) => pipe(x, reduce('b t d -> b d', 'mean'), add(zeros([64])))
is<Eq<ReturnType<typeof meanOverTime<'rows'>>, Tensor<['rows', 64]>>>()

// -- many axes
export const many = pipe(
  zeros([2, 6, 10, 14, 22, 26]),
  rearrange('(a b) (c d) (e f) (g h) (i j) (k l) -> (a c e g i k) (b d f h j l)', { a: 2, c: 2, e: 2, g: 2, i: 2, k: 2 }),
)
is<Eq<typeof many, Tensor<[64, 15015]>>>()
