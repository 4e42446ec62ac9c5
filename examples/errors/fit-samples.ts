/*
error TS2322: Type 'Dataset<[32, 32, 3], Classes<10, []>>' is not assignable to type '"fit: the model takes [784], the samples are [32, 32, 3]"'.
*/
import { adam, type Classes, type Dataset, dense, fit, input, key, pipe, softmaxCrossEntropy } from 'shapewright'

declare const photographs: Dataset<[32, 32, 3], Classes<10>>
const classifier = pipe(input([784]), dense(10, 'logits'))

// fit: the model takes [784], the samples are [32, 32, 3] @ data
export const trained = fit(classifier, {
  data: photographs,
  loss: softmaxCrossEntropy,
  optimizer: adam({ learningRate: 1e-3 }),
  batchSize: 32,
  epochs: 10,
  key: key(0),
})
