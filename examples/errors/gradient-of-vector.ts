/*
error TS2345: Argument of type 'Flat<{ dense1: DenseParams<784, 10>; }>' is not assignable to parameter of type '"valueAndGrad: the function must give a scalar, got [batch]; end it with mean()"'.
*/
import { dense, input, key, pipe, softmaxCrossEntropy, type Tensor, valueAndGrad } from 'shapewright'

declare const x: Tensor<['batch', 784]>
declare const y: Tensor<['batch'], 'i32'>
const classifier = pipe(input([784]), dense(10))
const params = classifier.init(key(0))

const losses = (p: typeof params, images: typeof x, labels: typeof y) => pipe(classifier.apply(p, images), softmaxCrossEntropy(labels))

// A loss gives one value per sample; what is differentiated must be one number.
// valueAndGrad: the function must give a scalar, got [batch]; end it with mean() @ params
export const result = valueAndGrad(losses)(params, x, y)
