/** Mistakes with rearrange and reduce. The comments are those of `layers.ts`. */
import { add, block, dense, type Dim, dim, input, pipe, rearrange, reduce, relu, sequential, type Tensor, zeros } from 'shapewright'

declare const thirty: Tensor<[2, 30, 3]>
declare const images: Tensor<['batch', 28, 28, 3]>
declare const tokens: Tensor<['batch', 'time', 64]>
declare const merged: Tensor<['batch*time', 64]>
declare const vector: Tensor<[6]>
declare const ids: Tensor<[6], 'i32'>
declare const flags: Tensor<[6], 'bool'>
declare const huge: Tensor<[94906266, 94906266]>
declare const text: string
declare const either: 'a b -> b a' | 'a b -> a b'
declare const anything: any
declare const n: number
declare const two: 2 | 3
declare const record: Record<string, 2>
declare const maybe: { readonly h?: 4 }

// -- patterns
// rearrange: 'b h w' is not a pattern, as 'b h w -> b (h w)' @ 'b h w'
pipe(thirty, rearrange('b h w'))
// rearrange: 'a -> b -> a' is not a pattern, as 'b h w -> b (h w)' @ 'a -> b -> a'
rearrange('a -> b -> a')
// rearrange: 'b 2 c -> b c' is not a pattern, as 'b h w -> b (h w)' @ 'b 2 c -> b c'
pipe(thirty, rearrange('b 2 c -> b c'))
// rearrange: 'b, h -> h b' is not a pattern, as 'b h w -> b (h w)' @ 'b, h -> h b'
rearrange('b, h -> h b')
// reduce: 'b .. -> b' is not a pattern, as 'b h w -> b (h w)' @ 'b .. -> b'
pipe(thirty, reduce('b .. -> b', 'sum'))
// rearrange: the parentheses of 'b (h w -> b h w' do not match @ 'b (h w -> b h w'
pipe(thirty, rearrange('b (h w -> b h w'))
// rearrange: the parentheses of 'b h w -> b h w)' do not match @ 'b h w -> b h w)'
pipe(thirty, rearrange('b h w -> b h w)'))
// rearrange: the parentheses of 'b ((h w)) -> b h w' do not match @ 'b ((h w)) -> b h w'
rearrange('b ((h w)) -> b h w')
// reduce: the parentheses of 'b h) w -> b' do not match @ 'b h) w -> b'
pipe(thirty, reduce('b h) w -> b', 'max'))
// rearrange: ... stands in parentheses on the left of '(a ...) -> a ...' @ '(a ...) -> a ...'
pipe(vector, rearrange('(a ...) -> a ...'))
// rearrange: h stands twice on the left of 'h h -> h' @ 'h h -> h'
rearrange('h h -> h')
// rearrange: c stands twice on the right of 'b h c -> b (h c) c' @ 'b h c -> b (h c) c'
pipe(thirty, rearrange('b h c -> b (h c) c'))
// reduce: ... stands twice on the left of '... a ... -> a' @ '... a ... -> a'
pipe(thirty, reduce('... a ... -> a', 'sum'))
// rearrange: c stands only on the left of 'b h c -> b h' @ 'b h c -> b h'
pipe(thirty, rearrange('b h c -> b h'))
// rearrange: ... stands only on the left of 'b ... -> b' @ 'b ... -> b'
pipe(thirty, rearrange('b ... -> b'))
// rearrange: d stands only on the right of 'b h c -> b h c d' @ 'b h c -> b h c d'
pipe(thirty, rearrange('b h c -> b h c d'))
// reduce: w stands only on the right of 'b h c -> b w' @ 'b h c -> b w'
pipe(thirty, reduce('b h c -> b w', 'sum'))
// reduce: ... stands only on the right of 'a b -> ...' @ 'a b -> ...'
reduce('a b -> ...', 'sum')
// rearrange: the pattern is not a literal @ text
rearrange(text)
// rearrange: the pattern is not a literal @ either
pipe(zeros([2, 3]), rearrange(either))
// rearrange: the pattern is not a literal @ rearrange(anything)
pipe(thirty, rearrange(anything))
// reduce: the pattern is not a literal @ reduce(anything, 'sum')
pipe(thirty, reduce(anything, 'sum'))

// rearrange: '2nd a -> a 2nd' is not a pattern, as 'b h w -> b (h w)' @ '2nd a -> a 2nd'
rearrange('2nd a -> a 2nd')
// rearrange: 'a- b -> b a-' is not a pattern, as 'b h w -> b (h w)' @ 'a- b -> b a-'
rearrange('a- b -> b a-')
// rearrange: 'a> b -> b a>' is not a pattern, as 'b h w -> b (h w)' @ 'a> b -> b a>'
rearrange('a> b -> b a>')
// rearrange: 'a: b -> b a:' is not a pattern, as 'b h w -> b (h w)' @ 'a: b -> b a:'
rearrange('a: b -> b a:')
// rearrange: 'a*b -> a*b' is not a pattern, as 'b h w -> b (h w)' @ 'a*b -> a*b'
rearrange('a*b -> a*b')
// rearrange: 'a=2 b -> b a=2' is not a pattern, as 'b h w -> b (h w)' @ 'a=2 b -> b a=2'
rearrange('a=2 b -> b a=2')
// ~ is not a pattern, as 'b h w -> b (h w)' @ 'a\tb -> a\tb'
rearrange('a\tb -> a\tb')
// rearrange: the parentheses of '((a b) -> a b' do not match @ '((a b) -> a b'
rearrange('((a b) -> a b')
// reduce: b stands twice on the left of 'b b -> b' @ 'b b -> b'
reduce('b b -> b', 'sum', { b: 2 })

// -- sizes
// rearrange: there is no axis ... in 'a ... -> ... a' @ { '...': 2 }
rearrange('a ... -> ... a', { '...': 2 })
// rearrange: the names of the sizes are not literals @ rearrange('b (h w) c -> b h w c', anything)
pipe(thirty, rearrange('b (h w) c -> b h w c', anything))
// rearrange: there is no axis q in 'b (h w) c -> b h w c' @ { q: 4 }
pipe(thirty, rearrange('b (h w) c -> b h w c', { q: 4 }))
// reduce: there is no axis w in 'b h c -> b' @ { w: 4 }
pipe(thirty, reduce('b h c -> b', 'sum', { w: 4 }))
// rearrange: the size of h is not a literal; write dim('name', n) @ { h: n }
pipe(thirty, rearrange('b (h w) c -> b h w c', { h: n }))
// rearrange: the size of h is not a literal; write dim('name', n) @ { h: two }
pipe(thirty, rearrange('b (h w) c -> b h w c', { h: two }))
// rearrange: the size of h is not a literal; write dim('name', n) @ maybe
pipe(thirty, rearrange('b (h w) c -> b h w c', maybe))
// rearrange: the size of h is not a literal; write dim('name', n) @ { h: anything }
pipe(thirty, rearrange('b (h w) c -> b h w c', { h: anything }))
// rearrange: a size must be a whole number, got -5 @ { h: -5 }
pipe(thirty, rearrange('b (h w) c -> b h w c', { h: -5 }))
// reduce: a size must be a whole number, got 2.5 @ { h: 2.5 }
pipe(thirty, reduce('b (h w) c -> b h', 'sum', { h: 2.5 }))
// rearrange: the names of the sizes are not literals @ record
rearrange('b (h w) c -> b h w c', record)
// rearrange: (h w) has two open sizes, h and w; give one @ 'b (h w) c -> b h w c'
pipe(thirty, rearrange('b (h w) c -> b h w c'))
// rearrange: (h p) has two open sizes, h and p; give one @ '(b c) ... (h p) -> b c ... h p'
pipe(thirty, rearrange('(b c) ... (h p) -> b c ... h p', { b: 1 }))
// reduce: (a b c) has two open sizes, a and c; give one @ '(a b c) -> a b'
reduce('(a b c) -> a b', 'sum', { b: 2 })

// -- shapes
// rearrange: 'b h w -> b (h w)' has 3 dims on the left, got [batch, 28, 28, 3] @ rearrange('b h w -> b (h w)')
pipe(images, rearrange('b h w -> b (h w)'))
// reduce: 'b h w -> b' has 3 dims on the left, got [6] @ reduce('b h w -> b', 'sum')
pipe(vector, reduce('b h w -> b', 'sum'))
// rearrange: 'a -> a 1' has 1 dims on the left, got [] @ zeros([])
rearrange('a -> a 1')(zeros([]))
// rearrange: 'b c ... -> c ... b' needs rank >= 2, got [6] @ rearrange('b c ... -> c ... b')
pipe(vector, rearrange('b c ... -> c ... b'))
// rearrange: 'a ... b -> b ... a' needs rank >= 2, got [6] @ rearrange('a ... b -> b ... a')
pipe(vector, rearrange('a ... b -> b ... a'))
// rearrange: [94906266, 94906266] has 2^53 elements or more @ rearrange('a b -> (a b)')
pipe(huge, rearrange('a b -> (a b)'))
// rearrange: [94906266, 94906266] has 2^53 elements or more @ rearrange('(a b c) d -> a b c d', { a: 94906266, b: 94906266 })
pipe(huge, rearrange('(a b c) d -> a b c d', { a: 94906266, b: 94906266 }))
// rearrange: a 1 of 'b 1 c -> b c' is 30 in [2, 30, 3] @ rearrange('b 1 c -> b c')
pipe(thirty, rearrange('b 1 c -> b c'))
// reduce: a 1 of 'b () c -> b' is time in [batch, time, 64] @ reduce('b () c -> b', 'sum')
pipe(tokens, reduce('b () c -> b', 'sum'))
// rearrange: (h w) of [2, 30, 3] is 30, which h = 4 does not divide @ rearrange('b (h w) c -> b h w c', { h: 4 })
pipe(thirty, rearrange('b (h w) c -> b h w c', { h: 4 }))
// rearrange: (a b c) of [2, 30, 3] is 30, which a * c = 8 does not divide @ rearrange('x (a b c) y -> x a b c y', { c: 4, a: 2 })
pipe(thirty, rearrange('x (a b c) y -> x a b c y', { c: 4, a: 2 }))
// rearrange: (b t) of [batch*time, 64] is batch*time, which b = rows does not divide @ rearrange('(b t) d -> b t d', { b: 'rows' })
pipe(merged, rearrange('(b t) d -> b t d', { b: 'rows' }))
// rearrange: (h w) of [2, 30, 3] is 30, not 32 @ rearrange('b (h w) c -> b h w c', { h: 4, w: 8 })
pipe(thirty, rearrange('b (h w) c -> b h w c', { h: 4, w: 8 }))
// rearrange: (h w) of [2, 30, 3] is 30, not 15 @ rearrange('b (h w) c -> b h w c', { h: 5, w: 3 })
pipe(thirty, rearrange('b (h w) c -> b h w c', { h: 5, w: 3 }))
// rearrange: h of [batch, 28, 28, 3] is 28, not 14 @ rearrange('b h w c -> b w h c', { h: 14 })
pipe(images, rearrange('b h w c -> b w h c', { h: 14 }))
// reduce: b of [batch, time, 64] is batch, not rows @ reduce('b t d -> d', 'mean', { b: dim('rows', n) })
pipe(tokens, reduce('b t d -> d', 'mean', { b: dim('rows', n) }))
// add: shapes [2, 90] and [90, 2] do not broadcast @ add(zeros([90, 2]))
pipe(thirty, rearrange('b h c -> b (h c)'), add(zeros([90, 2])))

// -- how, dtypes
// reduce: expected sum, mean, max or min, got 'median' @ 'median'
pipe(thirty, reduce('b h c -> b', 'median'))
// reduce: expected sum, mean, max or min, got '?' @ text
pipe(thirty, reduce('b h c -> b', text))
// reduce: expected sum, mean, max or min, got 'Max' @ 'Max'
pipe(vector, reduce('(a b) -> a', 'Max', { b: 2 }))
// reduce: a size must be a whole number, got 2.5 @ { b: 2.5 }
pipe(vector, reduce('(a b) -> a', 'Max', { b: 2.5 }))
// reduce: expected f32, got i32 @ reduce('a -> ', 'mean')
pipe(ids, reduce('a -> ', 'mean'))
// reduce: expected f32 or i32, got bool @ reduce('a -> ', 'max')
pipe(flags, reduce('a -> ', 'max'))

// -- models
// rearrange: 'b h w c -> b (h w c)' has 4 dims on the left, got [28, 28, 1] @ rearrange('b h w c -> b (h w c)')
pipe(input([28, 28, 1]), rearrange('b h w c -> b (h w c)'), dense(10))
// rearrange: (h p) of [28, 28, 1] is 28, which p = 5 does not divide @ rearrange('(h p) (w q) c -> (h w) (p q c)', { p: 5, q: 5 })
pipe(input([28, 28, 1]), relu, rearrange('(h p) (w q) c -> (h w) (p q c)', { p: 5, q: 5 }))
// reduce: 'h w -> h' has 2 dims on the left, got [28, 28, 1] @ reduce('h w -> h', 'mean')
sequential(input([28, 28, 1]), relu, reduce('h w -> h', 'mean'))
// dense: expected last dim 10, got 3 @ dense(10, 2)
pipe(input([28, 28, 3]), block(reduce('h w c -> c', 'mean')), dense(10, 2))
// rearrange: expected f32, got i32 @ rearrange('t -> t 1')
pipe(input(['time'], 'i32'), rearrange('t -> t 1'))
// rearrange: expected a tensor or a model @ 3
rearrange('a b -> b a')(3)

// -- generic helpers
// ~ rearrange: 'b t d -> d t b' has 3 dims on the left, got [ @ rearrange('b t d -> d t b')
export const tooFew = <B extends Dim>(x: Tensor<[B, 64]>) => pipe(x, rearrange('b t d -> d t b'))
