/** Rows of layers: options, renaming, blocks of any rank, composed models, tokens, sizes bound twice. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import {
  activation,
  block,
  compose,
  conv2d,
  type Dataset,
  type DenseParams,
  dense,
  dim,
  evaluate,
  fit,
  flatten,
  type Grads,
  gelu,
  type In,
  input,
  type Key,
  key,
  meanSquaredError,
  type Model,
  named,
  type Out,
  type Params,
  type PredictionError,
  pipe,
  predict,
  relu,
  reshape,
  residual,
  sequential,
  sgd,
  type Tensor,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const n: number
declare const data: Dataset<[64], [2]>

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

// -- two models, composed where they are used
const trunk = pipe(input([64]), dense(8))
const head = pipe(input([8]), dense(2))
const joined = compose(trunk, head)
const training = { data, loss: meanSquaredError, optimizer: sgd({ learningRate: 1 }), batchSize: 1, epochs: 1, key: key(0) }
const [inCall, inConst] = [fit(compose(trunk, head), training), fit(joined, training)]
is<Eq<typeof inCall, typeof inConst>>()
export const judged = evaluate(compose(trunk, head), { params: joined.init(key(0)), data, loss: meanSquaredError })
export const foreseen = predict(compose(trunk, head), { params: joined.init(key(0)), inputs: zeros([3, 64]) })
is<Eq<typeof foreseen, TE.TaskEither<PredictionError, Tensor<[3, 2]>>>>()
export const threefold = compose(compose(trunk, head), pipe(input([2]), dense(5)))
is<Eq<Params<typeof threefold>['first']['second'], { readonly dense1: DenseParams<8, 2> }>>()
export const inRow = sequential(compose(trunk, head), dense(3))
is<Eq<Out<typeof inRow>, [3]>>()
export const inPipe = compose(pipe(trunk, compose(head)), input([2]))
is<Eq<Out<typeof inPipe>, [2]>>()

// -- what puts a head on any model of 16 features
const headed = <I, P>(model: Model<I, [16], P>) => pipe(model, relu, dense(10, 'head'), relu, dense(3, { name: 'last' }))
export const onTrunk = headed(pipe(input([4]), dense(16)))
is<Eq<(typeof onTrunk)['output'], [3]>>()
is<
  Eq<
    Params<typeof onTrunk>,
    { readonly dense1: DenseParams<4, 16>; readonly head: DenseParams<16, 10>; readonly last: DenseParams<10, 3> }
  >
>()
const blockOn = <I, P>(model: Model<I, [16], P>) => sequential(model, named('stem')(block(dense(3))), dense(2, 'out'))
export const onInput = blockOn(input([16]))
is<Eq<Params<typeof onInput>['out'], DenseParams<3, 2>>>()

// -- an activation that is chosen when the program runs
const chosen = activation('chosen', (x) => (n > 1 ? relu(x) : gelu(x)))
export const choosing = [
  pipe(input([8]), chosen, dense(2)),
  pipe(input([8]), n > 1 ? relu : gelu, dense(2)),
  sequential(input([8]), block(dense(8), chosen), dense(2)),
] as const
is<Eq<Out<(typeof choosing)[1]>, [2]>>()

// -- another shape of each sample
export const decoder = pipe(input([10]), dense(16), reshape([4, 4, 1]), conv2d({ filters: 2, kernel: 3 }))
is<Eq<Out<typeof decoder>, [2, 2, 2]>>()
export const left = [
  pipe(input(['time', 6]), reshape([-1, 2, 3])),
  sequential(input([4, 6]), reshape([8, -1])),
  pipe(input([12]), block(dense(dim('hidden', n)), reshape([dim('hidden', n), 1]))),
] as const
is<Eq<[Out<(typeof left)[0]>, Out<(typeof left)[1]>, Out<(typeof left)[2]>], [['time', 2, 3], [8, 3], ['hidden', 1]]>>()

/** Behind the hundredth layer names count on as they did before. */
type Place = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9
type Names = `dense${Place}` | `dense${Place}${Place}` | `dense1${Place}${Place}`
declare const deep: Model<[4], [4], { readonly [N in Exclude<Names, 'dense199'>]: DenseParams<4, 4> }>
export const deeper = pipe(deep, dense(4))
is<Eq<Exclude<keyof Params<typeof deeper>, keyof Params<typeof deep>>, 'dense199'>>()
