import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'
import {
  block,
  compose,
  dense,
  dim,
  flatten,
  input,
  isStatistic,
  key,
  type Params,
  paramsOf,
  pipe,
  relu,
  residual,
  sequential,
  statistic,
  tensor,
  toArray,
  toTypedArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { leaves, mapTree } from '../../../src/graph/tree.ts'
import { ones as onesNode } from '../../../src/model/initializers.ts'
import { layerOf } from '../../../src/model/layer.ts'
import { ownKind } from '../../../src/tensor/kind.ts'
import { statisticShape } from '../../../src/tensor/protocol.ts'

const model = pipe(input([4]), dense(3, 'hidden'), relu, dense(2, 'logits'))
const codec = paramsOf(model)
const hidden = { weight: Array.from({ length: 4 }, () => [1, 2, 3]), bias: [1, 2, 3] }
const logits = { weight: Array.from({ length: 3 }, () => [1, 2]), bias: [1, 2] }
const report = (x: unknown): readonly string[] => PathReporter.report(codec.decode(x))
const right = <A>(decoded: E.Either<unknown, A>): A => {
  if (E.isLeft(decoded)) throw new Error('Left')
  return decoded.right
}
const bits = (tree: unknown) =>
  leaves(tree).map(({ path, node }) => [path, node.shape, new Uint8Array(Float32Array.from(toTypedArray(node as never)).buffer)])
const throughJson = (x: unknown): unknown => JSON.parse(JSON.stringify(x))

describe('paramsOf: what it takes', () => {
  it('records of nested arrays, in any order, of typed arrays, of tensors', () => {
    const params = right(codec.decode({ logits, hidden }))
    expect(Object.keys(params)).toEqual(['hidden', 'logits'])
    expect(toArray(params.logits.weight)).toEqual(logits.weight)
    const typed = { hidden: { weight: new Float32Array(12).fill(2), bias: Float64Array.of(1, 2, 3) }, logits }
    expect(toArray(right(codec.decode(typed)).hidden.weight)[3]).toEqual([2, 2, 2])
    const own = model.init(key(1))
    expect(bits(right(codec.decode(own)))).toEqual(bits(own))
    expect(Object.isFrozen(params) && Object.isFrozen(params.hidden)).toBe(true)
  })
  it('what it encoded, bit for bit, also through JSON', () => {
    for (const made of [
      model,
      pipe(input([3]), dense(dim('width', 5)), residual(block(dense(7), relu, dense(dim('width', 5)))), dense(2)),
      compose(pipe(input([2, 2]), flatten, dense(3)), pipe(input([3]), dense(2))),
      pipe(input([3]), relu),
    ]) {
      const params = made.init(key(3))
      const anyCodec = paramsOf(made as never) as t.Type<unknown, unknown, unknown>
      const back = right(anyCodec.decode(throughJson(anyCodec.encode(params))))
      expect(bits(back)).toEqual(bits(params))
      expect(anyCodec.is(back)).toBe(true)
      expect(right(anyCodec.decode(anyCodec.encode(params)))).toBeDefined()
    }
  })
  it('keeps numbers that JSON does not have', () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, -0]
    const params = { hidden: { weight: zeros([4, 3]), bias: tensor(odd, [3]) }, logits: model.init(key(0)).logits }
    expect(codec.encode(params).hidden.bias).toEqual(['NaN', 'Infinity', '-0'])
    expect(bits(right(codec.decode(throughJson(codec.encode(params)))))).toEqual(bits(params))
  })
  it('parameters that the model then takes', () => {
    const sized = pipe(input([2]), dense(dim('width', 3), 'in'), dense(1, 'out'))
    const params = right(paramsOf(sized).decode(paramsOf(sized).encode(sized.init(key(0)))))
    expect(params.in.weight.shape).toEqual([2, 'width'])
    expect(toArray(sized.apply(params, zeros([4, 2])))).toEqual([[0], [0], [0], [0]])
  })
  it('as part of another codec', () => {
    const checkpoint = t.type({ epoch: t.number, params: codec })
    expect(PathReporter.report(checkpoint.decode({ epoch: 1, params: { hidden, logits: { ...logits, bias: [1, null] } } }))).toEqual([
      'params.logits.bias[1]: expected a number, got null',
    ])
  })
})

describe('paramsOf: what it says', () => {
  it('all that is missing, too much, or of another shape, each with its path', () => {
    expect(report({ hidden: { weight: hidden.weight.map((row) => row.slice(1)), bias: hidden.bias }, extra: 1 })).toEqual([
      'hidden.weight: expected [4, 3], got [4, 2]',
      'logits: missing',
      "extra: the model has no parameters 'extra'",
    ])
    expect(report({ hidden: { weight: zeros([4, 2]), bias: zeros([3], 'i32'), gain: 1 }, logits: 3 })).toEqual([
      'hidden.weight: expected [4, 3], got [4, 2]',
      'hidden.bias: expected [3], got i32 [3]',
      "hidden.gain: the model has no parameters 'hidden.gain'",
      'logits: expected a record of weight, bias, got 3',
    ])
    expect(report({ hidden: {}, logits: { weight: new Float32Array(5), bias: [1, 'x'] } })).toEqual([
      'hidden.weight: missing',
      'hidden.bias: missing',
      'logits.weight: expected [3, 2], got a Float32Array of 5 elements',
      "logits.bias[1]: expected a number, got 'x'",
    ])
  })
  it.each([
    [null, 'null'],
    [[], 'an array'],
    [zeros([2]), 'a tensor [2]'],
    [new Float32Array(3), 'a Float32Array of 3 elements'],
    ['{}', "'{}'"],
    [undefined, 'undefined'],
    [() => 1, 'a function'],
  ])('%s is no record', (x, shown) => {
    expect(report(x)).toEqual([`expected a record of hidden, logits, got ${shown}`])
  })
  it('a bound size that is another', () => {
    const sized = paramsOf(pipe(input([2]), dense(dim('width', 3), 'in')))
    expect(PathReporter.report(sized.decode({ in: { weight: [[1, 2]], bias: [1, 2, 3] } }))).toEqual([
      'in.weight: expected [2, width] with width = 3, got [1, 2]',
    ])
  })
  it('what cannot be read, and nothing of prototypes', () => {
    const thrower = new Proxy({}, { ownKeys: () => { throw new Error('no') } }) // biome-ignore format: one line says it
    expect(report(thrower)).toEqual(['expected a record of hidden, logits, got what cannot be read'])
    const getter = { hidden, get logits() { throw new Error('no') } } // biome-ignore format: one line says it
    expect(report(getter)).toEqual(['expected a record of hidden, logits, got what cannot be read'])
    expect(report(Object.create({ hidden, logits }))).toEqual(['hidden: missing', 'logits: missing'])
    expect(report(JSON.parse('{"__proto__": {"hidden": 1}, "constructor": 2}'))).toEqual([
      'hidden: missing',
      'logits: missing',
      "__proto__: the model has no parameters '__proto__'",
      "constructor: the model has no parameters 'constructor'",
    ])
    expect(Object.keys(Object.prototype)).toEqual([])
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1]))
    expect(report({ hidden, logits, ...many }).length).toBe(100)
  })
  it('refuses what is no model, and to encode what is not the model’s', () => {
    const untyped = paramsOf as unknown as (x: unknown) => t.Type<unknown, unknown, unknown>
    expect(() => untyped(zeros([2]))).toThrow('paramsOf: expected a model, got a tensor')
    expect(() => untyped(dense(3))).toThrow('paramsOf: expected a model, got a layer')
    expect(() => untyped(model).encode({ hidden: model.init(key(0)).hidden })).toThrow('paramsOf: params.logits is missing')
    expect(() => paramsOf(pipe(input(['time', 4]), flatten, dense(2)))).toThrow("the size of 'time' is not known")
  })
})

describe('paramsOf: statistics', () => {
  /** A layer that keeps a mean. */
  const centred = layerOf<never>({
    kind: ownKind('centred'),
    options: {},
    name: 'centred',
    out: (shape) => shape,
    parameters: (shape) => ({ mean: statisticShape(shape), gain: shape }),
    init: (shape, k, sizes) => ({ mean: statistic(onesNode(shape, k, sizes) as never), gain: onesNode(shape, k, sizes) }),
    apply: (params, x) => ({ y: x, params }),
  })
  const normed = sequential(pipe(input([2]), dense(3)), centred as never) as unknown as typeof model
  const own = paramsOf(normed) as unknown as t.Type<Params<typeof normed>, unknown, unknown>
  type Centred = { readonly centred: { readonly mean: unknown; readonly gain: unknown } }
  it('come back as statistics, and nothing else does', () => {
    const params = normed.init(key(0))
    const back = right(own.decode(throughJson(own.encode(params)))) as unknown as Centred
    expect([isStatistic(back.centred.mean), isStatistic(back.centred.gain)]).toEqual([true, false])
    expect(own.is(back)).toBe(true)
    const marked = mapTree(params, (node) => statistic(node as never))
    const again = right(own.decode(marked)) as unknown as Centred
    expect([isStatistic(again.centred.mean), isStatistic(again.centred.gain)]).toEqual([true, false])
    expect(own.is(marked)).toBe(false)
  })
})
