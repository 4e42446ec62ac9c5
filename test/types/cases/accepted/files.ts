/** Runs and weights as files: what `resume` gives goes into `fit`, what `loadParams` gives is the model's. */
import * as E from 'fp-ts/lib/Either.js'
import { adam, chain, clipByValue, type Dataset, dense, dim, fit, freeze, input, key, meanSquaredError, type Params, paramsFrom, pipe, relu, type StoredArray, tensorsFrom, type Tensor } from 'shapewright'
import { checkpointsIn, loadParams, saveParams } from 'shapewright/files'

declare const data: Dataset<[4], [2]>
declare const arrays: ReadonlyMap<string, StoredArray>
const model = pipe(input([4]), dense(dim('hidden', 8), 'hidden'), relu, dense(2, 'out'))
const optimizer = chain(clipByValue(1), freeze('hidden.bias')(adam({ learningRate: 1e-3 })))

const program = async () => {
  const checkpoints = checkpointsIn('run', { everySteps: 10, keep: 2 })
  const before = await checkpoints.resume(model, optimizer)()
  if (E.isLeft(before)) return before.left.message
  const bias: Tensor<[2]> | undefined = before.right?.params.out.bias
  const trained = await fit(model, { data, loss: meanSquaredError, optimizer, batchSize: 2, epochs: 3, key: key(0), checkpoints, from: before.right })()
  if (E.isLeft(trained)) return trained.left.message
  const saved = await saveParams('weights', model, trained.right.params)()
  const loaded = await loadParams('weights', model, { round: true })()
  const params: Params<typeof model> | null = E.isRight(loaded) ? loaded.right : null
  return [bias, saved, params]
}
const weight = pipe(
  paramsFrom(model, arrays),
  E.map(({ hidden }): Tensor<[4, 'hidden']> => hidden.weight),
)
const back = E.chainW((params: Params<typeof model>) => tensorsFrom(model, params))(paramsFrom(model, arrays))
fit(model, { data, loss: meanSquaredError, optimizer, batchSize: 2, epochs: 3, key: key(0), from: undefined })
export { back, program, weight }
