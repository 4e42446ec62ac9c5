/** Statistics through a program: computed, compiled, moved by a step, read back, and never trained. */
import * as E from 'fp-ts/lib/Either.js'
import {
  adam,
  add,
  applyUpdates,
  compile,
  compute,
  dim,
  isStatistic,
  mean,
  mul,
  type OptimizerState,
  pipe,
  type Statistic,
  spec,
  statistic,
  sub,
  type Tensor,
  tensor,
  toArray,
  valueAndGrad,
  zeros,
} from 'shapewright'
import { expect, it } from 'vitest'

interface Params {
  readonly scale: Tensor<[2]>
  readonly running: Statistic<[2]>
}
const optimizer = adam({ learningRate: 0.5 })
interface State {
  readonly params: Params
  readonly optimizer: OptimizerState<typeof optimizer, Params>
}
const loss = (p: Params, x: Tensor<['batch', 2]>) => {
  const moved = statistic(add(mul(p.running, 0.5), mul(pipe(x, mean(0)), 0.5)))
  return [pipe(mul(sub(x, p.running), p.scale), mean()), { ...p, running: moved }] as const
}
const step = (state: State, x: Tensor<['batch', 2]>) => {
  const [[value, moved], gradients] = valueAndGrad(loss)(state.params, x)
  const [updates, next] = optimizer.update(gradients, state.optimizer, state.params)
  return [{ params: applyUpdates(moved, updates), optimizer: next }, value] as const
}
const params: Params = { scale: tensor([1, 2]), running: statistic(zeros([2])) }
const initial: State = { params, optimizer: optimizer.init(params) }

it('stays one when computed', () => {
  expect([isStatistic(compute(params).running), isStatistic(compute(params).scale)]).toEqual([true, false])
})

it('is moved by the step and not by the optimizer, and is one when read back', async () => {
  const made = await compile(step, { state: initial, args: [spec(['batch', 2])], bind: { batch: 2 } })()
  if (E.isLeft(made)) throw new Error(made.left.tag)
  const program = made.right
  program.step(tensor([2, 4, 6, 8], [dim('batch', 2), 2]))
  const state = program.read()
  expect(toArray(state.params.running)).toEqual([2, 3])
  expect(toArray(state.params.scale).map((v) => v.toFixed(5))).toEqual(['0.50000', '1.50000'])
  expect(isStatistic(state.params.running)).toBe(true)
  expect(Object.keys(state.optimizer.first)).toEqual(['scale'])
})
