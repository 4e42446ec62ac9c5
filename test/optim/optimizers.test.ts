/** Optimizers: PyTorch's trajectories, trees, statistics, faults and types. */
import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { grad, valueAndGrad } from '../../src/autodiff/grad.ts'
import { isStatistic, statistic } from '../../src/autodiff/statistic.ts'
import { data, full, mul, parameter, sum } from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { type Node, nodeOf, tensorOf } from '../../src/graph/node.ts'
import { leaves } from '../../src/graph/tree.ts'
import { adagrad } from '../../src/optim/adagrad.ts'
import { type Adam, type AdamState, adam, adamw } from '../../src/optim/adam.ts'
import { chain } from '../../src/optim/chain.ts'
import { clipByGlobalNorm, clipByValue } from '../../src/optim/clip.ts'
import { momentum, nesterov } from '../../src/optim/momentum.ts'
import { applyUpdates, type Optimizer, type OptimizerState } from '../../src/optim/optimizer.ts'
import { rmsprop } from '../../src/optim/rmsprop.ts'
import { cosineDecay } from '../../src/optim/schedule.ts'
import { sgd } from '../../src/optim/sgd.ts'
import { addDecayedWeights } from '../../src/optim/weight-decay.ts'
import { key } from '../../src/tensor/random.ts'
import type { AnyTensor, Statistic, Tensor } from '../../types/tensor.ts'
import { numbers } from '../autodiff/differences.ts'
import { exact, settle } from './settle.ts'

/** An optimizer of which no type is known. */
interface Any {
  readonly kind: string
  readonly faults: readonly string[]
  readonly init: (params: unknown) => unknown
  readonly update: (gradients: unknown, state: unknown, params: unknown) => readonly [unknown, unknown]
}
const untyped = (optimizer: unknown): Any => optimizer as Any
const values = (t: unknown): readonly number[] => numbers(nodeOf(t as AnyTensor))
const trajectory = (optimizer: Any, initial: AnyTensor, gradients: readonly AnyTensor[]): readonly (readonly number[])[] => {
  let [params, state]: readonly [unknown, unknown] = [initial, settle(optimizer.init(initial))]
  return gradients.map((g) => {
    const [updates, next] = optimizer.update(g, state, params)
    ;[params, state] = settle([applyUpdates(params, updates), next])
    return values(params)
  })
}

interface GoldenTensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}
interface GoldenRun {
  readonly name: string
  readonly hyper: { readonly [name: string]: number } & { readonly schedule?: never }
  readonly initial: GoldenTensor
  readonly gradients: readonly GoldenTensor[]
  readonly parameters: readonly GoldenTensor[]
}
const makers: Readonly<Record<string, (options: never) => unknown>> = { sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw }
const named = ({ name, hyper: { schedule, clipNorm, learningRate, ...rest } }: GoldenRun): Any => {
  const rate = schedule === undefined ? learningRate : cosineDecay({ initial: learningRate as number, steps: 6 })
  const made = (makers[name] as (options: unknown) => Optimizer<unknown>)({ learningRate: rate, ...rest })
  return untyped(clipNorm === undefined ? made : chain(clipByGlobalNorm(clipNorm), made))
}
describe('follows PyTorch', () => {
  const { optimizers } = JSON.parse(readFileSync(new URL('../golden/pytorch.json', import.meta.url), 'utf8')) as {
    readonly optimizers: readonly GoldenRun[]
  }
  it('on every trajectory', () => expect(optimizers.length).toBe(10))
  for (const run of optimizers) {
    it(`${run.name} ${JSON.stringify(run.hyper)}`, () => {
      const tensor = ({ data, shape }: GoldenTensor) => exact(data, shape)
      const found = trajectory(named(run), tensor(run.initial), run.gradients.map(tensor))
      expect(found.length).toBe(6)
      const error = found.map((row, i) => Math.max(...row.map((v, j) => Math.abs(v - (run.parameters[i]?.data[j] as number)))))
      expect(Math.max(...error)).toBeLessThan(1e-12)
    })
  }
})

describe('links', () => {
  const p = exact([1, -2], [2])
  const g = exact([3, 4], [2])
  const links = {
    clipped: chain(clipByValue(1), sgd({ learningRate: 1 })),
    decayed: chain(addDecayedWeights(0.5), sgd({ learningRate: 1 })),
  }
  it('clip by value, and add decayed weights', () => {
    expect(trajectory(untyped(links.clipped), p, [g])).toEqual([[0, -3]])
    expect(trajectory(untyped(links.decayed), p, [g])).toEqual(trajectory(untyped(sgd({ learningRate: 1, weightDecay: 0.5 })), p, [g]))
  })

  it('the global norm is that of the whole tree, and small gradients stay', () => {
    const tree = { a: exact([3], [1]), b: { c: exact([4], []) } }
    const [scaled] = clipByGlobalNorm(1).update(tree, null, tree)
    expect([...values(scaled.a), ...values(scaled.b.c)].map((v) => v.toFixed(6))).toEqual(['0.600000', '0.800000'])
    expect(values(clipByGlobalNorm(100).update(tree, null, tree)[0].a)).toEqual([3])
  })

  it('any number of them', () => {
    const three = chain(clipByValue(2), addDecayedWeights(0.5), momentum({ learningRate: 1, momentum: 0.5 }), clipByValue(3))
    // Clipped to 2, decayed to 2.5 and 1, then 1.25 and 0.5; the velocity is 2.5 and 1, then 2.5 and 1 again.
    expect(trajectory(untyped(three), p, [g, g])).toEqual([
      [-1.5, -3],
      [-4, -4],
    ])
    expect(trajectory(untyped(chain()), p, [g])).toEqual([[4, 2]])
  })
})

describe('Adam', () => {
  const run = (optimizer: Optimizer<Adam>, steps: number) =>
    trajectory(
      untyped(optimizer),
      exact([1], [1]),
      Array.from({ length: steps }, (_, i) => exact([Math.cos(i) + 0.1], [1])),
    )

  it('costs one root and one division an element, and no power', () => {
    const w = parameter('w', ['rows', 3], 'f32')
    const state = { first: w, second: w, count: parameter('count', [], 'i32') }
    const [updates, next] = untyped(adam({ learningRate: 1e-3 })).update(w, state, w)
    const { nodes } = graphOf(
      leaves([updates, next]).map(({ node }) => node),
      [],
    )
    const each = nodes.filter(({ shape }) => shape.length > 0).map(({ op }) => op)
    expect([each.filter((op) => op === 'sqrt').length, each.filter((op) => op === 'div').length]).toEqual([1, 1])
    expect(nodes.filter(({ op }) => ['pow', 'exp', 'log'].includes(op))).toEqual([])
  })

  it('corrects its bias exactly, in step 1 and in step 5,000', () => {
    const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
    for (const count of [0, 1, 10, 999, 4999]) {
      const state = { first: exact([0.3], [1]), second: exact([0.2], [1]), count: exact([count], [], 'i32') }
      const found = values(untyped(adam(options)).update(exact([0.5], [1]), state, exact([1], [1]))[0])[0] as number
      const [m, v] = [0.9 * 0.3 + 0.1 * 0.5, 0.999 * 0.2 + 0.001 * 0.25]
      const wanted = (-0.01 * (m / (1 - 0.9 ** (count + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (count + 1))) + 1e-8)
      expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-12)
    }
  })

  it('takes betas of 0', () => {
    expect(run(adam({ learningRate: 0.5, beta1: 0, beta2: 0 }), 1)[0]?.[0]).toBeCloseTo(0.5, 7)
  })

  it('adamw without decay is adam', () => {
    expect(run(adamw({ learningRate: 0.1, weightDecay: 0 }), 4)).toEqual(run(adam({ learningRate: 0.1 }), 4))
  })
})

describe('trees', () => {
  type P = {
    readonly norm: { readonly scale: Tensor<['hidden']>; readonly mean: Statistic<['hidden']> }
    readonly layers: readonly [Tensor<[2]>, null]
  }
  const p: P = {
    norm: {
      scale: tensorOf(full(['hidden'], 1, 'f32', { hidden: 3 })),
      mean: statistic(tensorOf<Tensor<['hidden']>>(full(['hidden'], 7, 'f32', { hidden: 3 }))),
    },
    layers: [tensorOf(data(Float32Array.of(1, 2), [2], 'f32')), null],
  }
  const optimizer = adam({ learningRate: 0.5 })
  const loss = (q: P): Tensor<[]> => tensorOf(sum(mul(nodeOf(q.norm.scale), nodeOf(q.norm.mean)), [0]))

  it('a state has the places, shapes, names and sizes of what is trained', () => {
    const state = optimizer.init(p)
    type G = { readonly norm: { readonly scale: Tensor<['hidden']> }; readonly layers: readonly [Tensor<[2]>, null] }
    expectTypeOf(state).toEqualTypeOf<AdamState<G>>()
    expectTypeOf<OptimizerState<typeof optimizer, P>>().toEqualTypeOf<AdamState<G>>()
    expect(leaves(state).map(({ path, node }) => [path, node.shape, node.dtype])).toEqual([
      ['first.norm.scale', ['hidden'], 'f32'],
      ['first.layers.0', [2], 'f32'],
      ['second.norm.scale', ['hidden'], 'f32'],
      ['second.layers.0', [2], 'f32'],
      ['count', [], 'i32'],
    ])
    expect(values(state.first.norm.scale)).toEqual([0, 0, 0])
    expect(state.first.layers[1]).toBeNull()
  })

  it('statistics are neither seen nor moved, and stay statistics', () => {
    const [updates, state] = optimizer.update(grad(loss)(p), optimizer.init(p), p)
    const moved = applyUpdates(p, updates)
    expectTypeOf(moved).toEqualTypeOf<P>()
    expect(values(moved.norm.scale).map((v) => v.toFixed(6))).toEqual(['0.500000', '0.500000', '0.500000'])
    expect([values(moved.norm.mean), isStatistic(moved.norm.mean)]).toEqual([[7, 7, 7], true])
    expect(moved.layers[1]).toBeNull()
    expect(values(state.count)).toEqual([1])
  })

  it('trees are matched by place, not by order', () => {
    const given = { b: exact([10], [1]), a: exact([1], [1]) }
    const wanted = { a: exact([100], [1]), b: exact([200], [1]) }
    const [updates] = sgd({ learningRate: 1 }).update(given, { count: exact([0], [], 'i32') as never }, wanted)
    expect(Object.entries(applyUpdates(wanted, updates)).map(([name, t]) => [name, values(t)])).toEqual([
      ['a', [99]],
      ['b', [190]],
    ])
  })

  it('trees that differ are refused, with the place', () => {
    const wanted = { hidden: { weight: tensorOf<Tensor<[2]>>(full([2], 1)) } }
    // @ts-expect-error applyUpdates: updates.hidden.weight is missing
    expect(() => applyUpdates(wanted, { hidden: {} })).toThrow('applyUpdates: updates.hidden.weight is missing')
    // @ts-expect-error applyUpdates: updates.hidden.weight is [3], the parameters have [2]
    expect(() => applyUpdates(wanted, { hidden: { weight: tensorOf<Tensor<[3]>>(full([3], 1)) } })).toThrow(
      'applyUpdates: updates.hidden.weight is [3], the parameters have [2]',
    )
    const state = { ...optimizer.init(wanted), count: tensorOf<Tensor<[], 'i32'>>(full([], 0, 'i32')) }
    expect(() => untyped(optimizer).update({}, state, wanted)).toThrow('update: gradients.hidden is missing')
  })
})

describe('types', () => {
  it('a chain has the states of its links', () => {
    const both = chain(clipByGlobalNorm(1), adam({ learningRate: 1 }))
    expectTypeOf<OptimizerState<typeof both, Tensor<[3]>>>().toEqualTypeOf<readonly [null, AdamState<Tensor<[3]>>]>()
    expect(leaves(both.init(tensorOf<Tensor<[3]>>(full([3], 1)))).map(({ path }) => path)).toEqual(['1.first', '1.second', '1.count'])
  })

  it('a step may be generic in parameters and optimizer', () => {
    const step = <P, F>(f: (p: P) => Tensor<[]>, o: Optimizer<F>, p: P, s: OptimizerState<Optimizer<F>, P>) => {
      const [, gradients] = valueAndGrad(f)(p)
      const [updates, next] = o.update(gradients, s, p)
      return [applyUpdates(p, updates), next] as const
    }
    const start = tensorOf<Tensor<[]>>(full([], 3))
    const o = momentum({ learningRate: 0.25 })
    const [moved] = step((x: Tensor<[]>) => tensorOf<Tensor<[]>>(mul(nodeOf(x), nodeOf(x))), o, start, o.init(start))
    expect(values(moved)).toEqual([1.5])
  })
})

describe('options out of range are faults', () => {
  it('each with its value', () => {
    expect(adam({ learningRate: -0.1 }).faults).toEqual(['adam: the learning rate must be a positive number, got -0.1'])
    expect(adam({ learningRate: 1, beta1: 1, beta2: -0.1, epsilon: Number.NaN, weightDecay: -1 }).faults).toEqual([
      'adam: beta1 must be at least 0 and below 1, got 1',
      'adam: beta2 must be at least 0 and below 1, got -0.1',
      'adam: epsilon must be a number from 0 on, got NaN',
      'adam: weightDecay must be a number from 0 on, got -1',
    ])
    expect(adamw({ learningRate: 0 }).faults).toEqual(['adamw: the learning rate must be a positive number, got 0'])
    expect(sgd({ learningRate: Number.POSITIVE_INFINITY }).faults).toEqual([
      'sgd: the learning rate must be a positive number, got Infinity',
    ])
    expect(momentum({ learningRate: 1, momentum: 1 }).faults).toEqual(['momentum: momentum must be at least 0 and below 1, got 1'])
    expect(nesterov({ learningRate: 1, weightDecay: Number.NaN }).faults).toEqual([
      'nesterov: weightDecay must be a number from 0 on, got NaN',
    ])
    expect(rmsprop({ learningRate: 1, decay: 2 }).faults).toEqual(['rmsprop: decay must be at least 0 and below 1, got 2'])
    expect(adagrad({ learningRate: 1, epsilon: -1 }).faults).toEqual(['adagrad: epsilon must be a number from 0 on, got -1'])
    expect(adam({ learningRate: '1' as never }).faults).toEqual(['adam: the learning rate must be a positive number, got 1'])
  })

  it('those of links and schedules are those of the whole', () => {
    const faulty = chain(
      clipByGlobalNorm(-1),
      clipByValue(0),
      addDecayedWeights(-2),
      sgd({ learningRate: cosineDecay({ initial: -1, steps: 5 }) }),
    )
    expect(faulty.faults).toEqual([
      'clipByGlobalNorm: the limit must be a positive number, got -1',
      'clipByValue: the limit must be a positive number, got 0',
      'addDecayedWeights: the rate must be a number from 0 on, got -2',
      'cosineDecay: the initial rate must be a positive number, got -1',
    ])
  })

  it('links are optimizers', () => {
    expect(() => untyped(chain([clipByValue(1)] as never))).toThrow('chain: expected an optimizer, got an array')
  })

  it('thrown at the beginning of a step that users write', () => {
    const faulty = untyped(chain(clipByValue(1), sgd({ learningRate: -1 })))
    const p = exact([1], [1])
    expect(() => faulty.init(p)).toThrow('sgd: the learning rate must be a positive number, got -1')
    expect(() => faulty.update(p, [null, { count: exact([0], [], 'i32') }], p)).toThrow(
      'sgd: the learning rate must be a positive number, got -1',
    )
  })

  it('good ones have none', () => {
    const good = [sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw].map((make) => make({ learningRate: 0.1 }))
    expect(good.map(({ kind, faults }) => [kind, faults.length])).toEqual(
      ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'].map((kind) => [kind, 0]),
    )
  })
})

it('traces: an update reads no value, and keys are left alone', () => {
  const w = parameter('w', ['batch', 3], 'f32')
  const params = { w, key: key(0) }
  for (const make of [sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw]) {
    const o = untyped(make({ learningRate: 0.1, weightDecay: 0.1 }))
    const [updates, next] = o.update({ w, key: {} }, o.init(params), params)
    const nodes: readonly Node[] = leaves([updates, next]).map(({ node }) => node)
    expect(nodes.filter(({ dtype }) => dtype === 'i32').length).toBe(1)
    expect(Object.keys(updates as object)).toEqual(['w', 'key'])
  }
})

describe('a misspelt option', () => {
  it.each([adam, adamw, sgd, momentum, rmsprop, adagrad])('is told before what it leaves out', (make) => {
    const { faults } = (make as unknown as (options: unknown) => { readonly faults: readonly string[] })({ lr: 1e-3 })
    expect(faults[0]).toMatch(/^\w+: there is no option 'lr'$/)
  })
})
