/*
error TS2322: Type 'Tensor<[10, 28, 28], "f32">' is not assignable to type '"predict: the model takes [784], the samples are [28, 28]"'.
*/
import { dense, input, key, pipe, predict, type Tensor } from 'shapewright'

declare const images: Tensor<[10, 28, 28]>
const classifier = pipe(input([784]), dense(10))

// predict: the model takes [784], the samples are [28, 28] @ inputs
export const predicted = predict(classifier, { params: classifier.init(key(0)), inputs: images })
