/** Files whose tensors are declared, and models that have them. */
import { batchNorm, block, type Declared, declared, dense, dim, input, named, paramsFrom, pipe, relu, type StoredArray } from 'shapewright'

interface F<S> {
  readonly type: 'f32'
  readonly shape: S
}
interface Weights {
  readonly 'hidden.weight': F<readonly [784, 256]>
  readonly 'hidden.bias': { readonly type: 'f16'; readonly shape: readonly [256] }
  readonly 'out.weight': { readonly type: 'bf16'; readonly shape: readonly [256, 10] }
  readonly 'out.bias': { readonly type: 'f64'; readonly shape: readonly [10] }
}
declare const tensors: ReadonlyMap<string, StoredArray>
declare const weights: ReadonlyMap<string, StoredArray> & Declared<Weights>

const model = pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'out'))
paramsFrom(model, declared<Weights>(tensors))
paramsFrom(model, weights, { round: true })
paramsFrom(model, tensors)
paramsFrom(model, new Map<string, StoredArray>())

// what has a name is looked at when the file is read
const bound = pipe(input([dim('pixels', 784)]), dense(dim('hidden', 256), 'hidden'), relu, dense(10, 'out'))
paramsFrom(bound, weights)

// layers in blocks, and statistics
interface Deep {
  readonly 'body.one.weight': F<readonly [3, 4]>
  readonly 'body.one.bias': F<readonly [4]>
  readonly 'body.norm.scale': F<readonly [4]>
  readonly 'body.norm.shift': F<readonly [4]>
  readonly 'body.norm.mean': F<readonly [4]>
  readonly 'body.norm.variance': F<readonly [4]>
}
paramsFrom(pipe(input([3]), named('body')(block(dense(4, 'one'), batchNorm('norm')))), declared<Deep>(tensors))

// a function that is given any model asks when it is run
const read = (given: typeof model) => paramsFrom(given, declared<Weights>(tensors))
read(model)
