/** Normalisations: their values beside loops, their gradients beside differences, far from 0, and their statistics. */
import {
  add,
  applyUpdates,
  batchNorm,
  compile,
  compute,
  dense,
  dim,
  grad,
  groupNorm,
  initializers,
  input,
  instanceNorm,
  isStatistic,
  key,
  layerNorm,
  mean,
  mul,
  normal,
  ones,
  type Params,
  pipe,
  relu,
  residual,
  rmsNorm,
  sgd,
  spec,
  statistic,
  sum,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  valueAndGrad,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import { parameter } from '../../src/graph/expression.ts'
import { type Node, nodeOf, tensorOf } from '../../src/graph/node.ts'
import {
  type BatchWeights,
  batchNormed,
  batchNormedTraining,
  groupNormed,
  instanceNormed,
  layerNormed,
  rmsNormed,
} from '../../src/tensor/norm.ts'
import { compare, elements, spread } from '../autodiff/differences.ts'
import { rightOf } from '../train/values.ts'
import { refuses } from './helpers.ts'

/** Which elements of [n, h, w, c] are normalised together: those of one name. */
type Together = (n: number, place: number, channel: number) => string
const shape = [3, 2, 2, 6] as const
const numbersOf = (x: Node): readonly number[] => [...toTypedArray(compute(tensorOf<Tensor<[1]>>(x)))]
const x = tensorOf<Tensor<[3, 2, 2, 6]>>(nodeOf(compute(normal(key(5), [3, 2, 2, 6], { mean: 2, standardDeviation: 3 }))))
const weights = { scale: tensor([1, 2, -1, 0.5, 3, 1]), shift: tensor([0, 1, 2, -1, 0.5, 0]) }
const statistics = { mean: statistic(tensor([1, 2, 0, -1, 3, 2])), variance: statistic(tensor([1, 4, 9, 0.5, 2, 1])) }
const untyped = { scale: nodeOf(weights.scale), shift: nodeOf(weights.shift) }
const running: BatchWeights = { ...untyped, mean: nodeOf(statistics.mean), variance: nodeOf(statistics.variance) }

/** In f64, as it is written in books. */
const looped = (together: Together, epsilon: number, isCentred = true): readonly number[] => {
  const xs = [...toTypedArray(x)]
  const groups = new Map<string, number[]>()
  const nameOf = (i: number): string => together(Math.floor(i / 24), Math.floor(i / 6) % 4, i % 6)
  xs.forEach((_, i) => {
    groups.set(nameOf(i), [...(groups.get(nameOf(i)) ?? []), i])
  })
  const y = new Array<number>(xs.length)
  for (const members of groups.values()) {
    const values = members.map((i) => xs[i] as number)
    const centre = isCentred ? values.reduce((a, b) => a + b) / values.length : 0
    const variance = values.reduce((a, b) => a + (b - centre) ** 2, 0) / values.length
    for (const i of members) {
      const [scale, shift] = [toTypedArray(weights.scale)[i % 6] as number, toTypedArray(weights.shift)[i % 6] as number]
      y[i] = (((xs[i] as number) - centre) / Math.sqrt(variance + epsilon)) * scale + (isCentred ? shift : 0)
    }
  }
  return y
}
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (v, i) => Math.abs(v - (b[i] as number))), a.length === b.length ? 0 : Number.POSITIVE_INFINITY)

describe('values', () => {
  it.each<[string, Tensor<[3, 2, 2, 6]>, readonly number[]]>([
    ['layerNorm', ops.layerNorm(weights)(x), looped((n, p) => `${n} ${p}`, 1e-5)],
    ['rmsNorm', ops.rmsNorm({ scale: weights.scale })(x), looped((n, p) => `${n} ${p}`, 1e-6, false)],
    ['groupNorm', ops.groupNorm(3, weights)(x), looped((n, _, c) => `${n} ${c >> 1}`, 1e-5)],
    ['groupNorm of one group', ops.groupNorm(1, weights, { epsilon: 0.1 })(x), looped((n) => `${n}`, 0.1)],
    ['instanceNorm', ops.instanceNorm(weights)(x), looped((n, _, c) => `${n} ${c}`, 1e-5)],
    ['batchNormTraining', ops.batchNormTraining({ ...weights, ...statistics })(x)[0], looped((_, __, c) => `${c}`, 1e-5)],
  ])('of %s are those of loops', (_, found, wanted) => {
    expect(apart(toTypedArray(found), wanted)).toBeLessThan(2e-6)
  })

  it('of batchNorm outside of training are by the running statistics', () => {
    const xs = [...toTypedArray(x)]
    const of = (t: Tensor<[6]>, i: number): number => toTypedArray(t)[i % 6] as number
    const wanted = xs.map(
      (v, i) => ((v - of(statistics.mean, i)) / Math.sqrt(of(statistics.variance, i) + 1e-5)) * of(weights.scale, i) + of(weights.shift, i),
    )
    expect(apart(toTypedArray(ops.batchNorm({ ...weights, ...statistics })(x)), wanted)).toBeLessThan(2e-6)
  })

  it('are the same of layers and of tensors, at every rank', () => {
    const flat = tensor([
      [1, 2, 4, 8],
      [3, 3, 3, 3],
    ])
    const params = { scale: tensor([1, 2, 3, 4]), shift: tensor([4, 3, 2, 1]) }
    const of = <T>(y: T): T => y
    expect(toArray(pipe(input([4]), layerNorm('a')).apply({ a: params }, flat))).toEqual(toArray(of(ops.layerNorm(params)(flat))))
    expect(toArray(pipe(input([4]), rmsNorm('a')).apply({ a: params }, flat))).toEqual(toArray(ops.rmsNorm(params)(flat)))
    expect(toArray(pipe(input([4]), groupNorm(2, 'a')).apply({ a: params }, flat))).toEqual(toArray(ops.groupNorm(2, params)(flat)))
    const image = pipe(input([2, 2, 6]), instanceNorm('a'))
    expect(toArray(image.apply({ a: weights }, x))).toEqual(toArray(ops.instanceNorm(weights)(x)))
    expect(toArray(ops.layerNorm({ scale: ones([3]), shift: zeros([3]) })(tensor([1, 1, 1])))).toEqual([0, 0, 0])
  })

  it('of one value are the shift, and nothing is NaN', () => {
    const one = { scale: tensor([2]), shift: tensor([3]) }
    expect(toArray(ops.layerNorm(one)(tensor([[7], [-1e30]])))).toEqual([[3], [3]])
    expect(toArray(ops.instanceNorm(one)(tensor([[[5]]])))).toEqual([[[3]]])
    const far = ops.layerNorm({ scale: ones([3]), shift: zeros([3]) })(tensor([[1e18, 1e18, 1e18]]))
    expect(toArray(far)).toEqual([[0, 0, 0]])
  })
})

describe('gradients', () => {
  const of = (dims: readonly number[], seed: number) => ({ shape: dims, values: spread(elements(dims), seed) })
  const params = [of([6], 2), of([6], 3)]
  it.each<[string, (x: Node, scale: Node, shift: Node) => Node]>([
    ['layerNorm', (x, scale, shift) => layerNormed(x, { scale, shift }, 1e-5)],
    ['rmsNorm', (x, scale) => rmsNormed(x, { scale }, 1e-6)],
    ['groupNorm', (x, scale, shift) => groupNormed(x, { scale, shift }, 3, 1e-5)],
    ['instanceNorm', (x, scale, shift) => instanceNormed(x, { scale, shift }, 1e-5)],
    ['batchNorm in training', (x, scale, shift) => batchNormedTraining(x, { ...running, scale, shift }, 1e-5, 0.9).y],
    ['batchNorm', (x, scale, shift) => batchNormed(x, { ...running, scale, shift }, 1e-5)],
  ])('of %s agree with differences', (_, f) => {
    const { error } = compare((x, scale, shift) => f(x as Node, scale as Node, shift as Node), [of(shape, 1), ...params])
    expect(error).toBeLessThan(1e-7)
  })

  it('have gradients', () => {
    const gradientOf = (x: Node): Node => {
      const loss = (t: Tensor<[4, 6]>) => pipe(mul(ops.layerNorm(weights)(t), tensor([1, 2, 3, -4, 5, 7])), sum())
      return nodeOf(grad((t: Tensor<[4, 6]>) => pipe(mul(grad(loss)(t), grad(loss)(t)), sum()))(tensorOf<Tensor<[4, 6]>>(x)))
    }
    const once = (x: Node): Node => {
      const loss = (t: Tensor<[4, 6]>) => pipe(mul(ops.layerNorm(weights)(t), tensor([1, 2, 3, -4, 5, 7])), sum())
      const first = grad(loss)(tensorOf<Tensor<[4, 6]>>(x))
      return nodeOf(pipe(mul(first, first), sum()))
    }
    const { error } = compare((x) => once(x as Node), [of([4, 6], 4)])
    expect(error).toBeLessThan(1e-6)
    expect(gradientOf(parameter('x', [4, 6], 'f32')).shape).toEqual([4, 6])
  })
})

describe('far from 0', () => {
  /** Columns of mean 1e4 and deviation 1, as f32 holds them. */
  const rows = 2000
  const far = compute(normal(key(1), [2000, 4], { mean: 1e4 }))
  const values = toTypedArray(far)
  const column = (c: number): readonly number[] => Array.from({ length: rows }, (_, i) => values[4 * i + c] as number)
  const exact = (xs: readonly number[]) => {
    const centre = xs.reduce((a, b) => a + b, 0) / xs.length
    return { centre, variance: xs.reduce((a, b) => a + (b - centre) ** 2, 0) / xs.length }
  }
  const run = async (f: (x: Node) => unknown, x: Node): Promise<readonly Float32Array[]> => {
    const source = {
      step: (_: unknown, given: Node) => [[], f(given)] as const,
      state: [],
      args: [{ shape: x.shape, dtype: 'f32' as const }],
      bind: [{}],
    }
    const machine = rightOf(await build(source as never)())
    const entry = machine.entries[0]
    entry?.args[0]?.view.set(toTypedArray(tensorOf<Tensor<[1]>>(x)) as Float32Array)
    entry?.run()
    return entry?.results.map(({ view }) => view.slice() as Float32Array) ?? []
  }

  it('batchNorm keeps five digits, compiled', async () => {
    const params: BatchWeights = {
      scale: nodeOf(ones([4])),
      shift: nodeOf(zeros([4])),
      mean: nodeOf(statistic(zeros([4]))),
      variance: nodeOf(statistic(zeros([4]))),
    }
    const [y, mean, variance] = await run((x) => {
      const { y, params: moved } = batchNormedTraining(x, params, 1e-5, 0)
      return [y, moved.mean, moved.variance]
    }, nodeOf(far))
    for (const c of [0, 1, 2, 3]) {
      const xs = column(c)
      const { centre, variance: wanted } = exact(xs)
      expect(Math.abs((mean?.[c] as number) - centre)).toBeLessThan(1e-3)
      expect(Math.abs((variance?.[c] as number) / ((wanted * rows) / (rows - 1)) - 1)).toBeLessThan(1e-5)
      const errors = xs.map((v, i) => Math.abs((v - centre) / Math.sqrt(wanted + 1e-5) - (y?.[4 * i + c] as number)))
      expect(Math.max(...errors)).toBeLessThan(1e-5)
    }
  })

  it('layerNorm does too', async () => {
    const across = compute(normal(key(2), [8, 512], { mean: 1e4 }))
    const [y] = await run((x) => layerNormed(x, { scale: nodeOf(ones([512])), shift: nodeOf(zeros([512])) }, 1e-5), nodeOf(across))
    const all = toTypedArray(across)
    for (const row of [0, 3, 7]) {
      const xs = Array.from({ length: 512 }, (_, i) => all[512 * row + i] as number)
      const { centre, variance } = exact(xs)
      expect(
        apart(
          xs.map((v) => (v - centre) / Math.sqrt(variance + 1e-5)),
          y?.slice(512 * row, 512 * row + 512) ?? [],
        ),
      ).toBeLessThan(1e-5)
    }
  })
})

describe('statistics', () => {
  const params = { ...weights, ...statistics }
  it('move by the share that is not kept, over the unbiased variance', () => {
    const [, moved] = ops.batchNormTraining(params, { momentum: 0.75 })(x)
    const xs = [...toTypedArray(x)]
    for (const c of [0, 5]) {
      const own = xs.filter((_, i) => i % 6 === c)
      const centre = own.reduce((a, b) => a + b) / own.length
      const unbiased = own.reduce((a, b) => a + (b - centre) ** 2, 0) / (own.length - 1)
      const before = [toTypedArray(statistics.mean)[c] as number, toTypedArray(statistics.variance)[c] as number] as const
      expect(toTypedArray(compute(moved.mean))[c]).toBeCloseTo(0.75 * before[0] + 0.25 * centre, 5)
      expect(toTypedArray(compute(moved.variance))[c]).toBeCloseTo(0.75 * before[1] + 0.25 * unbiased, 5)
    }
    expect([isStatistic(moved.mean), isStatistic(moved.variance), isStatistic(moved.scale)]).toEqual([true, true, false])
    expect(moved.scale).toBe(params.scale)
  })

  it('of one row move the mean alone', () => {
    const one = { scale: ones([2]), shift: zeros([2]), mean: statistic(tensor([1, 1])), variance: statistic(tensor([5, 6])) }
    const [y, moved] = ops.batchNormTraining(one)(tensor([[11, 21]]))
    expect(toArray(y)).toEqual([[0, 0]])
    expect([...toTypedArray(compute(moved.mean))].map((v) => v.toFixed(4))).toEqual(['2.0000', '3.0000'])
    expect(toArray(moved.variance)).toEqual([5, 6])
    expect(toArray(ops.batchNormTraining(one)(zeros([0, 2]))[1].mean)).toEqual([1, 1])
  })

  it('are declared, initialised, and looked for in parameters', () => {
    const model = pipe(input([3]), dense(4, 'in'), batchNorm('norm'))
    const drawn = model.init(key(0))
    expect(Object.keys(drawn.norm)).toEqual(['scale', 'shift', 'mean', 'variance'])
    expect([drawn.norm.scale, drawn.norm.mean, drawn.norm.variance].map((t) => toArray(t)[0])).toEqual([1, 0, 1])
    expect(Object.values(drawn.norm).map(isStatistic)).toEqual([false, false, true, true])
    const plain = { ...drawn, norm: { ...drawn.norm, mean: zeros([4]) } }
    refuses('apply: params.norm.mean is no statistic; write statistic(x)', () => model.apply(plain as never, zeros([1, 3])))
  })

  it('leave a block, a residual and branches moved', () => {
    const model = pipe(input([4]), residual(batchNorm()), dense(2))
    const [, moved] = model.applyTraining(
      model.init(key(0)),
      tensor([
        [1, 2, 3, 4],
        [3, 2, 1, 0],
      ]),
      key(1),
    )
    expect(toArray(moved.residual1.mean).map((v) => v.toFixed(3))).toEqual(['0.200', '0.200', '0.200', '0.200'])
    expect(isStatistic(moved.residual1.mean)).toBe(true)
  })

  it('leave a step of one’s own beside its loss', async () => {
    const model = pipe(input([2]), batchNorm('norm'), dense(1, 'out'))
    type P = Params<typeof model>
    const loss = (p: P, x: Tensor<['batch', 2]>, y: Tensor<['batch', 1]>) => {
      const [prediction, moved] = model.applyTraining(p, x, key(0))
      const error = add(prediction, mul(y, -1))
      return [pipe(mul(error, error), mean()), moved] as const
    }
    const optimizer = sgd({ learningRate: 0.1 })
    const params = compute(model.init(key(3)))
    const initial = { params, optimizer: optimizer.init(params) }
    const step = (state: typeof initial, x: Tensor<['batch', 2]>, y: Tensor<['batch', 1]>) => {
      const [[value, moved], gradients] = valueAndGrad(loss)(state.params, x, y)
      const [updates, next] = optimizer.update(gradients, state.optimizer, state.params)
      return [{ params: applyUpdates(moved, updates), optimizer: next }, value] as const
    }
    const program = rightOf(await compile(step, { state: initial, args: [spec(['batch', 2]), spec(['batch', 1])], bind: { batch: 4 } })())
    const b = dim('batch', 4)
    program.step(tensor([1, 5, 3, 5, 1, 7, 3, 7], [b, 2]), tensor([1, 2, 3, 4], [b, 1]))
    const { norm } = program.read().params
    expect(toArray(norm.mean).map((v) => v.toFixed(4))).toEqual(['0.2000', '0.6000'])
    expect(toArray(norm.variance).map((v) => v.toFixed(4))).toEqual(['1.0333', '1.0333'])
    expect(isStatistic(norm.variance)).toBe(true)
  })
})

describe('mistakes', () => {
  // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
  type Untyped = (...given: any[]) => any
  const js = (f: unknown): Untyped => f as Untyped
  it.each<[string, () => unknown]>([
    ['layerNorm: needs rank >= 1, got []', () => js(layerNorm())(input([]))],
    ['instanceNorm: needs rank >= 2, got [4]', () => js(instanceNorm())(input([4]))],
    ['groupNorm: 4 groups do not divide the channels of [8, 6]', () => js(groupNorm(4))(input([8, 6]))],
    ['groupNorm: groups must be a whole number, at least 1, got 0', () => js(groupNorm)(0)],
    ["layerNorm: there is no option 'eps'", () => js(layerNorm)({ eps: 1e-6 })],
    ["rmsNorm: there is no option 'shift'", () => js(rmsNorm)({ shift: initializers.zeros })],
    ["layerNorm: there is no option 'momentum'", () => js(layerNorm)({ momentum: 0.1 })],
    ['layerNorm: scale must be an initializer', () => js(layerNorm)({ scale: 1 })],
    ['layerNorm: epsilon must be a positive number, got 0', () => layerNorm({ epsilon: 0 })],
    ['batchNorm: momentum must be at least 0 and below 1, got 1', () => batchNorm({ momentum: 1 })],
    ['layerNorm: expected f32, got i32', () => js(layerNorm())(input([3], 'i32'))],
    ['layerNorm: expected last dim 6, got 5', () => js(ops.layerNorm(weights))(zeros([2, 5]))],
    ['layerNorm: expected f32, got i32', () => js(ops.layerNorm(weights))(zeros([2, 6], 'i32'))],
    ['layerNorm: expected a tensor, got 3', () => js(ops.layerNorm(weights))(3)],
    ['batchNorm: needs rank >= 2, got [6]', () => js(ops.batchNorm({ ...weights, ...statistics }))(zeros([6]))],
    ['instanceNorm: needs rank >= 3, got [2, 6]', () => js(ops.instanceNorm(weights))(zeros([2, 6]))],
    ['layerNorm: params.shift is missing', () => js(ops.layerNorm)({ scale: ones([3]) })],
    ['layerNorm: params.shift is [4], the layer has [3]', () => js(ops.layerNorm)({ scale: ones([3]), shift: zeros([4]) })],
    ['rmsNorm: params.scale is [2, 3], the layer has [3]', () => js(ops.rmsNorm)({ scale: ones([2, 3]) })],
    [
      'batchNorm: params.mean is no statistic; write statistic(x)',
      () => js(ops.batchNorm)({ ...weights, mean: zeros([6]), variance: ones([6]) }),
    ],
    ["layerNorm: there is no option 'momentum'", () => js(ops.layerNorm)(weights, { momentum: 0.5 })],
    [
      'batchNormTraining: momentum must be at least 0 and below 1, got -1',
      () => js(ops.batchNormTraining)({ ...weights, ...statistics }, { momentum: -1 }),
    ],
  ])('%s', (sentence, mistake) => refuses(sentence, mistake))
})

it('named layers and sizes', () => {
  const model = pipe(
    input(['time', dim('width', 5)]),
    layerNorm('first'),
    relu,
    groupNorm(1),
    layerNorm({ scale: initializers.constant(3) }),
  )
  expect(Object.keys(model.init(key(0)))).toEqual(['first', 'groupNorm1', 'layerNorm1'])
  const y = model.apply(model.init(key(0)), zeros([2, dim('time', 3), dim('width', 5)]))
  expect(compute(y).shape).toEqual([2, 'time', 'width'])
  expect(numbersOf(nodeOf(y)).every((v) => v === 0)).toBe(true)
})
