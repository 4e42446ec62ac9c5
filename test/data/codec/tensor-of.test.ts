import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'
import { add, dim, matmul, ones, pipe, ShapeError, sum, tensor, tensorOf, toArray, toTypedArray, zeros } from 'shapewright'
import { describe, expect, it } from 'vitest'

type Codec = t.Type<never, unknown, unknown>
const messages = (codec: unknown, x: unknown): readonly (string | undefined)[] => {
  const decoded = (codec as Codec).decode(x)
  return E.isLeft(decoded) ? decoded.left.map(({ message }) => message) : ['no error']
}
const right = <A>(decoded: E.Either<unknown, A>): A => {
  if (E.isLeft(decoded)) throw new Error(`Left: ${JSON.stringify(decoded.left)}`)
  return decoded.right
}
const rows = tensorOf(['batch', 3])

describe('tensorOf: what it takes', () => {
  it('nested arrays; a name takes its size from them', () => {
    const x = right(
      rows.decode([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    )
    expect(x.shape).toEqual(['batch', 3])
    expect(x.op).toBe('data')
    expect(toArray(x)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(toArray(pipe(x, matmul(ones([3, 1]))))).toEqual([[6], [15]])
  })
  it('typed arrays, flat and row-major, whose length gives the one open size', () => {
    expect(toArray(right(rows.decode(Float32Array.of(1, 2, 3, 4, 5, 6))))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(toArray(right(rows.decode(Float64Array.of(1, 2, 3))))).toEqual([[1, 2, 3]])
    expect(toArray(right(tensorOf(['n', 'n']).decode(Int8Array.of(1, 2, 3, 4))))).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(toArray(right(tensorOf([2, 'n', 'n', 2]).decode(new Float32Array(36))))[0]?.length).toBe(3)
    expect(toArray(right(tensorOf([dim('a', 2), 'b']).decode(new Float32Array(6))))).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect(toArray(right(tensorOf([]).decode(Float32Array.of(7))))).toBe(7)
  })
  it('typed arrays as rows', () => {
    expect(toArray(right(rows.decode([Float32Array.of(1, 2, 3), [4, 5, 6], Uint8Array.of(7, 8, 9)])))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ])
    expect(toArray(right(tensorOf(['a', 'b', 2]).decode([new Float32Array(4), new Float32Array(4)])))).toEqual([
      [
        [0, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ])
  })
  it('tensors, data or not, under another name of the same size', () => {
    const data = right(rows.decode(tensor([[1, 2, 3]])))
    expect([data.op, data.shape]).toEqual(['data', ['batch', 3]])
    const expression = right(rows.decode(add(ones([dim('rows', 2), 3]), 1)))
    expect(expression.shape).toEqual(['batch', 3])
    expect(toArray(expression)).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ])
    const same = ones(['batch', 3])
    expect(right(rows.decode(same))).toBe(same)
    expect(messages(rows, ones(['n', 3]))).toEqual(['expected [batch, 3], got [n, 3]'])
    expect(messages(rows, zeros([2, 3], 'i32'))).toEqual(['expected [batch, 3], got i32 [2, 3]'])
    expect(messages(tensorOf(['n', 'n']), zeros([2, 3]))).toEqual(['expected [n, n], got [2, 3]'])
    expect(messages(tensorOf(['n']), sum(0)(ones([dim('n', 2), 3])))).toEqual(['expected [n], got [3], where n is 2'])
  })
  it('of each dtype what it can hold', () => {
    expect(toTypedArray(right(tensorOf(['n'], 'i32').decode([-(2 ** 31), 2 ** 31 - 1]))).slice()).toEqual(
      Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
    )
    expect(toArray(right(tensorOf(['n'], 'bool').decode([true, false])))).toEqual([true, false])
    expect(toArray(right(tensorOf(['n'], 'bool').decode(Uint8Array.of(1, 0))))).toEqual([true, false])
    expect(toArray(right(tensorOf(['n']).decode([Number.NaN, Number.NEGATIVE_INFINITY, -0, 'NaN', 'Infinity', '-0'])))).toEqual([
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -0,
    ])
    expect(messages(tensorOf(['n'], 'i32'), [1.5, 2 ** 31, 'NaN', true])).toEqual([
      '[0]: expected a whole number of 32 bits, got 1.5',
      '[1]: expected a whole number of 32 bits, got 2147483648',
      "[2]: expected a whole number of 32 bits, got 'NaN'",
      '[3]: expected a whole number of 32 bits, got true',
    ])
    expect(messages(tensorOf(['n'], 'bool'), [0, 'true', null])).toEqual([
      '[0]: expected a boolean, got 0',
      "[1]: expected a boolean, got 'true'",
      '[2]: expected a boolean, got null',
    ])
    expect(messages(tensorOf(['n']), [1e300, true, 10n])).toEqual([
      '[0]: expected a number, got 1e+300',
      '[1]: expected a number, got true',
      '[2]: expected a number, got 10n',
    ])
    expect(messages(tensorOf(['n'], 'i32'), Float64Array.of(1, 0.5))).toEqual(['[1]: expected a whole number of 32 bits, got 0.5'])
    expect(messages(tensorOf(['n'], 'bool'), Uint8Array.of(1, 2))).toEqual(['[1]: expected 0 or 1, got 2'])
    expect(messages(tensorOf(['n']), BigInt64Array.of(1n))).toEqual(['expected numbers, got a BigInt64Array of 1 element'])
  })
  it('shapes without elements', () => {
    expect(right(tensorOf([0, 3]).decode([])).shape).toEqual([0, 3])
    expect(toArray(right(rows.decode([])))).toEqual([])
    expect(toArray(right(tensorOf(['a', 'b']).decode([[], []])))).toEqual([[], []])
    expect(messages(tensorOf(['a', 'b']), [])).toEqual(['expected [a, b], got [0], from which not every size follows'])
    expect(messages(tensorOf(['a', 0]), new Float32Array(0))).toEqual([
      'expected [a, 0], got a Float32Array of 0 elements, from which not every size follows',
    ])
  })
  it('copies: what was given may change afterwards', () => {
    const values = Float32Array.of(1, 2, 3)
    const x = right(rows.decode(values))
    values.fill(9)
    expect(toArray(x)).toEqual([[1, 2, 3]])
  })
})

describe('tensorOf: what it says', () => {
  it('the path, what was expected, what came', () => {
    const wide = tensorOf(['batch', 784])
    const good = Array.from({ length: 784 }, () => 0)
    expect(messages(wide, [good, good, good, good.map((v, i) => (i === 17 ? 'x' : v))])).toEqual(["[3][17]: expected a number, got 'x'"])
    expect(messages(wide, [good, good, good.slice(1)])).toEqual(['[2]: expected 784 numbers, got 783'])
    expect(messages(wide, new Float32Array(1000))).toEqual(['expected [batch, 784], got a Float32Array of 1000 elements'])
    expect(messages(wide, [good, null])).toEqual(['[1]: expected an array of 784 numbers, got null'])
    expect(messages(wide, [new Float32Array(784), new Int16Array(783)])).toEqual(['[1]: expected [784], got an Int16Array of 783 elements'])
    expect(messages(wide, { length: 1, 0: good })).toEqual(['expected [batch, 784], got an object'])
  })
  it('the whole shape, where what came has one', () => {
    expect(messages(rows, [[1], [2]])).toEqual(['expected [batch, 3], got [2, 1]'])
    expect(messages(rows, [1, 2, 3])).toEqual(['expected [batch, 3], got [3]'])
    expect(messages(rows, [[[1, 2, 3]]])).toEqual(['expected [batch, 3], got [1, 1, 3]'])
    expect(messages(tensorOf([]), [1])).toEqual(['expected [], got [1]'])
    expect(messages(tensorOf([dim('n', 5)]), [1])).toEqual(['expected [n] with n = 5, got [1]'])
    expect(messages(tensorOf(['n', 'n']), [[1, 2]])).toEqual(['expected [n, n], got [1, 2]'])
    expect(messages(tensorOf(['a', 'b'], 'i32'), new Int32Array(6))).toEqual([
      'expected i32 [a, b], got an Int32Array of 6 elements, from which not every size follows',
    ])
  })
  it('each ragged row, and at most ten faults', () => {
    expect(messages(tensorOf(['a', 2, 'b']), [[[1], [2]], [[3]], [[4], [5, 6]]])).toEqual([
      '[1]: expected 2 arrays, got 1',
      '[2][1]: expected 1 number, got 2',
    ])
    expect(
      messages(
        tensorOf(['n']),
        Array.from({ length: 1000 }, () => 'x'),
      ).length,
    ).toBe(10)
    expect(
      messages(
        rows,
        Array.from({ length: 1000 }, (_, i) => (i === 0 ? [1, 2, 3] : [])),
      ).length,
    ).toBe(10)
  })
  it('never a long text', () => {
    expect(messages(tensorOf([]), 'x'.repeat(1e6))[0]?.length).toBeLessThan(100)
  })
})

describe('tensorOf in io-ts', () => {
  const batch = t.type({ x: tensorOf(['batch', 3]), y: tensorOf(['batch'], 'i32') })
  it('composes, with the outer path in the message, which PathReporter prints', () => {
    const decoded = batch.decode({ x: [[1, 2, 'x']], y: [1.5] })
    expect(PathReporter.report(decoded)).toEqual([
      "x[0][2]: expected a number, got 'x'",
      'y[0]: expected a whole number of 32 bits, got 1.5',
    ])
    expect(PathReporter.report(batch.decode({}))).toEqual([
      'x: expected [batch, 3], got undefined',
      'y: expected i32 [batch], got undefined',
    ])
    expect(
      PathReporter.report(
        t.type({ all: t.array(batch) }).decode({
          all: [
            { x: [], y: [] },
            { x: 3, y: [] },
          ],
        }),
      ),
    ).toEqual(['all[1].x: expected [batch, 3], got 3'])
    expect(PathReporter.report(t.intersection([batch, t.type({ z: tensorOf([]) })]).decode({ x: [], y: [], z: '' }))).toEqual([
      "z: expected a number, got ''",
    ])
    expect(PathReporter.report(t.union([tensorOf([]), tensorOf([2])]).decode([1]))).toEqual([
      'expected [], got [1]',
      'expected [2], got [1]',
    ])
  })
  it('has the place in its context, for other reporters', () => {
    const decoded = batch.decode({ x: [[1, 2, 'x']], y: [] })
    expect(E.isLeft(decoded) && decoded.left.map(({ context, value }) => [context.map(({ key }) => key).join('/'), value])).toEqual([
      ['/x/0/2', 'x'],
    ])
  })
  it('has a name, and knows its own', () => {
    expect([rows.name, tensorOf([dim('n', 5)], 'i32').name]).toEqual(['[batch, 3]', 'i32 [n] with n = 5'])
    expect(rows.is(right(rows.decode([[1, 2, 3]])))).toBe(true)
    expect([zeros([1, 3]), zeros(['batch', 3], 'i32'), [[1, 2, 3]], null].map(rows.is)).toEqual([false, false, false, false])
    expect(tensorOf([dim('n', 5)]).is(zeros([dim('n', 6)]))).toBe(false)
  })
  it('encodes what JSON keeps', () => {
    expect(rows.encode(right(rows.decode([[1, 0.5, -2]])))).toEqual([[1, 0.5, -2]])
    expect(tensorOf(['n']).encode(right(tensorOf(['n']).decode([Number.NaN, Number.POSITIVE_INFINITY, -0, 0])))).toEqual([
      'NaN',
      'Infinity',
      '-0',
      0,
    ])
    expect(tensorOf([], 'bool').encode(tensor(true))).toBe(true)
    expect(tensorOf([2]).encode(add(tensor([1, 2]), 1))).toEqual([2, 3])
  })
})

describe('tensorOf from JavaScript', () => {
  const untyped = tensorOf as unknown as (shape: unknown, dtype?: unknown) => unknown
  it.each([
    [() => untyped([2.5]), 'tensorOf: a size must be a whole number, got 2.5'],
    [() => untyped([-1]), 'tensorOf: a size must be a whole number, got -1'],
    [() => untyped(3), 'tensorOf: expected a list of sizes, as [2, 3], got 3'],
    [() => untyped([2], 'f64'), 'tensorOf: expected f32, i32 or bool, got f64'],
    [() => untyped([dim('n', 2), dim('n', 3)]), "dim: 'n' is 2 here and 3 there"],
  ])('%s', (call, sentence) => {
    expect(call).toThrow(new ShapeError(sentence))
  })
  it('takes a product of names whose sizes follow', () => {
    expect(toArray(right(tensorOf(['a', 'b', 'a*b']).decode([[[1, 2]], [[3, 4]]])))).toEqual([[[1, 2]], [[3, 4]]])
    expect(messages(tensorOf(['a', 'b', 'a*b']), [[[1]], [[3]]])).toEqual(['expected [a, b, a*b], got [2, 1, 1]'])
    expect(messages(tensorOf(['a*b']), [1, 2])).toEqual(['expected [a*b], got [2], from which not every size follows'])
    expect(toArray(right(tensorOf(['2*a', dim('b', 3), 'a*b', 'a']).decode(new Float32Array(2 * 2 * 3 * 6 * 2)))).length).toBe(4)
  })
  it('takes names that objects have by nature', () => {
    const x = right(tensorOf(['constructor', '__proto__']).decode([[1, 2]]))
    expect(toArray(add(x, x))).toEqual([[2, 4]])
  })
})
