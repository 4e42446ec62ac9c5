/** Rows of layers: options, renaming, blocks of any rank, composed models, tokens, sizes bound twice. */
import {
  block,
  compose,
  type DenseParams,
  dense,
  dim,
  flatten,
  type Grads,
  gelu,
  type In,
  input,
  type Key,
  type Model,
  named,
  type Out,
  type Params,
  pipe,
  relu,
  residual,
  sequential,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const n: number

// -- options of a layer: a name, or a record; a lambda among them has its types
export const optioned = pipe(
  input([3]),
  dense(4, {
    name: 'fan',
    weight: (shape, key, sizes) => {
      is<Eq<typeof key, Key>>()
      throw new Error(`${shape} ${sizes}`)
    },
  }),
  dense(5, {}),
  dense(5, 6, { name: 'six' }),
)
is<
  Eq<
    Params<typeof optioned>,
    { readonly fan: DenseParams<3, 4>; readonly dense1: DenseParams<4, 5>; readonly six: DenseParams<5, 6> }
  >
>()
is<Eq<Grads<typeof optioned>, Params<typeof optioned>>>()

// -- the last name counts
export const renamed = pipe(input([3]), named('b')(dense(4, 'a')), named('c')(block(dense(2))))
is<Eq<Params<typeof renamed>, { readonly b: DenseParams<3, 4>; readonly c: { readonly dense1: DenseParams<4, 2> } }>>()

// -- a block is checked where it is made, but not beyond the rank that it is made for
export const late = pipe(input([7, 64]), block(dense(64, 32), flatten, dense(224, 8)))
is<Eq<Out<typeof late>, [8]>>()
const tower = block(residual(block(gelu, dense(4))), dense(2))
export const twoRanks = [pipe(input([4]), tower), pipe(input(['time', 4]), tower)] as const
is<Eq<[Out<(typeof twoRanks)[0]>, Out<(typeof twoRanks)[1]>], [[2], ['time', 2]]>>()
export const empty = pipe(input([3]), block(), sequential)
is<Eq<Params<typeof empty>, { readonly block1: Readonly<Record<never, never>> }>>()

// -- two models
export const both = compose(pipe(input([64]), dense(8)), pipe(input([8]), dense(64, 'out')))
is<Eq<typeof both, Model<[64], [64], { first: { readonly dense1: DenseParams<64, 8> }; second: { readonly out: DenseParams<8, 64> } }>>>()
export const onwards = pipe(input([64]), dense(8), compose(pipe(input([8]), dense(64, 'out'))), relu, dense(2))
is<Eq<Params<typeof onwards>['dense1'], DenseParams<64, 2>>>()

// -- tokens, scalars
export const tokens = input(['time'], 'i32')
is<Eq<In<typeof tokens>, ['time']>>()
is<Eq<(typeof tokens)['dtype'], 'i32'>>()
export const scalar = pipe(input([]), relu)
is<Eq<Out<typeof scalar>, []>>()

// -- sizes known only at run time
export const sized = pipe(input([dim('columns', n)]), dense(dim('hidden', n)), dense(dim('hidden', n), dim('columns', n)))
is<
  Eq<Params<typeof sized>, { readonly dense1: DenseParams<'columns', 'hidden'>; readonly dense2: DenseParams<'hidden', 'columns'> }>
>()
const between = <const I extends number, const O extends number>(from: I, to: O) => pipe(input([from]), dense(from, to), relu, dense(to, from))
export const narrow = between(8, 2)
is<Eq<Params<typeof narrow>, { readonly dense1: DenseParams<8, 2>; readonly dense2: DenseParams<2, 8> }>>()

// -- many layers
const ten = [dense(4), relu, dense(3), relu, dense(4), relu, dense(2), relu, dense(4), relu] as const
const fifty = [...ten, ...ten, ...ten, ...ten, ...ten] as const
export const twoHundred = sequential(input([4]), ...fifty, ...fifty, ...fifty, ...fifty)
is<Eq<Params<typeof twoHundred>['dense100'], DenseParams<2, 4>>>()
