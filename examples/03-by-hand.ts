/**
 * Lesson 3: XOR again, without layers, losses or optimizers: a plain function over tensors, and a training step of one's own.
 * `npm run -s by-hand -- --seed 0 --steps 2000`
 *
 * Sigmoid units, full-batch gradient descent, and the whole step compiled into one call.
 */
import * as E from 'fp-ts/lib/Either.js'
import {
  add,
  compile,
  type Dim,
  key,
  matmul,
  mean,
  mul,
  normal,
  pipe,
  type Shape,
  sigmoid,
  spec,
  split,
  sub,
  type Tensor,
  tensor,
  toArray,
  valueAndGrad,
  zeros,
} from 'shapewright'
import { optionsOrExit, wholeNumber } from './shared/options.ts'
import { giveUp, sentence } from './shared/say.ts'

const options = optionsOrExit({ seed: wholeNumber(0, 0), steps: wholeNumber(2000, 1) })

interface Weights {
  readonly hidden: { readonly weight: Tensor<[2, 8]>; readonly bias: Tensor<[8]> }
  readonly output: { readonly weight: Tensor<[8, 1]>; readonly bias: Tensor<[1]> }
}

const network = <B extends Dim>({ hidden, output }: Weights, x: Tensor<[B, 2]>): Tensor<[B, 1]> =>
  pipe(x, matmul(hidden.weight), add(hidden.bias), sigmoid, matmul(output.weight), add(output.bias), sigmoid)

const squaredError = (weights: Weights, x: Tensor<[4, 2]>, y: Tensor<[4, 1]>): Tensor<[]> => {
  const error = sub(network(weights, x), y)
  return pipe(mul(error, error), mean())
}

const rate = 2
const descend = <S extends Shape>(weight: Tensor<S>, gradient: Tensor<S>): Tensor<S> => sub(weight, mul(gradient, rate))

/** The state comes first and goes first: it lives in the program's memory and is updated in place. */
const step = (weights: Weights, x: Tensor<[4, 2]>, y: Tensor<[4, 1]>) => {
  const [loss, { hidden, output }] = valueAndGrad(squaredError)(weights, x, y)
  const next: Weights = {
    hidden: { weight: descend(weights.hidden.weight, hidden.weight), bias: descend(weights.hidden.bias, hidden.bias) },
    output: { weight: descend(weights.output.weight, output.weight), bias: descend(weights.output.bias, output.bias) },
  }
  return [next, loss] as const
}

const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
])
const y = tensor([[0], [1], [1], [0]])
const [first, second] = split(key(options.seed))
const initial: Weights = {
  hidden: { weight: normal(first, [2, 8]), bias: zeros([8]) },
  output: { weight: normal(second, [8, 1]), bias: zeros([1]) },
}

const compiled = await compile(step, { state: initial, args: [spec([4, 2]), spec([4, 1])] })()
if (E.isLeft(compiled)) giveUp(sentence(compiled.left))
else {
  const program = compiled.right
  for (let i = 1; i <= options.steps; i++) {
    const loss = program.step(x, y)
    if (i % 100 === 0) console.log(`step ${i}: loss ${toArray(loss).toFixed(6)}`)
  }
  const answers = toArray(network(program.read(), x))
  for (const [i, [a, b]] of toArray(x).entries()) console.log(`${a} xor ${b} = ${answers[i]?.[0]?.toFixed(3)}`)
}
