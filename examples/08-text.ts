/**
 * Lesson 8: a transformer learns to write, character by character, from the source code of this library.
 * `npm run -s text -- --epochs 6 --seed 0 --temperature 0.7 --json`
 *
 * The same layers are used twice: `fit` trains them on windows of 64 characters, all of whose positions are guessed at once; then a
 * step of our own writes, one character a step, with the weights that were learnt. The sample follows from the seed.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  adamw,
  add,
  argmax,
  chain,
  classes,
  clipByGlobalNorm,
  compile,
  concat,
  cosineDecay,
  dataset,
  dense,
  div,
  embedding,
  fit,
  foldIn,
  gather,
  input,
  type Key,
  key,
  layerNorm,
  log,
  named,
  neg,
  type Params,
  pipe,
  repeat,
  reshape,
  scalar,
  slice,
  softmaxCrossEntropy,
  summary,
  type Tensor,
  type TrainingEvent,
  tensor,
  toArray,
  transformerDecoderBlock,
  uniform,
  warmUp,
} from 'shapewright'
import { decimal, flag, optionsOrExit, text, wholeNumber } from './shared/options.ts'
import { figures, meter, weightsSha256 } from './shared/report.ts'
import { giveUp, sentence } from './shared/say.ts'
import { characters, decode, encode, sourceText } from './shared/source-text.ts'

const options = optionsOrExit({
  train: wholeNumber(20_000, 1),
  epochs: wholeNumber(6, 1),
  batch: wholeNumber(16, 1),
  seed: wholeNumber(0, 0),
  temperature: decimal(0.7, 0.01, 10),
  prompt: text('/** The '),
  length: wholeNumber(800, 1, 100_000),
  json: flag,
})

// Each block of a transformer looks at the characters so far, never at those to come, and then makes up its mind.
const time = 64
const writer = pipe(
  input([time], 'i32'),
  embedding(characters, 64, 'characters'),
  named('thoughts')(repeat(2, transformerDecoderBlock(4, { rotary: true }))),
  layerNorm('norm'),
  dense(characters, 'logits'),
)

const { seen, heldOut } = sourceText()

// A sample is a window of 64 characters; its targets are the same window one character on, so that each position learns to guess.
const windows = (codes: readonly number[]) => {
  const starts = Array.from({ length: Math.floor((codes.length - 1) / time) }, (_, i) => i * time)
  const shifted = (by: number) => starts.flatMap((start) => codes.slice(start + by, start + by + time))
  return dataset(classes(shifted(0), characters, [time]), classes(shifted(1), characters, [time]))
}

// The loss is a mean over positions, in nats a character: with 1.1 it wavers between e^1.1 = 3 characters, at random between 97.
const steps = (samples: number) => options.epochs * Math.ceil(samples / options.batch)
const show = (event: TrainingEvent): void => {
  if (event.tag !== 'Epoch') return
  const { epoch, validation } = event.scores
  const nats = validation?.loss ?? Number.NaN
  console.log(`epoch ${epoch}/${event.epochs}  ${perCharacter(nats)} on text held out  ${event.seconds.toFixed(1)} s`)
}
const perCharacter = (nats: number): string => `${nats.toFixed(3)} nats a character (${(nats / Math.LN2).toFixed(3)} bits)`
const { onEvent, measured } = meter(show)

const learn = pipe(
  TE.fromEither(windows(seen)),
  TE.bindTo('all'),
  TE.bindW('validation', () => TE.fromEither(windows(heldOut))),
  TE.bindW('trained', ({ all, validation }) => {
    const data = all.shuffled(key(options.seed)).take(Math.min(options.train, all.length))
    const rate = warmUp({ steps: 100, rate: cosineDecay({ initial: 3e-3, steps: steps(data.length) }) })
    return fit(writer, {
      data,
      validation,
      loss: softmaxCrossEntropy,
      optimizer: chain(clipByGlobalNorm(1), adamw({ learningRate: rate })),
      batchSize: options.batch,
      epochs: options.epochs,
      key: key(options.seed),
      onEvent,
    })
  }),
)

// To write, the state is the page: the last 64 characters, and how many there are so far.
interface Page {
  readonly window: Tensor<[typeof time], 'i32'>
  readonly count: Tensor<[], 'i32'>
}
const writing = (params: Params<typeof writer>, seed: Key) => (page: Page) => {
  const guesses = pipe(writer.apply(params, pipe(page.window, reshape([1, time]))), reshape([time, characters]))
  // The largest of logits plus such noise is a draw from their softmax (E. J. Gumbel, "Statistical theory of extreme values", 1954).
  const noise = neg(log(neg(log(uniform(foldIn(seed, page.count), [characters], { min: 1e-6, max: 1 - 1e-6 })))))
  const next = pipe(guesses, gather(scalar(time - 1, 'i32')), div(options.temperature), add(noise), argmax(-1))
  const window = concat([pipe(page.window, slice([1], [time])), pipe(next, reshape([1]))], 0)
  return [{ window, count: add(page.count, 1) }, next] as const
}
const write = (params: Params<typeof writer>) => {
  const before = encode(options.prompt.padStart(time, '\n')).slice(-time)
  return pipe(
    compile(writing(params, foldIn(key(options.seed), 'writing')), {
      state: { window: tensor(before, [time], 'i32'), count: scalar(0, 'i32') },
      args: [],
    }),
    TE.map((program) => decode(Array.from({ length: options.length }, () => toArray(program.step())))),
  )
}

const layers = summary(writer)
console.log(`${layers}`)
console.log(`${seen.length} characters to learn from; a guess at random costs ${perCharacter(Math.log(characters))}`)
const ended = await pipe(
  learn,
  TE.bindW('sample', ({ trained }) => write(trained.params)),
)()
if (E.isLeft(ended)) giveUp(sentence(ended.left))
else {
  const { trained, sample } = ended.right
  const nats = trained.history.at(-1)?.validation?.loss ?? Number.NaN
  console.log(`\n${options.prompt}${sample}\n`)
  const { secondsPerEpoch, ...others } = figures(measured(), trained.history)
  if (options.json) {
    const line = { lossPerCharacter: nats, bitsPerCharacter: nats / Math.LN2, parameters: layers.total, secondsPerEpoch, ...others }
    console.log(JSON.stringify({ ...line, sample, weightsSha256: weightsSha256(trained.params) }))
  }
}
