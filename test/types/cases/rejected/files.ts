/** Mistakes with runs and weights as files. */
import * as E from 'fp-ts/lib/Either.js'
import { adam, type Dataset, dense, fit, freeze, input, key, meanSquaredError, pipe, sgd, tensorsFrom, zeros } from 'shapewright'
import { type CheckpointFolder, loadParams, saveParams } from 'shapewright/files'

declare const data: Dataset<[4], [2]>
declare const checkpoints: CheckpointFolder
const model = pipe(input([4]), dense(2, 'out'))
const other = pipe(input([4]), dense(3, 'out'))
const optimizer = adam({ learningRate: 1e-3 })
const options = { data, loss: meanSquaredError, optimizer, batchSize: 2, epochs: 3, key: key(0) }
const before = await checkpoints.resume(other, optimizer)()
const slow = await checkpoints.resume(model, sgd({ learningRate: 1 }))()

// fit: from.params.out.weight is [4, 3], the model has [4, 2] @ from
if (E.isRight(before)) fit(model, { ...options, from: before.right })
// fit: several parts of from.optimizer are missing @ from
if (E.isRight(slow)) fit(model, { ...options, from: slow.right })
// fit: 'from' is what an earlier fit ended with; fit gives an Either, take its right side @ from
fit(model, { ...options, from: before })
// freeze: the parameters have no 'outer' @ freeze('outer')(optimizer)
checkpoints.resume(model, freeze('outer')(optimizer))
// input: a size must be a whole number, got -1 @ input([-1])
checkpoints.resume(input([-1]), optimizer)
// saveParams: params.out.weight is [4, 3], the model has [4, 2] @ weight
saveParams('weights', model, { out: { weight: zeros([4, 3]), bias: zeros([2]) } })
// saveParams: params.out is missing @ {}
saveParams('weights', model, {})
// tensorsFrom: params.out.bias is [3], the model has [2] @ bias
tensorsFrom(model, { out: { weight: zeros([4, 2]), bias: zeros([3]) } })
// input: a size must be a whole number, got 0.5 @ input([0.5])
saveParams('weights', input([0.5]), {})
// input: a size must be a whole number, got 0.5 @ input([0.5])
loadParams('weights', input([0.5]))
// ~ is not assignable to type 'boolean | undefined' @ round
loadParams('weights', model, { round: 'yes' })
