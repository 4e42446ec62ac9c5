/** Parameters as arrays by name: there and back, and all that does not fit told at once. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import {
  addBranches,
  batchNorm,
  block,
  compose,
  conv2d,
  dense,
  dim,
  flatten,
  input,
  isStatistic,
  key,
  lstm,
  masked,
  named,
  paramsFrom,
  readSafetensors,
  relu,
  repeat,
  residual,
  type StoredArray,
  tensorsFrom,
  toTypedArray,
  transformerEncoderBlock,
  writeSafetensors,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { leaves } from '../../../src/graph/tree.ts'

const right = <A>(either: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(either)) throw new Error(either.left.message)
  return either.right
}
const model = pipe(input([2]), dense(3, 'hidden'), relu, dense(1, 'out'))
const zeros = (shape: readonly number[], type: 'f32' | 'f16' | 'bf16' = 'f32'): StoredArray => ({
  type,
  shape,
  values: new Float32Array(shape.reduce((n, size) => n * size, 1)),
})
const whole = { 'hidden.weight': zeros([2, 3]), 'hidden.bias': zeros([3]), 'out.weight': zeros([3, 1]), 'out.bias': zeros([1]) }
const given = (tensors: Readonly<Record<string, StoredArray>>) => new Map(Object.entries(tensors))
const misfit = (tensors: Readonly<Record<string, StoredArray>>) => {
  const params = paramsFrom(model, given(tensors))
  if (E.isRight(params)) throw new Error('it fits')
  return params.left
}

describe('parameters and arrays', () => {
  it('go through a file and come back to the bit, statistics as statistics', () => {
    const image = pipe(
      input([4, 4, dim('c', 2)]),
      conv2d({ filters: 3, kernel: 2, name: 'stem' }),
      batchNorm({ name: 'norm' }),
      flatten,
      named('body')(block(dense(4, 'one'), relu, named('two')(residual(dense(4))))),
      dense(2, 'head'),
    )
    const params = image.init(key(7))
    const tensors = right(tensorsFrom(image, params))
    expect([...tensors.keys()].slice(0, 4)).toEqual(['stem.weight', 'stem.bias', 'norm.scale', 'norm.shift'])
    const read = right(readSafetensors(right(writeSafetensors(tensors))))
    const back = right(paramsFrom(image, read.tensors))
    expect(leaves(back).map(({ path }) => path)).toEqual(leaves(params).map(({ path }) => path))
    expect(right(tensorsFrom(image, back))).toEqual(tensors)
    expect(isStatistic(back.norm.mean)).toBe(true)
    expect(isStatistic(back.norm.scale)).toBe(false)
    expect(back.stem.weight.shape).toEqual(params.stem.weight.shape)
  })
  it('are those of the model: what else is in the tree is not written', () => {
    const params = { ...model.init(key(0)), more: { weight: model.init(key(1)).out.weight } }
    expect([...right(tensorsFrom(model, params)).keys()]).toEqual(Object.keys(whole))
  })
  it('may be half floats, which f32 holds, and f64 where that was said', () => {
    const half = { ...whole, 'out.bias': { ...zeros([1], 'f16'), values: Float32Array.of(0.5) } as StoredArray }
    expect([...toTypedArray(right(paramsFrom(model, given(half))).out.bias)]).toEqual([0.5])
    const double = { ...whole, 'out.bias': { type: 'f64', shape: [1], values: Float64Array.of(0.1) } as const }
    expect(misfit(double).message).toBe(
      'paramsFrom: the tensors do not fit the model; out.bias is f64 [1], expected [1] (write { round: true } to round it)',
    )
    expect([...toTypedArray(right(paramsFrom(model, given(double), { round: true })).out.bias)]).toEqual([Math.fround(0.1)])
  })
})

describe('what does not fit is told', () => {
  it('all of it, as a sentence and as data', () => {
    const { 'hidden.bias': _, 'out.bias': __, ...rest } = whole
    const error = misfit({
      ...rest,
      'hidden.weight': zeros([3, 2]),
      'out.weight': { type: 'i32', shape: [3, 1], values: new Int32Array(3) },
      'old.weight': zeros([5]),
      '__proto__\n': zeros([], 'bf16'),
    })
    expect(error).toEqual({
      tag: 'Misfit',
      message:
        'paramsFrom: the tensors do not fit the model; missing: hidden.bias [3], out.bias [1]; not of the model: old.weight [5], "__proto__\\n" bf16 []; hidden.weight is [3, 2], expected [2, 3] (turned round: other libraries write weights as [out, in]); out.weight is i32 [3, 1], expected [3, 1]',
      missing: [
        { name: 'hidden.bias', type: 'f32', shape: [3] },
        { name: 'out.bias', type: 'f32', shape: [1] },
      ],
      extra: [
        { name: 'old.weight', type: 'f32', shape: [5] },
        { name: '__proto__\n', type: 'bf16', shape: [] },
      ],
      wrong: [
        { name: 'hidden.weight', expected: { type: 'f32', shape: [2, 3] }, got: { type: 'f32', shape: [3, 2] } },
        { name: 'out.weight', expected: { type: 'f32', shape: [3, 1] }, got: { type: 'i32', shape: [3, 1] } },
      ],
    })
  })
})

describe('names that were made up', () => {
  const x = input([4])
  const names = (made: E.Either<{ readonly tag: string; readonly names?: readonly string[] }, unknown>): readonly string[] =>
    E.isLeft(made) ? (made.left.names ?? []) : []
  // the parameters of each model are its own
  const of = <M extends { readonly init: (key: never) => unknown }>(made: M) =>
    tensorsFrom(made as never, made.init(key(0) as never) as never)
  it('are refused, wherever they stand', () => {
    expect(names(of(pipe(x, dense(4), dense(4, 'out'))))).toEqual(['dense1'])
    expect(names(of(pipe(x, named('body')(block(dense(4), relu, dense(4, 'two'))))))).toEqual(['body.dense1'])
    expect(names(of(pipe(x, block(dense(4)))))).toEqual(['block1', 'block1.dense1'])
    expect(names(of(pipe(x, residual(dense(4)))))).toEqual(['residual1'])
    expect(names(of(pipe(x, named('r')(residual(block(dense(4)))))))).toEqual(['r.dense1'])
    expect(names(of(pipe(x, named('all')(addBranches(dense(4), dense(4, 'b'))))))).toEqual(['all.dense1'])
    expect(names(of(pipe(input([3, 4]), masked(0, lstm(2)))))).toEqual(['masked1', 'masked1.lstm1'])
    expect(names(of(compose(pipe(x, dense(4)), pipe(x, dense(4, 'out')))))).toEqual(['first.dense1'])
  })
  it('are none where their place names them: numbers of repeat, parts of a composition, the one layer of a residual', () => {
    expect(names(of(pipe(x, named('r')(residual(dense(4))))))).toEqual([])
    expect(names(of(pipe(x, named('rows')(repeat(2, dense(4))))))).toEqual([])
    expect(names(of(pipe(x, named('row')(repeat(2, dense(4), { shared: true })))))).toEqual([])
    expect(names(of(pipe(x, named('rows')(repeat(2, residual(dense(4)))))))).toEqual([])
    expect(names(of(pipe(input([3, 4]), transformerEncoderBlock(2, { name: 'block' }))))).toEqual([])
    expect(names(of(compose(pipe(x, dense(4, 'a')), pipe(x, dense(4, 'a')))))).toEqual([])
    expect(names(of(pipe(x, relu)))).toEqual([])
  })
  it('are told in one sentence', () => {
    const two = of(pipe(x, dense(4), dense(4)))
    expect(E.isLeft(two) && two.left.message).toBe(
      "tensorsFrom: dense1, dense2 have names that were made up, which shift when a layer is added; write dense(256, 'hidden') or named('hidden')(layer)",
    )
  })
})
