/** Mistakes with ONNX files. The comments are those of `layers.ts`. */
import { dense, input, key, pipe, relu, zeros } from 'shapewright'
import { exportOnnx } from 'shapewright/onnx'

const classifier = pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits'))
const narrow = pipe(input([784]), dense(128, 'hidden'), relu, dense(10, 'logits'))
const params = classifier.init(key(0))

// exportOnnx: expected a model @ dense(3)
exportOnnx(dense(3), params)
// exportOnnx: params.hidden.weight is [784, 128], the model has [784, 256] @ narrow.init(key(0))
exportOnnx(classifier, narrow.init(key(0)))
// exportOnnx: params.logits is missing @ { hidden: params.hidden }
exportOnnx(classifier, { hidden: params.hidden })
// exportOnnx: params.logits.bias is [11], the model has [10] @ bias
exportOnnx(classifier, { ...params, logits: { weight: params.logits.weight, bias: zeros([11]) } })
// ~ 'name' does not exist in type 'OnnxOptions' @ name
exportOnnx(classifier, params, { name: 'digits' })
