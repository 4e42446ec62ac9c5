/*
error TS2322: Type 'Loss<Accuracy>' is not assignable to type '"fit: the metric accuracy compares 1 classes, the data set has [1]"'.
*/
import { accuracy, adam, type Dataset, dense, fit, input, key, meanSquaredError, pipe } from 'shapewright'

declare const houses: Dataset<[8], [1]>
const price = pipe(input([8]), dense(1))

// fit: the metric accuracy compares 1 classes, the data set has [1] @ accuracy
export const trained = fit(price, {
  data: houses,
  loss: meanSquaredError,
  metrics: { accuracy },
  optimizer: adam({ learningRate: 1e-3 }),
  batchSize: 32,
  epochs: 10,
  key: key(0),
})
