/** Branches: what they give together, their parameters, branches inside branches, helpers that are generic. */
import {
  type AddBranches,
  addBranches,
  block,
  type ConcatBranches,
  concatBranches,
  type Dense,
  type DenseFrom,
  type DenseParams,
  dense,
  dim,
  dropout,
  flatten,
  gelu,
  input,
  type Layer,
  type Model,
  named,
  type Out,
  type Params,
  pipe,
  relu,
  residual,
  sequential,
  softmax,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const n: number

// -- outputs stand end to end, or are added
export const joined = pipe(input([64]), concatBranches(dense(32), block(dense(16), relu), dense(8, 'third'), dense(2)))
is<Eq<Out<typeof joined>, [58]>>()
is<
  Eq<
    Params<typeof joined>,
    {
      readonly concatBranches1: {
        readonly dense1: DenseParams<64, 32>
        readonly block1: { readonly dense1: DenseParams<64, 16> }
        readonly third: DenseParams<64, 8>
        readonly dense2: DenseParams<64, 2>
      }
    }
  >
>()
export const added = pipe(input([7, 5]), addBranches(dense(9), dense(9), block(dense(4), gelu, dense(9))))
is<
  Eq<
    typeof added,
    Model<
      [7, 5],
      [7, 9],
      {
        addBranches1: {
          readonly dense1: DenseParams<5, 9>
          readonly dense2: DenseParams<5, 9>
          readonly block1: { readonly dense1: DenseParams<5, 4>; readonly dense2: DenseParams<4, 9> }
        }
      }
    >
  >
>()
export const single = pipe(input([3]), concatBranches(relu), addBranches(dense(2)))
is<Eq<Params<typeof single>, { readonly concatBranches1: Readonly<Record<never, never>>; readonly addBranches1: { readonly dense1: DenseParams<3, 2> } }>>()
export const beside = pipe(input([3]), concatBranches(block(), relu, dropout(0.5), softmax(-1)))
is<Eq<Out<typeof beside>, [12]>>()

// -- ranks 1, 2 and 4; named dims before the last one
export const rank1 = pipe(input([3]), concatBranches(relu, relu))
is<Eq<Out<typeof rank1>, [6]>>()
export const rank2 = pipe(input(['time', 3]), concatBranches(relu, dense(4)))
is<Eq<Out<typeof rank2>, ['time', 7]>>()
export const rank4 = pipe(input([2, 'time', 4, 3]), concatBranches(dense(997), dense(3)), addBranches(relu, gelu))
is<Eq<Out<typeof rank4>, [2, 'time', 4, 1000]>>()
export const scalars = pipe(input([]), addBranches(relu, gelu))
is<Eq<Out<typeof scalars>, []>>()
export const flattened = pipe(input([4, 3]), concatBranches(flatten, block(dense(2), flatten)))
is<Eq<Out<typeof flattened>, [20]>>()
const hidden = dense(dim('hidden', n))
export const bound = pipe(input([3]), addBranches(hidden, block(hidden, relu)))
is<Eq<Out<typeof bound>, ['hidden']>>()
export const alone = pipe(input([3]), concatBranches(hidden))
is<Eq<Out<typeof alone>, ['hidden']>>()

// -- names, and layers made for a size
export const renamed = sequential(input([8]), named('wide')(concatBranches(named('a')(block(dense(2))), dense(3, 'b'))), dense(1, 'out'))
is<
  Eq<
    Params<typeof renamed>,
    {
      readonly wide: { readonly a: { readonly dense1: DenseParams<8, 2> }; readonly b: DenseParams<8, 3> }
      readonly out: DenseParams<5, 1>
    }
  >
>()
const made = concatBranches(dense(64, 32), dense(64, 8))
is<Eq<typeof made, Layer<ConcatBranches<[DenseFrom<64, 32>, DenseFrom<64, 8>]>>>>()
export const later = [pipe(input([64]), made), pipe(input([7, 64]), made)] as const
is<Eq<[Out<(typeof later)[0]>, Out<(typeof later)[1]>], [[40], [7, 40]]>>()
const summed = addBranches(dense(3), dense(3))
is<Eq<typeof summed, Layer<AddBranches<[Dense<3>, Dense<3>]>>>>()
// the first branch that says what it was made for speaks for all, in a block too
export const spoken = block(concatBranches(relu, dense(64, 8)), dense(72, 2))
export const followed = pipe(input([64]), spoken)
is<Eq<Out<typeof followed>, [2]>>()

// -- inside each other, inside blocks and residuals, and around them
export const nested = pipe(
  input([8]),
  residual(addBranches(block(dense(16), relu, dense(8)), residual(concatBranches(dense(5), dense(3))))),
  block(concatBranches(relu, concatBranches(relu, relu)), dense(4)),
)
is<
  Eq<
    Params<typeof nested>,
    {
      readonly residual1: {
        readonly block1: { readonly dense1: DenseParams<8, 16>; readonly dense2: DenseParams<16, 8> }
        readonly residual1: { readonly dense1: DenseParams<8, 5>; readonly dense2: DenseParams<8, 3> }
      }
      readonly block1: {
        readonly concatBranches1: { readonly concatBranches1: Readonly<Record<never, never>> }
        readonly dense1: DenseParams<24, 4>
      }
    }
  >
>()
const pair = [dense(2), dense(3)] as const
export const spread = pipe(input([8]), concatBranches(...pair, ...pair))
is<Eq<Out<typeof spread>, [10]>>()
export const inRow = sequential(input([8]), ...pair, addBranches(relu, ...([gelu] as const)))
is<Eq<Out<typeof inRow>, [3]>>()

// -- helpers that are generic in the model, in a size
const head = <I, P>(model: Model<I, [200], P>) => pipe(model, concatBranches(dense(32), relu), dense(10))
export const headed = pipe(input([5, 5, 8]), flatten, head)
is<Eq<Params<typeof headed>['dense1'], DenseParams<232, 10>>>()
const inception = <const H extends number>(width: H) =>
  pipe(input([64]), addBranches(dense(width), block(dense(7), relu, dense(width)), dense(64, width)), dense(10))
export const wide = inception(4)
is<Eq<Params<typeof wide>['dense1'], DenseParams<4, 10>>>()
const tower = <const H extends number>(width: H) => concatBranches(dense(width), dense(3))
export const towers = pipe(input([9]), tower(5), tower(1))
is<Eq<Out<typeof towers>, [4]>>()
