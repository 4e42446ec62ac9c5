/** What a user holds never changes under their hands: trees of parameters, gradients, states and results are frozen all through. */
import {
  adam,
  applyUpdates,
  compute,
  dense,
  dropout,
  input,
  key,
  mean,
  pipe,
  relu,
  residual,
  type Tensor,
  valueAndGrad,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'

const thawed = (tree: unknown, path = ''): readonly string[] =>
  typeof tree !== 'object' || tree === null || ArrayBuffer.isView(tree)
    ? []
    : [...(Object.isFrozen(tree) ? [] : [path]), ...Object.entries(tree).flatMap(([name, child]) => thawed(child, `${path}.${name}`))]

describe('trees of tensors', () => {
  it('are frozen', () => {
    const model = pipe(input([4]), dense(3, 'first'), relu, residual(dense(3)), dropout(0.5), dense(1, 'last'))
    const params = model.init(key(0))
    type P = typeof params
    const loss = (p: P, x: Tensor<[2, 4]>) => pipe(model.apply(p, x), mean())
    const [value, gradients] = valueAndGrad(loss)(params, zeros([2, 4]))
    const optimizer = adam({ learningRate: 0.1 })
    const [updates, state] = optimizer.update(gradients, optimizer.init(params), params)
    const trees = { params, value, gradients, updates, state, moved: applyUpdates(params, updates), computed: compute(params) }
    expect(Object.entries(trees).flatMap(([name, tree]) => thawed(tree, name))).toEqual([])
  })
})
