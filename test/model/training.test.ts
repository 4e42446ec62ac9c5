/** `applyTraining`: dropout keeps the mean, goes by the key and the layer's path, and is absent in `apply`. */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { nodeOf } from '../../src/graph/node.ts'
import { block } from '../../src/model/block.ts'
import { compose } from '../../src/model/compose.ts'
import { dense } from '../../src/model/dense.ts'
import { input } from '../../src/model/input.ts'
import { named } from '../../src/model/named.ts'
import { residual } from '../../src/model/residual.ts'
import { relu } from '../../src/tensor/activation.ts'
import { ones } from '../../src/tensor/create.ts'
import { dropout } from '../../src/tensor/dropout.ts'
import { foldIn, type Key, key } from '../../src/tensor/random.ts'
import type { AnyTensor } from '../../types/tensor.ts'
import { numbers } from '../autodiff/differences.ts'

const numbersOf = (x: AnyTensor): readonly number[] => numbers(nodeOf(x))
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

describe('dropout', () => {
  const model = pipe(input([1000]), dropout(0.3))
  const x = ones([4, 1000])
  const trained = (seed: Key) => numbersOf(model.applyTraining({}, x, seed)[0])

  it('keeps the mean: an element is 0 or 1 / (1 - rate)', () => {
    const values = trained(key(1))
    expect(new Set(values.map((v) => v.toFixed(6)))).toEqual(new Set(['0.000000', (1 / 0.7).toFixed(6)]))
    expect(mean(values)).toBeCloseTo(1, 1)
    expect(Math.abs(mean(values.map((v) => (v === 0 ? 1 : 0))) - 0.3)).toBeLessThan(0.03)
  })
  it('is the same for the same key, and another for another', () => {
    expect(trained(key(1))).toEqual(trained(key(1)))
    expect(trained(key(1))).not.toEqual(trained(key(2)))
  })
  it('is absent in apply', () => {
    expect(model.apply({}, x)).toBe(x)
  })
  it('draws the same on a tensor under the key folded with its path', () => {
    expect(trained(key(1))).toEqual(numbersOf(dropout(0.3, foldIn(key(1), 'dropout1'))(x)))
    const nested = pipe(input([1000]), residual(block(relu, dropout(0.3))))
    const own = foldIn(foldIn(key(1), 'residual1'), 'dropout1')
    const dropped = numbersOf(dropout(0.3, own)(x))
    expect(numbersOf(nested.applyTraining({ residual1: {} }, x, key(1))[0])).toEqual(dropped.map((v) => v + 1))
  })
})

describe('random numbers of a layer', () => {
  const x = ones([1, 64])

  it('differ from those of its neighbour', () => {
    const [one, two] = [pipe(input([64]), dropout(0.5)), pipe(input([64]), dropout(0.5), dropout(0.5))]
    const kept = (values: readonly number[]) => values.filter((v) => v !== 0).length
    const [once, twice] = [numbersOf(one.applyTraining({}, x, key(0))[0]), numbersOf(two.applyTraining({}, x, key(0))[0])]
    expect(kept(twice)).toBeLessThan(kept(once))
    expect(kept(twice)).toBeGreaterThan(0)
  })
  it('are not shifted by layers that are added', () => {
    const plain = pipe(input([64]), dropout(0.5))
    const longer = pipe(input([64]), relu, residual(block(relu)), dropout(0.5), relu)
    expect(numbersOf(longer.applyTraining({ residual1: {} }, x, key(3))[0]).map((v) => v / 2)).toEqual(
      numbersOf(plain.applyTraining({}, x, key(3))[0]),
    )
  })
  it('go by a name where it has one', () => {
    const layer = named('drop')(dropout(0.5))
    const [plain, longer] = [pipe(input([64]), layer), pipe(input([64]), dropout(0), layer)]
    expect(numbersOf(longer.applyTraining({}, x, key(3))[0])).toEqual(numbersOf(plain.applyTraining({}, x, key(3))[0]))
    const both = numbersOf(pipe(plain, layer).applyTraining({}, x, key(3))[0])
    expect(both).not.toEqual(numbersOf(plain.applyTraining({}, x, key(3))[0]).map((v) => v * 2))
  })
})

describe('applyTraining', () => {
  it('gives back the parameters', () => {
    const model = pipe(input([4]), dense(8, 'a'), dropout(0.5), residual(block(dense(8), relu)), dense(2))
    const params = model.init(key(0))
    const [y, next] = model.applyTraining(params, ones([2, 4]), key(1))
    expect(nodeOf(y).shape).toEqual([2, 2])
    expect(Object.keys(next)).toEqual(['a', 'residual1', 'dense1'])
    expect(next.a.weight).toBe(params.a.weight)
    expect(next.residual1.dense1.bias).toBe(params.residual1.dense1.bias)
  })
  it('reaches into composed models', () => {
    const model = compose(pipe(input([64]), dropout(0.5)), pipe(input([64]), relu))
    const params = model.init(key(0))
    expect(params).toEqual({ first: {}, second: {} })
    const own = foldIn(foldIn(key(9), 'first'), 'dropout1')
    expect(numbersOf(model.applyTraining(params, ones([1, 64]), key(9))[0])).toEqual(numbersOf(dropout(0.5, own)(ones([1, 64]))))
  })
})
