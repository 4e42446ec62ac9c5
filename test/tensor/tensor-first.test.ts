/** A tensor that JavaScript gives first, where `pipe` should give it, is refused with what to write. */
import * as sw from 'shapewright'
import { describe, expect, it } from 'vitest'

type Untyped = (...args: readonly unknown[]) => unknown
// The public functions as JavaScript sees them, which has no types.
const js = sw as unknown as Readonly<Record<string, Untyped>>
const call = (name: string, ...args: readonly unknown[]): unknown => (js[name] as Untyped)(...args)

describe('a tensor first', () => {
  const x = sw.zeros([2, 6])
  const classes = sw.tensor([0, 1], 'i32')
  it.each([
    ['argmax', x, 1],
    ['broadcastTo', x, [3, 2, 6]],
    ['cast', x, 'i32'],
    ['expandDims', x, 0],
    ['gather', x, classes],
    ['gather', classes, classes],
    ['logSoftmax', x, 1],
    ['logSumExp', x],
    ['max', x, 1],
    ['mean', x, 1],
    ['mean', x],
    ['min', x],
    ['oneHot', classes, 4],
    ['permute', x, [1, 0]],
    ['rearrange', x, 'a b -> b a'],
    ['reduce', x, 'a b -> a', 'mean'],
    ['reshape', x, [12]],
    ['slice', x, [0], [1]],
    ['softmax', x, 1],
    ['split', x, 2, 1],
    ['squeeze', x],
    ['sum', x, 1, { keepDims: true }],
    ['variance', x, 0],
  ])('%s', (name, ...args) =>
    expect(() => call(name, ...args)).toThrow(new sw.ShapeError(`${name}: a tensor goes in by pipe; write pipe(x, ${name}(...))`)),
  )

  it('is told before the options are', () => {
    expect(() => call('mean', x, 1, true)).toThrow('mean: a tensor goes in by pipe')
    expect(() => call('sum', x, 1)).toThrow('sum: a tensor goes in by pipe')
  })
  it('of softmax alone is a call that was forgotten', () => {
    expect(() => call('softmax', x)).toThrow('softmax: call it, softmax(-1)')
  })
})
