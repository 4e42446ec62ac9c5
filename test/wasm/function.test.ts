/** The function builder: what it refuses, what it reuses, and how it branches. */
import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/graph/internal-error.ts'
import type { Code } from '../../src/wasm/assembler/code.ts'
import type { Local } from '../../src/wasm/assembler/locals.ts'
import { moduleBuilder } from '../../src/wasm/assembler/module.ts'
import type { OpName, ValueType } from '../../src/wasm/assembler/opcodes.ts'
import { run, single } from './instance.ts'

const first = (code: Code): Local => code.params[0] as Local
const nothing: readonly ValueType[] = []

describe('a function that does not validate is refused where it goes wrong', () => {
  const vector: readonly ValueType[] = ['v128']
  const cases: readonly (readonly [sentence: string, results: readonly ValueType[], body: (code: Code) => void])[] = [
    ['i32.add: expected i32 on the operand stack, which is empty', nothing, (code) => code.i32(1).op('i32.add')],
    ['f32x4.mul: expected v128 on the operand stack, got f32', nothing, (code) => code.v128f(1).f32(1).op('f32x4.mul')],
    ['i32x4.shl: expected i32 on the operand stack, got v128', nothing, (code) => code.v128i(1).v128i(1).op('i32x4.shl')],
    ['local.set: expected v128 on the operand stack, got i32', nothing, (code) => code.i32(1).set(code.local('v128'))],
    ['end: i32 left on the operand stack', nothing, (code) => code.i32(1)],
    ['end: expected v128 on the operand stack, which is empty', vector, () => undefined],
    ['end: f32 left on the operand stack', vector, (code) => code.f32(1).v128f(1)],
    ['end: i32 left on the operand stack', nothing, (code) => code.block(() => code.i32(1))],
    [
      'else: i32 left on the operand stack',
      nothing,
      (code) =>
        code.i32(0).if(
          () => code.i32(1),
          () => undefined,
        ),
    ],
    ['drop: expected a value on the operand stack, which is empty', nothing, (code) => code.i32(1).block(() => code.drop())],
    ['for: i32 left on the operand stack', nothing, (code) => code.for(code.local('i32'), 0, 4, 4, () => code.i32(1))],
    [
      'drop: expected a value on the operand stack, which is empty',
      nothing,
      (code) => code.i32(1).for(code.local('i32'), 0, 4, 4, () => code.drop()),
    ],
    ['br 1: there is no such label', nothing, (code) => code.br(1)],
    ['br_if 0 leaves a counted loop', nothing, (code) => code.for(code.local('i32'), 0, 4, 1, () => code.i32(1).brIf(0))],
    ['br 1 leaves a counted loop', nothing, (code) => code.for(code.local('i32'), 0, 4, 4, () => code.block(() => code.br(1)))],
    ['br: expected v128 on the operand stack, got i32', vector, (code) => code.i32(1).br(0)],
    ['return: expected v128 on the operand stack, got i32', vector, (code) => code.block(() => code.i32(1).return())],
    ['select: expected f32 on the operand stack, got i32', nothing, (code) => code.i32(1).f32(1).i32(1).select()],
    ['if: expected i32 on the operand stack, got f32', nothing, (code) => code.f32(1).if(() => undefined)],
    ['for: 4 to 4 by 1 has no iteration', nothing, (code) => code.for(code.local('i32'), 4, 4, 1, () => undefined)],
    ['f32x4.extract_lane: there is no lane 4', nothing, (code) => code.v128f(1).extractLane('f32x4.extract_lane', 4).drop()],
    ['v128.store64_lane: there is no lane 2', nothing, (code) => code.i32(0).v128f(1).storeLane('v128.store64_lane', 2)],
    ['i8x16.shuffle: there is no lane 8', vector, (code) => code.v128f(1).v128f(1).shuffle([0, 1, 2, 8])],
    ['i8x16.shuffle: expected 4 lanes, got 3', vector, (code) => code.v128f(1).v128f(1).shuffle([0, 1, 2])],
    ['f32.load: offset -4 is not a u32', nothing, (code) => code.i32(0).load('f32.load', -4).drop()],
    ['i64.const: 4294967296 is not within 32 bits', nothing, (code) => code.i64(2 ** 32).drop()],
  ]
  test.each(cases)('%s', (sentence, results, body) => {
    expect(() => single([], results, body)).toThrow(new InternalError(sentence, 'main'))
  })

  test('a branch to the function ends it, with its results', () => {
    const builder = single(['i32'], ['i32'], (code) => {
      code.get(first(code)).if(() => code.i32(7).br(1))
      code.i32(8).get(first(code)).op('i32.eqz').brIf(0).drop().i32(9)
    })
    expect(run(builder).call('main', 1)).toBe(7)
    expect(run(builder).call('main', 0)).toBe(8)
  })

  test('calls are checked against the signature', () => {
    const builder = moduleBuilder({ pages: 1 })
    const helper = builder.func('helper', ['v128'], ['v128'], (code) => code.get(first(code)))
    expect(() => builder.func('main', [], [], (code) => code.f32(1).call(helper))).toThrow(
      'call helper: expected v128 on the operand stack, got f32 (main)',
    )
  })

  test('a module whose function failed gives no bytes', () => {
    const builder = moduleBuilder({ pages: 1 })
    expect(() => builder.func('broken', [], ['i32'], () => undefined)).toThrow(InternalError)
    expect(() => builder.bytes()).toThrow('function broken is not finished')
  })
})

describe('locals', () => {
  test('a released local is reused by type', () => {
    single([], [], (code) => {
      const vector = code.local('v128')
      const integer = code.local('i32')
      code.release(vector, integer)
      expect(code.local('i32').index).toBe(integer.index)
      expect(code.local('v128').index).toBe(vector.index)
      expect(code.local('v128').index).toBe(2)
    })
  })

  test('a released local may not be used, even after its index is reused', () => {
    single([], [], (code) => {
      const old = code.local('f32')
      code.release(old)
      expect(() => code.get(old)).toThrow('local.get: local 0 was released or is another function')
      code.local('f32')
      code.f32(1)
      expect(() => code.set(old)).toThrow('local.set: local 0 was released or is another function')
      expect(() => code.release(old)).toThrow('release: local 0 was released')
      code.drop()
    })
  })

  test('another function', () => {
    const builder = moduleBuilder({ pages: 1 })
    const stolen: Local[] = []
    builder.func('owner', ['i32'], [], (code) => void stolen.push(...code.params))
    expect(() => builder.func('thief', ['i32'], ['i32'], (code) => code.get(stolen[0] as Local))).toThrow('is another function')
  })

  test('parameters stay', () => {
    expect(() => single(['i32'], [], (code) => code.release(first(code)))).toThrow('release: local 0 is a parameter')
  })

  test('declarations of one type are joined', () => {
    const bytes = (types: readonly ValueType[]) => single([], [], (code) => types.forEach((type) => void code.local(type))).bytes().length
    expect(bytes(['v128', 'v128', 'v128', 'i32'])).toBe(bytes(['v128', 'i32']))
    expect(bytes(['v128', 'i32', 'v128', 'i32'])).toBe(bytes(['v128', 'i32']) + 4)
  })
})

describe('control', () => {
  const sum = (from: number, to: number, step: number) =>
    run(
      single([], ['i32'], (code) => {
        const counter = code.local('i32')
        const total = code.local('i32')
        code.for(counter, from, to, step, () => code.get(total).get(counter).op('i32.add').set(total)).get(total)
      }),
    ).call('main')

  test.each([
    [0, 10, 1, 45],
    [0, 10, 4, 12],
    [3, 4, 1, 3],
    [-8, 8, 8, -8],
    [0, 16, 16, 0],
  ])('for %i to %i by %i', (from, to, step, expected) => expect(sum(from, to, step)).toBe(expected))

  test('one iteration emits no loop', () => {
    const counted = (to: number) => single([], [], (code) => code.for(code.local('i32'), 0, to, 8, () => undefined)).text()
    expect(counted(8)).not.toContain('loop')
    expect(counted(9)).toContain('loop')
  })

  test('blocks, loops and branches', () => {
    // The number of steps of Collatz's sequence down to 1.
    const builder = single(['i32'], ['i32'], (code) => {
      const n = first(code)
      const steps = code.local('i32', 'steps')
      code.block(() =>
        code.loop(() => {
          code.get(n).i32(1).op('i32.eq').brIf(1)
          code
            .get(n)
            .i32(1)
            .op('i32.and')
            .if(
              () => code.get(n).i32(3).op('i32.mul').i32(1).op('i32.add').set(n),
              () => code.get(n).i32(1).op('i32.shr_u').set(n),
            )
          code.get(steps).i32(1).op('i32.add').set(steps).br(0)
        }),
      )
      code.get(steps)
    })
    expect(run(builder).call('main', 27)).toBe(111)
  })

  test('what follows a return is not checked for operands, and validates', () => {
    const builder = single([], ['i32'], (code) => code.i32(1).return().op('i32.add').op('i32.eqz'))
    expect(WebAssembly.validate(builder.bytes())).toBe(true)
  })

  test('unreachable traps', () => {
    expect(() => run(single([], ['f32'], (code) => code.unreachable())).call('main')).toThrow('unreachable')
  })

  test('select takes the first where the condition holds', () => {
    const builder = single(['i32'], ['f32'], (code) => code.f32(1).f32(2).get(first(code)).select())
    expect([1, 0].map((condition) => run(builder).call('main', condition))).toEqual([1, 2])
  })

  test('constants of every type', () => {
    const builder = single([], ['f64'], (code) => {
      const sum = (name: OpName) => code.op(name)
      code.v128d(0.1, 0.2).extractLane('f64x2.extract_lane', 1).f64(0.1)
      sum('f64.add')
      code.i64(-3).op('i64.eqz').op('f64.convert_i32_s')
      sum('f64.add')
    })
    expect(run(builder).call('main')).toBe(0.1 + 0.2)
  })
})
