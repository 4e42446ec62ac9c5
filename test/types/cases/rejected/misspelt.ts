/** A required option that is misspelt: what was meant is said, and nothing of the others. The comments are those of `layers.ts`. */
import {
  accuracy,
  adam,
  type Classes,
  compile,
  type Dataset,
  dense,
  evaluate,
  fit,
  input,
  key,
  pipe,
  predict,
  softmaxCrossEntropy,
  spec,
  type Tensor,
  zeros,
} from 'shapewright'

const model = pipe(input([4]), dense(3))
const params = model.init(key(0))
declare const data: Dataset<[4], Classes<3>>
const run = { data, loss: softmaxCrossEntropy, key: key(0), epochs: 1, batchSize: 1 }
const step = (state: Tensor<[]>, x: Tensor<['n']>) => [state, x] as const

// ~ Did you mean to write 'optimizer'? @ optimiser
fit(model, { ...run, optimiser: adam({ learningRate: 1e-3 }) })
// ~ 'parameters' does not exist in type @ parameters
evaluate(model, { parameters: params, data, loss: softmaxCrossEntropy })
// ~ Did you mean to write 'inputs'? @ input
predict(model, { params, input: zeros([2, 4]) })
// ~ Did you mean to write 'state'? @ states
compile(step, { states: zeros([]), args: [spec(['n'])], bind: { n: 3 } })
// ~ Did you mean to write 'args'? @ arg
compile(step, { state: zeros([]), arg: [spec(['n'])], bind: { n: 3 } })

// -- metrics have names
// fit: expected metrics by name, as { accuracy }, got an array @ metrics
fit(model, { ...run, optimizer: adam({ learningRate: 1e-3 }), metrics: [accuracy] })
// evaluate: expected metrics by name, as { accuracy }, got an array @ metrics
evaluate(model, { params, data, loss: softmaxCrossEntropy, metrics: [accuracy] })
