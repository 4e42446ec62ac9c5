/** What a library over Shapewright may export: its declaration file must be able to name every inferred type. */
import {
  activation,
  adam,
  add,
  argmax,
  assertShape,
  bernoulli,
  block,
  broadcastTo,
  cast,
  chain,
  clipByGlobalNorm,
  compose,
  concat,
  dense,
  dim,
  dropout,
  expandDims,
  flatten,
  full,
  gather,
  gelu,
  input,
  key,
  leakyRelu,
  less,
  logSumExp,
  matmul,
  maximum,
  mean,
  momentum,
  mul,
  named,
  normal,
  oneHot,
  ones,
  pad,
  paramsOf,
  permute,
  pipe,
  pow,
  relu,
  reshape,
  residual,
  sequential,
  sgd,
  slice,
  softmax,
  softmaxCrossEntropy,
  spec,
  squeeze,
  stack,
  sub,
  sum,
  summary,
  tensor,
  tensorOf,
  toArray,
  toTypedArray,
  transpose,
  valueAndGrad,
  variance,
  where,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'

// models
export const classifier = pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits'))
export const params = classifier.init(key(0))
export const deep = pipe(input([4]), residual(block(dense(8), gelu, dense(4))), named('stem')(block(dense(2))))
export const long = sequential(input([28, 28]), flatten, dense(dim('hidden', 16)), dropout(0.5), softmax(-1))
export const both = compose(classifier, pipe(input([10]), dense(2)))
export const tokens = input(['time'], 'i32')
export const rows = summary(classifier)

// layers, and what may stand among them
export const stage = block(dense(8), relu, dropout(0.1), softmax(-1), flatten)
export const around = residual(stage)
export const exact = dense(3, 4)
export const renamed = [named('a')(dense(2)), named('b')(dense(3, 'a')), named('c')(stage)] as const
export const after = compose(classifier)
export const swish = activation('swish', (x) => x)
export const steep = leakyRelu(0.2)
export const wide = <const N extends number>(size: N) => dense(size)
export const drop = dropout(0.5, key(0))
export const bound = dim('hidden', 4)

// tensors, and operations that wait for theirs
export const grid = tensor([
  [1, 2],
  [3, 4],
])
export const made = [zeros([2]), ones(['batch', 3]), full([2], 1), oneHot(3), normal(key(0), [2]), bernoulli(key(0), [2], 0.5)] as const
export const binary = [add(grid), sub(2), mul(grid), pow(2), maximum(0), less(grid)] as const
export const contracted = [matmul(zeros([3, 4])), sum(0), mean(-1, { keepDims: true }), variance(), logSumExp(-1)] as const
export const moved = [reshape([4, -1]), permute([1, 0]), transpose, broadcastTo(['n', 2]), expandDims(0), squeeze(0)] as const
export const cut = [slice([0], [1]), pad([[0, 1]]), cast('i32')] as const
export const functions = [gather, concat, stack] as const
export const slid = ops.conv2d
export const found = argmax(0)
export const joined = concat([grid, grid], 0)
export const chosen = where(less(grid, 2), grid, grid)
export const read = [toArray(grid), toTypedArray(grid)] as const

// training
export const optimizer = chain(clipByGlobalNorm(1), adam({ learningRate: 1e-3 }))
export const plain = [sgd({ learningRate: 0.1 }), momentum({ learningRate: 0.1 })] as const
export const state = optimizer.init(params)
export const loss = softmaxCrossEntropy
export const waiting = softmaxCrossEntropy(tensor([1, 2], [2], 'i32'))
export const gradient = valueAndGrad((x: typeof params) => pipe(x.hidden.bias, sum()))
export const shape = spec(['batch', 784])

// what comes from outside
export const batch = tensorOf(['batch', 784])
export const flags = tensorOf([dim('n', 3)], 'bool')
export const stored = paramsOf(classifier)
export const asserted = assertShape(['batch', 784])
export const decoded = batch.decode([[1]])
export const checked = asserted(zeros([1, 784]))
export const written = [batch.encode(zeros(['batch', 784])), stored.encode(params)] as const
