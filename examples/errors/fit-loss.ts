/*
error TS2322: Type 'Dataset<[784], Classes<10, []>>' is not assignable to type '"fit: the loss compares [10], the data set has 10 classes"'.
*/
import { adam, type Classes, type Dataset, dense, fit, input, key, meanSquaredError, pipe } from 'shapewright'

declare const digits: Dataset<[784], Classes<10>>
const classifier = pipe(input([784]), dense(10, 'logits'))

// A squared error needs numbers to compare with, and these targets are class numbers.
// fit: the loss compares [10], the data set has 10 classes @ data
export const trained = fit(classifier, {
  data: digits,
  loss: meanSquaredError,
  optimizer: adam({ learningRate: 1e-3 }),
  batchSize: 32,
  epochs: 10,
  key: key(0),
})
