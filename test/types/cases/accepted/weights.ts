/** Files whose tensors are declared, and models that have them. */
import { batchNorm, block, type Declared, type DeclaredTensor, declared, type DenseParams, dense, dim, input, type Model, named, paramsFrom, pipe, relu, type StoredArray } from 'shapewright'

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

// what is untyped may have any names: it is asked when it is run
declare const untyped: ReturnType<typeof JSON.parse>
declare const open: Model<[784], [10], typeof untyped>
declare const half: Model<[784], [10], { readonly hidden: typeof untyped; readonly out: DenseParams<256, 10> }>
paramsFrom(open, weights)
paramsFrom(half, weights)
paramsFrom(model, declared<typeof untyped>(tensors))
paramsFrom(model, declared<{ readonly [name: string]: DeclaredTensor }>(tensors))
