/** Modules: memory, exports, names, and the text of both. */
import { describe, expect, test } from 'vitest'
import type { Local } from '../../src/wasm/assembler/locals.ts'
import { type ModuleOptions, moduleBuilder } from '../../src/wasm/assembler/module.ts'
import { run } from './instance.ts'

/** Doubles the vectors of an array, and the sum of their first lanes. */
const example = (options: ModuleOptions) => {
  const builder = moduleBuilder(options)
  const twice = builder.func('twice', ['v128'], ['v128'], (code) => {
    const [x] = code.params as readonly [Local]
    code.get(x).v128f(2).op('f32x4.mul')
  })
  const main = (exported: boolean) => {
    builder.func(
      'main',
      ['i32'],
      ['f32'],
      (code) => {
        const [base] = code.params as readonly [Local]
        const offset = code.local('i32', 'offset')
        const address = code.local('i32', 'address')
        const sum = code.local('f32', 'sum')
        code.for(offset, 0, 32, 16, () => {
          const x = code.local('v128', 'x')
          code
            .get(base)
            .get(offset)
            .op('i32.add')
            .tee(address)
            .get(address)
            .load('v128.load', 16)
            .call(twice)
            .tee(x)
            .store('v128.store', 16)
          code.get(sum).get(x).extractLane('f32x4.extract_lane', 0).op('f32.add').set(sum)
          code.release(x)
        })
        code
          .get(base)
          .op('i32.eqz')
          .if(
            () => code.f32(-0).return(),
            () => code.i32(8).v128i(1, 2, 3, 4).storeLane('v128.store32_lane', 2),
          )
        code.get(sum).f32(0.1).op('f32.add')
      },
      exported,
    )
  }
  main(true)
  return builder
}

const golden = `(module
  (memory (export "memory") 1 1)
  (func $twice (param $0 v128) (result v128)
    local.get $0
    v128.const f32x4 2 2 2 2
    f32x4.mul
  )
  (func $main (export "main") (param $0 i32) (result f32)
    (local $1:offset i32)
    (local $2:address i32)
    (local $3:sum f32)
    (local $4:x v128)
    i32.const 0
    local.set $1:offset
    loop
      local.get $0
      local.get $1:offset
      i32.add
      local.tee $2:address
      local.get $2:address
      v128.load offset=16 align=4
      call $twice
      local.tee $4:x
      v128.store offset=16 align=4
      local.get $3:sum
      local.get $4:x
      f32x4.extract_lane 0
      f32.add
      local.set $3:sum
      local.get $1:offset
      i32.const 16
      i32.add
      local.tee $1:offset
      i32.const 32
      i32.lt_s
      br_if 0
    end
    local.get $0
    i32.eqz
    if
      f32.const -0
      return
    else
      i32.const 8
      v128.const i32x4 1 2 3 4
      v128.store32_lane 2
    end
    local.get $3:sum
    f32.const 0.1
    f32.add
  )
)`

describe('a module', () => {
  test('prints as text', () => expect(example({ pages: 1 }).text()).toBe(golden))

  test('runs', () => {
    const { call, memory } = run(example({ pages: 1 }))
    const floats = new Float32Array(memory.buffer)
    floats.set([1, 2, 3, 4, 5, 6, 7, 8], 8)
    expect(call('main', 16)).toBeCloseTo(12.1, 6)
    expect(Array.from(floats.subarray(8, 16))).toEqual([2, 4, 6, 8, 10, 12, 14, 16])
    expect(new Int32Array(memory.buffer)[2]).toBe(3)
    expect(call('main', 0)).toBe(-0)
  })

  test('is the same bytes each time', () => expect(example({ pages: 1 }).bytes()).toEqual(example({ pages: 1 }).bytes()))

  test('has a memory that can not grow', () => {
    const { memory } = run(example({ pages: 3 }))
    expect(memory.buffer.byteLength).toBe(3 * 65536)
    expect(() => memory.grow(1)).toThrow()
  })

  test('imports its memory, shared or not', () => {
    for (const shared of [false, true]) {
      const builder = example({ pages: 2, shared, importMemory: true })
      const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared })
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(builder.bytes()), { env: { memory } })
      new Float32Array(memory.buffer).fill(1, 8, 16)
      expect((exports.main as (base: number) => number)(16)).toBeCloseTo(4.1, 6)
      expect(Object.keys(exports)).toEqual(['main'])
      expect(builder.text()).toContain(`(import "env" "memory" (memory 2 2${shared ? ' shared' : ''}))`)
    }
  })

  test('exports a shared memory of its own', () => {
    const { memory } = run(example({ pages: 1, shared: true }))
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  test('carries names when asked', () => {
    const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)
    const named = example({ pages: 1, names: true }).bytes()
    expect(WebAssembly.validate(named)).toBe(true)
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(named), 'name')).toHaveLength(1)
    expect(text(named)).toContain('twice')
    expect(text(example({ pages: 1 }).bytes())).not.toContain('twice')
  })

  test('writes each signature once', () => {
    const builder = moduleBuilder({ pages: 1 })
    const lengths = ['a', 'b', 'c'].map((name) => {
      builder.func(name, ['i32', 'v128'], [], () => undefined)
      return builder.bytes().length
    })
    const [one = 0, two = 0, three = 0] = lengths
    expect(two - one).toBe(three - two)
    expect(two - one).toBeLessThan(6)
  })

  test('lets a function emit the helper it calls', () => {
    const builder = moduleBuilder({ pages: 1 })
    const outer = builder.func(
      'outer',
      [],
      ['i32'],
      (code) => {
        const inner = builder.func('inner', [], ['i32'], (helper) => helper.i32(42))
        code.call(inner)
      },
      true,
    )
    expect(outer.index).toBe(0)
    expect(run(builder).call('outer')).toBe(42)
  })

  test('prints constants that read back as they are', () => {
    const builder = moduleBuilder({ pages: 1 })
    builder.func('constants', [], [], (code) => {
      code
        .f32(1e-40)
        .drop()
        .f32(1 / 3)
        .drop()
        .f32(Infinity)
        .drop()
        .f32(NaN)
        .drop()
        .f64(-0.1)
        .drop()
        .i64(-1)
        .drop()
      code.v128f(-0, 1e10, 0.7, -Infinity).drop().v128i(-1).drop().v128i(0x3f800000).drop()
    })
    expect(builder.text().match(/const .*/g)).toEqual([
      'const 1e-40',
      'const 0.33333334',
      'const inf',
      'const nan',
      'const -0.1',
      'const -1',
      'const f32x4 -0 10000000000 0.7 -inf',
      'const i32x4 -1 -1 -1 -1',
      'const f32x4 1 1 1 1',
    ])
  })
})
