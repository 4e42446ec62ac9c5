import { fc, test as lawful } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  booleanFromText,
  type Classes,
  type Dataset,
  dim,
  fromRecords,
  imageOf,
  integerFromText,
  labelOf,
  numberFromText,
  numbersOf,
  oneOf,
  type RecordError,
  ShapeError,
  toArray,
  tokensOf,
} from '../../src/index.ts'
import type { Typed } from '../../types/model.ts'

const right = <A>(made: E.Either<RecordError, A>): A => {
  if (E.isLeft(made)) throw new Error(made.left.message)
  return made.right
}
const told = (made: E.Either<RecordError, unknown>): string => (E.isLeft(made) ? made.left.message : 'a data set')

const flower = t.type({ petal: t.number, sepal: t.number, species: t.string })
const flowers = [
  { petal: 1.5, sepal: 3, species: 'setosa' },
  { petal: 4.5, sepal: 2.5, species: 'virginica' },
]

describe('fromRecords', () => {
  it('infers shapes of tuples and classes of names', () => {
    const data = right(
      fromRecords(flower, flowers, {
        inputs: (r) => [r.petal, r.sepal],
        targets: oneOf(['setosa', 'versicolor', 'virginica'], (r) => r.species),
      }),
    )
    expectTypeOf(data).toEqualTypeOf<Dataset<[2], Classes<3>>>()
    const [x, y] = data.batch(2)
    expect(toArray(x)).toEqual([
      [1.5, 3],
      [4.5, 2.5],
    ])
    expect(toArray(y)).toEqual([0, 2])
  })

  it('takes nested tuples, numbers alone, lists of a given shape, tokens and images', () => {
    const codec = t.type({ a: t.number, words: t.array(t.number), vector: t.array(t.array(t.number)) })
    const records = [{ a: 7, words: [3, 0], vector: [[1, 2, 3]] }]
    const nested = right(
      fromRecords(codec, records, {
        inputs: (r) => [
          [r.a, 1],
          [r.a, 2],
          [r.a, 3],
        ],
        targets: (r) => r.a,
      }),
    )
    expectTypeOf(nested).toEqualTypeOf<Dataset<[3, 2], []>>()
    expect(toArray(nested.batch(1)[0])).toEqual([
      [
        [7, 1],
        [7, 2],
        [7, 3],
      ],
    ])
    const listed = right(
      fromRecords(codec, records, { inputs: tokensOf([2], (r) => r.words), targets: numbersOf([1, 3], (r) => r.vector) }),
    )
    expectTypeOf(listed).toEqualTypeOf<Dataset<Typed<[2], 'i32'>, [1, 3]>>()
    const [tokens, vectors] = listed.batch(1)
    expect([toArray(tokens), toArray(vectors)]).toEqual([[[3, 0]], [[[1, 2, 3]]]])
    const image = { type: 'u8', shape: [1, 2, 1], values: new Uint8Array([0, 255]) } as const
    const pictured = right(
      fromRecords(codec, records, { inputs: imageOf([1, 2, 1], () => image), targets: labelOf(8, (r) => r.a), weights: () => 2 }),
    )
    expectTypeOf(pictured).toEqualTypeOf<Dataset<[1, 2, 1], Classes<8>>>()
    const [pictures, labels] = pictured.batch(1)
    expect([toArray(pictures), toArray(labels), pictured.weights?.values]).toEqual([[[[[0], [1]]]], [7], new Float32Array([2])])
    const bound = right(fromRecords(codec, records, { inputs: tokensOf([dim('time', 2)], (r) => r.words), targets: (r) => r.a }))
    expectTypeOf(bound).toEqualTypeOf<Dataset<Typed<['time'], 'i32'>, []>>()
  })

  it.each([
    ['a wrong type', { petal: 'x', sepal: 1, species: 'setosa' }, "record 2: petal: expected a number, got 'x'"],
    ['a missing field', { petal: 1, species: 'setosa' }, 'record 2: sepal: expected a number, got undefined'],
    ['no object', null, 'record 2: expected an object, got null'],
    ['an unknown name', { petal: 1, sepal: 1, species: 'rose' }, "record 2: targets: expected 'setosa' or 'virginica', got 'rose'"],
    [
      'a key of every object',
      { petal: 1, sepal: 1, species: '__proto__' },
      "record 2: targets: expected 'setosa' or 'virginica', got '__proto__'",
    ],
    [
      'NaN',
      { petal: Number.NaN, sepal: 1, species: 'setosa' },
      'record 2: inputs[0]: expected a number, got NaN, which is not finite in f32',
    ],
    [
      'what f32 cannot hold',
      { petal: 1, sepal: 1e39, species: 'setosa' },
      'record 2: inputs[1]: expected a number, got 1e+39, which is not finite in f32',
    ],
  ])('names the record of %s', (_, record, message) => {
    const read = fromRecords(flower, [...flowers, record], {
      inputs: (r) => [r.petal, r.sepal],
      targets: oneOf(['setosa', 'virginica'], (r) => r.species),
    })
    expect(told(read)).toBe(message)
  })

  it('holds later records to the shape of the first', () => {
    const codec = t.type({ x: t.array(t.number), y: t.union([t.string, t.number]) })
    const read = (records: readonly unknown[]) =>
      told(fromRecords(codec, records, { inputs: numbersOf([2], (r) => r.x), targets: (r) => [Number(r.y)] }))
    expect(
      read([
        { x: [1, 2], y: 1 },
        { x: [1], y: 1 },
      ]),
    ).toBe('record 1: inputs: expected 2 numbers for [2], got 1')
    expect(read([{ x: [1, 2], y: null }])).toBe('record 0: y: expected (string | number), got null')
    expect(read([{ x: [[1, 2]], y: 1 }])).toBe('record 0: x[0]: expected a number, got an array')
    expect(read([])).toBe('fromRecords: there are no records')
    const loose = t.type({ x: t.unknown })
    const untyped = (x: unknown) =>
      told(fromRecords(loose, [{ x: [[1], [2]] }, { x }], { inputs: numbersOf([2, 1], (r) => r.x as number[]), targets: () => 0 }))
    expect(untyped([[1], [2, 3]])).toBe('record 1: inputs[1]: expected 1 number for [1], got 2')
    expect(untyped([[1], 'x'])).toBe("record 1: inputs[1]: expected numbers [1], got 'x'")
    expect(untyped(new BigInt64Array(2))).toBe('record 1: inputs: expected numbers [2, 1], got a BigInt64Array of 2 elements')
    expect(
      untyped({
        get length() {
          throw new Error('no')
        },
      }),
    ).toBe('record 1: inputs: expected numbers [2, 1], got an object')
  })

  it('refuses what is no image, no token, no class and no weight', () => {
    const any = t.type({ x: t.unknown })
    const one = [{ x: 1 }]
    expect(told(fromRecords(any, one, { inputs: imageOf([2, 1, 1], () => new Uint8Array(3)), targets: () => 0 }))).toBe(
      'record 0: inputs: expected 2 bytes for an image [2, 1, 1], got 3',
    )
    expect(
      told(
        fromRecords(any, one, {
          inputs: imageOf([2, 1, 1], () => ({ type: 'u8', shape: [1, 2, 1], values: new Uint8Array(2) })),
          targets: () => 0,
        }),
      ),
    ).toBe('record 0: inputs: expected an image [2, 1, 1], got one of [1, 2, 1]')
    expect(told(fromRecords(any, one, { inputs: tokensOf([1], () => [1.5]), targets: () => 0 }))).toBe(
      'record 0: inputs[0]: expected a whole number, got 1.5',
    )
    expect(told(fromRecords(any, one, { inputs: () => [0], targets: labelOf(3, () => 3) }))).toBe(
      'record 0: targets: expected a whole number from 0 to 2, got 3',
    )
    expect(told(fromRecords(any, one, { inputs: () => [0], targets: () => 0, weights: () => -1 }))).toBe(
      'record 0: weights: expected a number from 0 on, got -1',
    )
    expect(() => oneOf(['a', 'a'], () => 'a')).toThrow(new ShapeError("oneOf: 'a' stands twice in the list"))
    expect(() => fromRecords(any, one, { inputs: numbersOf(['n'], () => [1]), targets: () => 0 })).toThrow(
      new ShapeError("fromRecords: the size of 'n' is not known; write dim('n', n)"),
    )
  })

  it('reads a record whose getters throw, or none at all', () => {
    const trap = Object.defineProperty({}, 'petal', {
      enumerable: true,
      get: () => {
        throw new Error('trap')
      },
    })
    expect(told(fromRecords(flower, [trap], { inputs: (r) => [r.petal], targets: (r) => r.sepal }))).toBe(
      'record 0: it cannot be read: trap',
    )
    expect(told(fromRecords(flower, null as unknown as [], { inputs: (r) => [r.petal], targets: (r) => r.sepal }))).toBe(
      'fromRecords: there are no records',
    )
  })

  lawful.prop([fc.array(fc.anything(), { minLength: 1, maxLength: 4 })])('never throws at what comes from outside', (records) => {
    const read = fromRecords(flower, records, { inputs: (r) => [r.petal], targets: (r) => [r.sepal] })
    expect(E.isRight(read) || read.left.message.length > 0).toBe(true)
  })

  lawful.prop([
    fc.array(
      fc.record({ petal: fc.float({ noNaN: true, noDefaultInfinity: true }), sepal: fc.integer(), species: fc.constantFrom('a', 'b') }),
      { minLength: 1 },
    ),
  ])('keeps every number, rounded to f32', (records) => {
    const data = right(fromRecords(flower, records, { inputs: (r) => [r.petal, r.sepal], targets: oneOf(['a', 'b'], (r) => r.species) }))
    expect([...data.inputs.values]).toEqual(records.flatMap((r) => [Math.fround(r.petal), Math.fround(r.sepal)]))
    expect([...data.targets.values]).toEqual(records.map((r) => (r.species === 'a' ? 0 : 1)))
  })
})

describe('codecs of text', () => {
  it.each<readonly [string, number | null]>([
    ['1', 1],
    ['-1.5e3', -1500],
    ['.5', 0.5],
    ['+2.', 2],
    ...['', ' 1', '1 ', '0x10', 'NaN', 'Infinity', '1e999', '1,5', '--1', '.', 'e5', '1_000'].map((text) => [text, null] as const),
  ])('numberFromText %j', (text, value) => {
    const read = numberFromText.decode(text)
    expect(E.isRight(read) ? read.right : null).toBe(value)
  })
  it('integers and booleans', () => {
    expect(integerFromText.decode('-12')).toEqual(E.right(-12))
    expect(['1.0', '', '9007199254740993'].map((text) => E.isLeft(integerFromText.decode(text)))).toEqual([true, true, true])
    expect(['TRUE', '0', 'false'].map((text) => booleanFromText.decode(text))).toEqual([E.right(true), E.right(false), E.right(false)])
    expect(E.isLeft(booleanFromText.decode('yes'))).toBe(true)
    expect(told(fromRecords(t.type({ a: numberFromText }), [{ a: 'x' }], { inputs: (r) => [r.a], targets: (r) => r.a }))).toBe(
      "record 0: a: expected a number, got 'x'",
    )
  })
  lawful.prop([fc.double({ noNaN: true, noDefaultInfinity: true })])('read what numbers print', (value) => {
    expect(numberFromText.decode(String(value))).toEqual(E.right(Object.is(value, -0) ? 0 : value))
  })
})
