/** einsum: equations read by the compiler, at ranks 0 to 12, with names, dots and generic dims. */
import { add, type Dim, dim, type Einsum, einsum, grad, pipe, relu, softmax, sum, type Tensor, tensor, zeros } from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const n: number
declare const x: Tensor<['batch', 784]>
declare const w: Tensor<[784, 10]>
declare const queries: Tensor<['batch', 'time', 8, 64]>

// -- all operands give the tensor
export const product = einsum('bi,io->bo', x, w)
is<Eq<typeof product, Tensor<['batch', 10]>>>()
export const batched = einsum('bij,bjk->bik', zeros([4, 2, 3]), zeros([4, 3, 5]))
is<Eq<typeof batched, Tensor<[4, 2, 5]>>>()
export const scores = einsum('bqhd,bkhd->bhqk', queries, queries)
is<Eq<typeof scores, Tensor<['batch', 8, 'time', 'time']>>>()
export const inner = einsum('i,i', zeros([3]), zeros([3]))
is<Eq<typeof inner, Tensor<[]>>>()
export const three = einsum('ij,jk,kl->il', zeros([2, 3]), zeros([3, 4]), zeros([4, 5]))
is<Eq<typeof three, Tensor<[2, 5]>>>()
export const four = einsum('a,b,c,d->dcba', zeros([1]), zeros([2]), zeros([3]), zeros([4]))
is<Eq<typeof four, Tensor<[4, 3, 2, 1]>>>()
export const scaled = einsum(',ij->ij', tensor(2), w)
is<Eq<typeof scaled, Tensor<[784, 10]>>>()
export const scalars = einsum('', tensor(2))
is<Eq<typeof scalars, Tensor<[]>>>()
export const spaced = einsum(' b i , i o -> o b ', x, w)
is<Eq<typeof spaced, Tensor<[10, 'batch']>>>()

// -- an output that is not written: letters that occur once, capitals first
export const implied = einsum('ij,jk', zeros([2, 3]), zeros([3, 4]))
is<Eq<typeof implied, Tensor<[2, 4]>>>()
export const turned = einsum('ba', x)
is<Eq<typeof turned, Tensor<[784, 'batch']>>>()
export const capitals = einsum('zaBA', zeros([1, 2, 3, 4]))
is<Eq<typeof capitals, Tensor<[4, 3, 2, 1]>>>()
export const impliedTrace = einsum('ii', zeros([3, 3]))
is<Eq<typeof impliedTrace, Tensor<[]>>>()

// -- diagonals, sums
export const diagonal = einsum('ii->i', zeros(['n', 'n']))
is<Eq<typeof diagonal, Tensor<['n']>>>()
export const trace = einsum('bii->b', zeros(['b', 3, 3]))
is<Eq<typeof trace, Tensor<['b']>>>()
export const total = einsum('ij->', w)
is<Eq<typeof total, Tensor<[]>>>()

// -- dots
export const anyBatch = einsum('...ij,...jk->...ik', zeros(['b', 'h', 2, 3]), zeros(['b', 'h', 3, 4]))
is<Eq<typeof anyBatch, Tensor<['b', 'h', 2, 4]>>>()
export const shared = einsum('...ij,...jk', zeros(['b', 2, 3]), zeros([3, 4]))
is<Eq<typeof shared, Tensor<['b', 2, 4]>>>()
export const stretched = einsum('i...,i...->...', zeros([3, 1, 5]), zeros([3, 4, 5]))
is<Eq<typeof stretched, Tensor<[4, 5]>>>()
export const between = einsum('i...j->j...i', zeros([2, 'a', 'b', 3]))
is<Eq<typeof between, Tensor<[3, 'a', 'b', 2]>>>()
export const noDims = einsum('...i,...j->...ij', zeros([2]), zeros([3]))
is<Eq<typeof noDims, Tensor<[2, 3]>>>()

// -- one operand fewer: a function of the first
export const piped = pipe(x, einsum('bi,io->bo', w), relu, einsum('bo->ob'))
is<Eq<typeof piped, Tensor<[10, 'batch']>>>()
export const waiting = einsum('bi,io,oj->bj', w, zeros([10, 3]))
is<Eq<typeof waiting, Einsum<'bi,io,oj->bj', [Tensor<[784, 10]>, Tensor<[10, 3]>]>>>()
export const applied = waiting(zeros([5, 784]))
is<Eq<typeof applied, Tensor<[5, 3]>>>()

// -- nested calls, bound sizes, gradients
export const nested = einsum('ij,jk->ik', relu(zeros([2, 3])), einsum('ij->ji', zeros([4, 3])))
is<Eq<typeof nested, Tensor<[2, 4]>>>()
export const bound = einsum('ij,j->i', zeros(['batch', dim('hidden', n)]), zeros([dim('hidden', n)]))
is<Eq<typeof bound, Tensor<['batch']>>>()
export const gradient = grad((v: Tensor<[784, 10]>) => sum()(einsum('bi,io->bo', zeros([2, 784]), v)))(w)
is<Eq<typeof gradient, Tensor<[784, 10]>>>()

// -- generic in a dim
const attend = <B extends Dim>(q: Tensor<[B, 'time', 8, 64]>, k: Tensor<[B, 'time', 8, 64]>, v: Tensor<[B, 'time', 8, 64]>) =>
  pipe(einsum('bqhd,bkhd->bhqk', q, k), softmax(-1), einsum('bhqk,bkhd->bqhd', v))
is<Eq<ReturnType<typeof attend<2>>, Tensor<[2, 'time', 8, 64]>>>()
const affine = <B extends Dim>(rows: Tensor<[B, 784]>) => pipe(rows, einsum('...i,io->...o', w), add(zeros([10])))
is<Eq<ReturnType<typeof affine<'rows'>>, Tensor<['rows', 10]>>>()
const outerOf = <const H extends number>(size: H) => einsum('i,j->ij', zeros([size]), zeros([size]))
is<Eq<ReturnType<typeof outerOf<5>>, Tensor<[5, 5]>>>()

// -- many letters
export const long = einsum(
  'abcdefghijkl,lkjihgfedcba,aabbcc,...->adgj...',
  zeros([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
  zeros([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
  zeros([1, 1, 2, 2, 3, 3]),
  zeros([3, 2]),
)
is<Eq<typeof long, Tensor<[1, 4, 7, 10, 3, 2]>>>()
