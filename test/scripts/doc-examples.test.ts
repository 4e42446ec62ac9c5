/** Examples are cut into statements, expression and promise, and promises are kept to the decimals written. */
import { describe, expect, it } from 'vitest'
import { keeps, parseExample } from '../../scripts/doc-examples.ts'

describe('parseExample', () => {
  it('takes the last line as the promise', () =>
    expect(parseExample('const x = tensor([1])\ntoArray(x) // => [1]')).toEqual({
      statements: 'const x = tensor([1])',
      expression: 'toArray(x)',
      promise: '[1]',
    }))

  it('takes an expression that spans lines whole', () =>
    expect(parseExample('const x = 1\npipe(\n  x,\n  f,\n) // => 2')).toEqual({
      statements: 'const x = 1',
      expression: 'pipe(\n  x,\n  f,\n)',
      promise: '2',
    }))

  it('is null without a promise', () => expect(parseExample('toArray(x)')).toBeNull())
})

describe('keeps', () => {
  it.each([
    [0.73106, 0.7311, true],
    [0.73117, 0.7311, false],
    [1.0000001, 1, false],
    [-0, 0, true],
    [Number.NaN, Number.NaN, true],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, true],
    [[1, [2.04]], [1, [2]], false],
    [[1, [2]], [1, [2]], true],
    [Float32Array.of(1, 2), [1, 2], true],
    [[1, 2], [1], false],
    [{ a: 1, b: 'x' }, { b: 'x', a: 1 }, true],
    [{ a: 1 }, { b: 1 }, false],
    ['1', 1, false],
    [null, {}, false],
    [null, null, true],
  ])('%j promised as %j: %s', (value, promise, kept) => expect(keeps(value, promise)).toBe(kept))
})
