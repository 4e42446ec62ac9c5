/** Mistakes with einsum. The comments are those of `layers.ts`. */
import { add, type Dim, einsum, pipe, relu, type Tensor, zeros } from 'shapewright'

declare const grid: Tensor<[2, 3]>
declare const tokens: Tensor<['batch', 'time', 64]>
declare const images: Tensor<['batch', 28, 28, 3]>
declare const ids: Tensor<['batch', 3], 'i32'>
declare const text: string
declare const either: 'ij->ji' | 'ij->ij'
declare const anything: any
declare const tensors: Tensor<[2, 2]>[]

// -- the equation
// einsum: 'ij;jk->ik' is not an equation, as 'ij,jk->ik' @ 'ij;jk->ik'
einsum('ij;jk->ik', grid, grid)
// einsum: 'ij->j->i' is not an equation, as 'ij,jk->ik' @ 'ij->j->i'
einsum('ij->j->i', grid)
// einsum: '..ij->ij' is not an equation, as 'ij,jk->ik' @ '..ij->ij'
einsum('..ij->ij', grid)
// einsum: '...i...' is not an equation, as 'ij,jk->ik' @ '...i...'
pipe(grid, einsum('...i...'))
// einsum: 'i1->i' is not an equation, as 'ij,jk->ik' @ 'i1->i'
pipe(grid, einsum('i1->i'))
// einsum: the output letter z of 'ij,jk->iz' is in no operand @ 'ij,jk->iz'
einsum('ij,jk->iz', grid, zeros([3, 4]))
// einsum: the output letter ... of 'ij->...' is in no operand @ 'ij->...'
einsum('ij->...', grid)
// einsum: the output letter i of 'ij->jii' is there twice @ 'ij->jii'
pipe(grid, einsum('ij->jii'))
// einsum: the output of '...ij,jk->ik' lacks ... @ '...ij,jk->ik'
einsum('...ij,jk->ik', grid, zeros([3, 4]))
// einsum: the equation is not a literal @ text
einsum(text, grid)
// einsum: the equation is not a literal @ either
pipe(grid, einsum(either))
// einsum: the equation is not a literal @ einsum(anything, grid)
add(grid, einsum(anything, grid))

// -- the number of operands
// einsum: operands of 'ij,jk->ik': expected 2, got 3 @ 'ij,jk->ik'
einsum('ij,jk->ik', grid, zeros([3, 4]), zeros([2]))
// einsum: operands of 'ij,jk,kl->il': expected 3, got 1 @ 'ij,jk,kl->il'
einsum('ij,jk,kl->il', grid)
// einsum: operands of 'ij->ji': expected 1, got 2 @ 'ij->ji'
einsum('ij->ji', grid, grid)
// einsum: the number of tensors is not known @ einsum('ij,jk->ik', ...tensors)
add(zeros([2, 2]), einsum('ij,jk->ik', ...tensors))

// -- ranks
// einsum: 'ijk' has 3 letters, got [2, 3] @ grid
einsum('ijk->ik', grid)
// einsum: 'i' has 1 letters, got [batch, 28, 28, 3] @ einsum('i->i')
pipe(images, einsum('i->i'))
// einsum: 'ij' has 2 letters, got [] @ zeros([])
einsum('ij,ij->', grid, zeros([]))
// einsum: 'jk' has 2 letters, got [3, 4, 5] @ zeros([3, 4, 5])
einsum('ij,jk->ik', grid, zeros([3, 4, 5]))
// einsum: '...ijk' needs rank >= 3, got [2, 3] @ grid
einsum('...ijk->...', grid)
// einsum: 'b...c' needs rank >= 2, got [3] @ einsum('b...c->bc...')
pipe(zeros([3]), einsum('b...c->bc...'))

// -- sizes
// einsum: j is 3 in [2, 3] and 4 in [4, 4] @ zeros([4, 4])
einsum('ij,jk->ik', grid, zeros([4, 4]))
// einsum: j is 3 in [2, 3] and 4 in [4, 4] @ einsum('ij,jk->ik', zeros([4, 4]))
pipe(grid, einsum('ij,jk->ik', zeros([4, 4])))
// einsum: i is 3 in [3] and 4 in [4] @ zeros([4])
einsum('i,i', zeros([3]), zeros([4]))
// einsum: i is 2 in [2, 3] and 3 in [2, 3] @ grid
einsum('ii->i', grid)
// einsum: t is time in [batch, time, 64] and keys in [batch, keys, 64] @ zeros(['batch', 'keys', 64])
einsum('btd,btd->bt', tokens, zeros(['batch', 'keys', 64]))
// einsum: h is 28 in [batch, 28, 28, 3] and 14 in [batch, 14, 28, 3] @ zeros(['batch', 14, 28, 3])
einsum('bhwc,bhwc->b', images, zeros(['batch', 14, 28, 3]))
// einsum: k is 4 in [3, 4] and 5 in [5, 6] @ zeros([5, 6])
einsum('ij,jk,kl->il', grid, zeros([3, 4]), zeros([5, 6]))
// einsum: l is 3 in [2, 3] and 4 in [4, 3] @ zeros([4, 3])
pipe(tokens, einsum('btd,kl,lm->bk', grid, zeros([4, 3])))
// einsum: t is time in [batch, time, 64] and 10 in [10, 64] @ zeros([10, 64])
relu(einsum('btd,td->b', tokens, zeros([10, 64])))

// -- dots
// einsum: shapes [batch] and [2] do not broadcast @ zeros([2, 64, 3])
einsum('...td,...dk->...tk', tokens, zeros([2, 64, 3]))
// einsum: neither [n, 1] nor [n] has the shape [n, n]; use broadcastTo @ zeros(['n'])
einsum('...,...->...', zeros(['n', 1]), zeros(['n']))

// -- dtypes, tensors of unknown shape
// einsum: expected f32, got i32 @ ids
einsum('bi,i->b', ids, zeros([3]))
// einsum: expected f32, got i32 @ einsum('bi->b')
pipe(ids, einsum('bi->b'))
// einsum: the shape of a tensor is not known @ einsum('ij,jk->ik', grid, anything)
add(grid, einsum('ij,jk->ik', grid, anything))

// -- generic helpers
// ~ einsum: 'bij' has 3 letters, got [ @ x
export const tooFew = <B extends Dim>(x: Tensor<[B, 8]>) => einsum('bij->bi', x)
// add: shapes [2, 4] and [2, 3] do not broadcast @ einsum('ij->ij', grid)
add(zeros([2, 4]), einsum('ij->ij', grid))
