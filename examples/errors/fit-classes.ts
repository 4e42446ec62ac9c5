/*
error TS2322: Type 'Dataset<[784], Classes<26, []>>' is not assignable to type '"fit: the loss compares 10 classes, the data set has 26"'.
*/
import { adam, type Classes, type Dataset, dense, fit, input, key, pipe, softmaxCrossEntropy } from 'shapewright'

declare const letters: Dataset<[784], Classes<26>>
const classifier = pipe(input([784]), dense(10, 'logits'))

// fit: the loss compares 10 classes, the data set has 26 @ data
export const trained = fit(classifier, {
  data: letters,
  loss: softmaxCrossEntropy,
  optimizer: adam({ learningRate: 1e-3 }),
  batchSize: 32,
  epochs: 10,
  key: key(0),
})
