/** Files whose tensors are declared, and models that have others. The comments are those of `layers.ts`. */
import { dense, declared, fromKeras, fromPyTorch, input, paramsFrom, pipe, relu, type StoredArray, tensorsFrom } from 'shapewright'
import { loadParams } from 'shapewright/files'

interface F<S, D = 'f32'> {
  readonly type: D
  readonly shape: S
}
interface Weights {
  readonly 'hidden.weight': F<readonly [784, 256]>
  readonly 'hidden.bias': F<readonly [256]>
  readonly 'out.weight': F<readonly [256, 10]>
  readonly 'out.bias': F<readonly [10]>
}
declare const tensors: ReadonlyMap<string, StoredArray>
declare const n: number
const model = pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'out'))

// paramsFrom: 'hidden.weight' is [784, 128] in the file, the model has [784, 256] @ declared<Omit<Weights, 'hidden.weight'> & { 'hidden.weight': F<readonly [784, 128]> }>(tensors)
paramsFrom(model, declared<Omit<Weights, 'hidden.weight'> & { 'hidden.weight': F<readonly [784, 128]> }>(tensors))

// paramsFrom: 'out.bias' is [10, 1] in the file, the model has [10] @ declared<Omit<Weights, 'out.bias'> & { 'out.bias': F<readonly [10, 1]> }>(tensors)
paramsFrom(model, declared<Omit<Weights, 'out.bias'> & { 'out.bias': F<readonly [10, 1]> }>(tensors))

// paramsFrom: 'out.weight' is [256] in the file, the model has [256, 10] @ declared<Omit<Weights, 'out.weight'> & { 'out.weight': F<readonly [256]> }>(tensors)
paramsFrom(model, declared<Omit<Weights, 'out.weight'> & { 'out.weight': F<readonly [256]> }>(tensors))

// paramsFrom: 'out.bias' is i64 [10] in the file, the model has [10] @ declared<Omit<Weights, 'out.bias'> & { 'out.bias': F<readonly [10], 'i64'> }>(tensors)
paramsFrom(model, declared<Omit<Weights, 'out.bias'> & { 'out.bias': F<readonly [10], 'i64'> }>(tensors))

// paramsFrom: several tensors of the file have other shapes than in the model @ declared<Weights>(tensors)
paramsFrom(pipe(input([784]), dense(128, 'hidden'), relu, dense(10, 'out')), declared<Weights>(tensors))

// paramsFrom: the file has no 'hidden.bias', which is [256] in the model @ declared<Omit<Weights, 'hidden.bias'>>(tensors)
paramsFrom(model, declared<Omit<Weights, 'hidden.bias'>>(tensors))

// paramsFrom: several tensors of the model are missing in the file @ declared<Weights>(tensors)
paramsFrom(pipe(input([784]), dense(256, 'hiden'), relu, dense(10, 'out')), declared<Weights>(tensors))

// paramsFrom: the file has 'old.bias', which the model does not have @ declared<Weights & { 'old.bias': F<readonly [1]> }>(tensors)
paramsFrom(model, declared<Weights & { 'old.bias': F<readonly [1]> }>(tensors))

// paramsFrom: the file has several tensors that the model does not have @ declared<Weights>(tensors)
paramsFrom(pipe(input([784]), dense(256, 'hidden')), declared<Weights>(tensors))

// -- models that could not be made
// input: a size is not a literal; write dim('name', n) @ input([n])
fromPyTorch(input([n]), tensors)
// input: a size is not a literal; write dim('name', n) @ input([n])
fromKeras(input([n]), tensors)
// input: a size is not a literal; write dim('name', n) @ input([n])
paramsFrom(input([n]), tensors)
// input: a size is not a literal; write dim('name', n) @ input([n])
tensorsFrom(input([n]), {})

// -- files on disk
// loadParams: the file has no 'hidden.bias', which is [256] in the model @ declared<Omit<Weights, 'hidden.bias'>>('digits.safetensors')
loadParams(declared<Omit<Weights, 'hidden.bias'>>('digits.safetensors'), model)
