/**
 * Lesson 1: a network of 2, 8 and 1 units learns XOR. `npm run -s xor -- --seed 3 --json`
 *
 * Ends with status 1 unless all four predictions are within 0.05 of the truth.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { adam, binaryCrossEntropy, dataset, dense, fit, input, key, pipe, predict, sigmoid, tanh, tensor, toArray } from 'shapewright'
import { flag, optionsOrExit, wholeNumber } from './shared/options.ts'
import { giveUp, sentence } from './shared/say.ts'

const options = optionsOrExit({ seed: wholeNumber(0, 0), json: flag })

const inputs = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
])
const truth = tensor([[0], [1], [1], [0]])
const model = pipe(input([2]), dense(8, 'hidden'), tanh, dense(1, 'output'), sigmoid)

const solve = pipe(
  TE.fromEither(dataset(inputs, truth)),
  TE.chainW((data) =>
    fit(model, {
      data,
      loss: binaryCrossEntropy,
      optimizer: adam({ learningRate: 0.05 }),
      batchSize: 4,
      epochs: 500,
      key: key(options.seed),
    }),
  ),
  TE.chainW(({ params }) => predict(model, { params, inputs })),
)

const solved = await solve()
if (E.isLeft(solved)) giveUp(sentence(solved.left))
else {
  const predictions = toArray(solved.right).map(([value]) => value)
  const answers = toArray(truth).map(([value]) => value)
  const right = predictions.every((value, i) => Math.abs(Number(value) - Number(answers[i])) < 0.05)
  if (options.json) console.log(JSON.stringify({ seed: options.seed, predictions, right }))
  else for (const [i, [a, b]] of toArray(inputs).entries()) console.log(`${a} xor ${b} = ${predictions[i]?.toFixed(3)}`)
  process.exitCode = right ? 0 : 1
}
