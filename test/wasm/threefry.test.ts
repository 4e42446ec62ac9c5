/** Threefry on lanes gives the words of the evaluator's. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { threefry, threefryWords, type Words } from '../../src/graph/threefry.ts'
import type { Local } from '../../src/wasm/assembler/locals.ts'
import { moduleBuilder } from '../../src/wasm/assembler/module.ts'
import { emitThreefry, emitThreefryBlocks } from '../../src/wasm/math/threefry.ts'
import { run } from './instance.ts'

const splat = { first: 'v128', second: 'v128' } as const

/** `elements(key0, key1, at)`: replaces the four indices there; `blocks`: replaces four counters by first words, then second. */
const compiled = (() => {
  const builder = moduleBuilder({ pages: 1 })
  const entry = (
    name: string,
    body: (code: Parameters<Parameters<typeof builder.func>[3]>[0], keys: readonly [Local, Local], at: Local) => void,
  ) =>
    builder.func(
      name,
      ['i32', 'i32', 'i32'],
      [],
      (code) => {
        const [first, second, at] = code.params as readonly [Local, Local, Local]
        const keys = [code.local(splat.first), code.local(splat.second)] as const
        code.get(first).op('i32x4.splat').set(keys[0]).get(second).op('i32x4.splat').set(keys[1])
        body(code, keys, at)
      },
      true,
    )
  entry('elements', (code, keys, at) => {
    const indices = code.local('v128')
    code.get(at).load('v128.load').set(indices).get(at)
    emitThreefry(code, keys[0], keys[1], indices)
    code.store('v128.store')
  })
  entry('blocks', (code, keys, at) => {
    const [x, y] = [code.local('v128'), code.local('v128')]
    code.get(at).load('v128.load').set(y)
    emitThreefryBlocks(code, keys[0], keys[1], x, y)
    code.get(at).get(x).store('v128.store').get(at).get(y).store('v128.store', 16)
  })
  return run(builder)
})()

const words = new Int32Array(compiled.memory.buffer)
const elements = ([first, second]: Words, indices: readonly number[]): readonly number[] => {
  words.set(indices)
  compiled.call('elements', first, second, 0)
  return [...words.subarray(0, 4)]
}

describe('threefry on lanes', () => {
  test('the published vector', () => {
    expect(elements([0, 0], [0, 1, 0, 1]).map((word) => (word >>> 0).toString(16))).toEqual([
      '6b200159',
      '99ba4efe',
      '6b200159',
      '99ba4efe',
    ])
  })

  test('words of consecutive elements', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.nat(400), (first, second, from) => {
        const expected = threefryWords([first, second], from + 4)
        expect(elements([first, second], [from, from + 1, from + 2, from + 3])).toEqual([...expected.subarray(from)])
      }),
    )
  })

  test('elements in any order, up to 2^31', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), (first, second, indices) => {
        expect(elements([first, second], indices)).toEqual(indices.map((i) => threefry([first, second], [0, i >> 1])[i % 2]))
      }),
    )
  })

  test('blocks', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), (first, second, counters) => {
        words.set(counters)
        compiled.call('blocks', first, second, 0)
        const expected = counters.map((counter) => threefry([first, second], [0, counter]))
        expect([...words.subarray(0, 8)]).toEqual([...expected.map(([x]) => x), ...expected.map(([, y]) => y)])
      }),
    )
  })
})
