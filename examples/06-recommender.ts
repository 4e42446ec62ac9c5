/**
 * Lesson 6: which films would a user like? Two tables, one row a user and one row a film, learn it from a fifth of all ratings.
 * `npm run -s recommender -- --rank 4 --noise 0.1 --epochs 40 --seed 0 --json`
 *
 * The ratings are made up, so that the right answer is known: a matrix of rank 4, of which we see some elements through noise.
 * Ends with status 1 if it missed the answer by more than statistics explain: try `--rank 3`, which cannot hold it.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  adam,
  add,
  applyUpdates,
  compile,
  cosineDecay,
  type Dim,
  dataset,
  dim,
  foldIn,
  gather,
  key,
  matmul,
  mean,
  meanSquaredError,
  mul,
  normal,
  type OptimizerState,
  pipe,
  reshape,
  type Shape,
  scalar,
  spec,
  sqrt,
  sub,
  sum,
  type Tensor,
  tensor,
  toArray,
  transpose,
  valueAndGrad,
} from 'shapewright'
import { embedding } from 'shapewright/ops'
import { decimal, flag, optionsOrExit, wholeNumber } from './shared/options.ts'
import { giveUp, sentence } from './shared/say.ts'

const options = optionsOrExit({
  rank: wholeNumber(4, 1, 64),
  noise: decimal(0.1, 0, 10),
  epochs: wholeNumber(40, 1),
  seed: wholeNumber(0, 0),
  json: flag,
})

// The world: what each user likes and what each film has, four numbers each, so that ratings have a mean of 0 and a variance of 1.
const [users, films, trueRank, observed] = [500, 300, 4, 30_000] as const
const seed = key(options.seed)
const scale = trueRank ** -0.25
const likes = mul(normal(foldIn(seed, 'likes'), [users, trueRank]), scale)
const has = mul(normal(foldIn(seed, 'has'), [films, trueRank]), scale)
const truth = matmul(likes, transpose(has))
const ratings = add(truth, mul(normal(foldIn(seed, 'noise'), [users, films]), options.noise))

// A sample is a pair of numbers, user and film, and its target is a rating. A shuffled fifth of them is what we see.
const pairs = Array.from({ length: users * films }, (_, i) => [Math.floor(i / films), i % films]).flat()

// The model: the rank is known only now, so that it has a name. A rating is the product of two rows.
interface Tables {
  readonly users: Tensor<[500, 'rank']>
  readonly films: Tensor<[300, 'rank']>
}
const rating = <B extends Dim>(tables: Tables, pair: Tensor<[B, 2], 'i32'>): Tensor<[B]> => {
  const user = pipe(pair, gather(scalar(0, 'i32'), 1), embedding(tables.users))
  const film = pipe(pair, gather(scalar(1, 'i32'), 1), embedding(tables.films))
  return pipe(mul(user, film), sum(-1))
}

/** The root of the mean square of the difference. */
const distance = <S extends Shape>(a: Tensor<S>, b: Tensor<S>): number => {
  const difference = sub(a, b)
  return toArray(sqrt(pipe(mul(difference, difference), mean())))
}
/** The five films with the highest ratings. */
const bestOf = (ratings: readonly number[] = []): readonly number[] =>
  [...ratings.keys()].sort((a, b) => (ratings[b] ?? 0) - (ratings[a] ?? 0)).slice(0, 5)

// The step is one of our own: the state goes in first and comes out first.
const batchSize = 1000
const optimizer = adam({ learningRate: cosineDecay({ initial: 0.05, steps: options.epochs * (observed / batchSize) }) })
interface State {
  readonly tables: Tables
  readonly optimizer: OptimizerState<typeof optimizer, Tables>
}
const loss = (tables: Tables, pair: Tensor<['batch', 2], 'i32'>, given: Tensor<['batch']>) =>
  pipe(rating(tables, pair), meanSquaredError(given), mean())
const step = (state: State, pair: Tensor<['batch', 2], 'i32'>, given: Tensor<['batch']>) => {
  const [value, gradients] = valueAndGrad(loss)(state.tables, pair, given)
  const [updates, next] = optimizer.update(gradients, state.optimizer, state.tables)
  return [{ tables: applyUpdates(state.tables, updates), optimizer: next }, value] as const
}

const rank = dim('rank', options.rank)
const batch = dim('batch', batchSize)
const start: Tables = {
  users: mul(normal(foldIn(seed, 'users'), [users, rank]), 0.1),
  films: mul(normal(foldIn(seed, 'films'), [films, rank]), 0.1),
}
const ended = await pipe(
  TE.fromEither(dataset(tensor(pairs, [150_000, 2], 'i32'), reshape([150_000])(ratings))),
  TE.bindTo('world'),
  TE.bindW('program', () =>
    compile(step, {
      state: { tables: start, optimizer: optimizer.init(start) },
      args: [spec(['batch', 2], 'i32'), spec(['batch'])],
      bind: { batch: batchSize },
    }),
  ),
  TE.map(({ world, program }) => {
    const [seen, unseen] = world.shuffled(foldIn(seed, 'seen')).split(observed)
    const losses = Array.from({ length: options.epochs }, (_, epoch) => {
      const order = seen.shuffled(foldIn(foldIn(seed, 'epoch'), epoch))
      const batches = Array.from({ length: observed / batchSize }, (_, i) => order.batch(batch, i * batchSize))
      return batches.reduce((sum, given) => sum + toArray(program.step(...given)) / batches.length, 0)
    })
    const { tables } = program.read()
    const [unseenPairs, unseenRatings] = unseen.batch(dim('unseen', unseen.length))
    const guess = matmul(tables.users, transpose(tables.films))
    return {
      losses,
      unseenError: distance(rating(tables, unseenPairs), unseenRatings),
      error: distance(guess, truth),
      best: bestOf(toArray(guess)[0]),
      trulyBest: bestOf(toArray(truth)[0]),
    }
  }),
)()

if (E.isLeft(ended)) giveUp(sentence(ended.left))
else {
  const { losses, unseenError, error, best, trulyBest } = ended.right
  const { noise } = options
  // Each of the answer's free numbers costs as much as one rating's noise, shared by all ratings that were seen.
  const freedom = trueRank * (users + films - trueRank)
  const floor = noise * Math.sqrt(freedom / observed)
  const found = error < 1.25 * floor + 0.005
  for (const [i, loss] of losses.entries())
    if (i % 5 === 4) console.log(`epoch ${i + 1}: error ${Math.sqrt(loss).toFixed(4)} on ratings seen`)
  console.log(`ratings never seen: error ${unseenError.toFixed(4)}, of which noise ${noise.toFixed(4)}`)
  console.log(`the true matrix:    error ${error.toFixed(4)}, and ${floor.toFixed(4)} is what noise alone leaves unknown`)
  console.log(`films for user 0:   ${best.join(' ')}, truly the best: ${trulyBest.join(' ')}`)
  const finalLoss = losses.at(-1)
  const line = { seed: options.seed, rank: options.rank, noise, finalLoss, unseenError, error, floor, found, lossHistory: losses }
  if (options.json) console.log(JSON.stringify(line))
  process.exitCode = found ? 0 : 1
}
