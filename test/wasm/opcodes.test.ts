/** Every instruction in the tables validates and computes what its oracle says. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Code } from '../../src/wasm/assembler/code.ts'
import { moduleBuilder } from '../../src/wasm/assembler/module.ts'
import {
  atomics,
  extracts,
  laneLoads,
  laneStores,
  loads,
  type OpName,
  plain,
  relaxedNames,
  replaces,
  type StoreName,
  stores,
  type ValueType,
} from '../../src/wasm/assembler/opcodes.ts'
import { enableRelaxed, run, single } from './instance.ts'
import { oracles } from './lane-oracle.ts'

beforeAll(enableRelaxed)

const integers = [0, 1, -1, 5, -7, 31, 33, 127, 2 ** 31 - 1, -(2 ** 31), 0x12345678, -0x7edcba98]
const floats = [0, -0, 1, -1.5, 0.5, 2.5, -2.5, 3.5, 1e30, 1e-40, -3e9, 5e9, 0.1, Infinity, -Infinity, NaN]
/** For instructions whose answer is the host's choice elsewhere: small multiples of a quarter, so that products are exact. */
const tame = [0.25, 1, -1.5, 0.5, 2.5, -2.5, 3.5, 100, -7.75]
/** Masks of whole lanes. */
const masks = [0, -1]
const outcomes = 48
const resultAt = 64

const laneKind = (name: string): 'float' | 'double' | 'integer' =>
  /^f32|_f32/.test(name) ? 'float' : /^f64|_f64/.test(name) ? 'double' : 'integer'

/** The operand of an instruction: what kind of lanes it is read as. */
const fill = (view: DataView, name: string, type: ValueType, seed: number): void => {
  const relaxed = name.includes('relaxed')
  const source = relaxed ? tame : floats
  const whole = relaxed ? masks : integers
  const kind = type === 'v128' ? operandKind(name) : type.startsWith('i') ? 'integer' : type === 'f32' ? 'float' : 'double'
  const width = kind === 'double' || type === 'i64' ? 8 : 4
  for (let i = 0; i < 16 / width; i++) {
    const at = i * width
    const integer = whole[(seed * 7 + i * 5) % whole.length] as number
    const float = source[(seed * 5 + i * 3) % source.length] as number
    if (kind === 'float') view.setFloat32(at, float, true)
    else if (kind === 'double') view.setFloat64(at, float, true)
    else if (type === 'i64') view.setBigInt64(at, BigInt(integer) * 0x1_0000_0003n, true)
    else view.setInt32(at, integer, true)
  }
}

/** A conversion reads what its name ends in, anything else what it begins with. */
const operandKind = (name: string): 'float' | 'double' | 'integer' => {
  const source = /_(?:low_)?([if](?:32x4|64x2))/.exec(name)?.[1]
  return laneKind(source ?? name)
}

const storeOf: { readonly [T in ValueType]: StoreName } = {
  i32: 'i32.store',
  i64: 'i64.store',
  f32: 'f32.store',
  f64: 'f64.store',
  v128: 'v128.store',
}
const loadOf = { i32: 'i32.load', i64: 'i64.load', f32: 'f32.load', f64: 'f64.load', v128: 'v128.load' } as const

const program = (name: OpName) => {
  const { params, results } = plain[name]
  const [result] = results
  return single([], [], (code) => {
    code.i32(resultAt)
    params.forEach((type, i) => {
      code.i32(0).load(loadOf[type], 16 * i)
    })
    code.op(name).store(storeOf[result as ValueType])
  })
}

/** Traps, not results. */
const undefinedDivision = (name: string, operands: readonly DataView[]): boolean => {
  const [x, y] = operands.map((operand) => operand.getInt32(0, true))
  return /div|rem/.test(name) && name.startsWith('i32') && (y === 0 || (y === -1 && x === -(2 ** 31)))
}

const readLanes = (view: DataView, name: OpName): readonly (number | bigint)[] => {
  const [result] = plain[name].results
  const isFloat =
    result === 'f32' || result === 'f64' || (result === 'v128' && laneKind(name) !== 'integer' && !/\.(eq|ne|[lg][te])$/.test(name))
  if (!isFloat) return [view.getBigInt64(0, true), view.getBigInt64(8, true)]
  if (name.startsWith('f64')) return [view.getFloat64(0, true), view.getFloat64(8, true)]
  return [0, 4, 8, 12].map((at) => view.getFloat32(at, true))
}

const check = (name: OpName): void => {
  const running = run(program(name))
  const bytes = new Uint8Array(running.memory.buffer)
  for (let seed = 0; seed < outcomes; seed++) {
    const operands = plain[name].params.map((type, i) => {
      const view = new DataView(new ArrayBuffer(16))
      fill(view, name, type, seed * (i + 1) + i)
      bytes.set(new Uint8Array(view.buffer), 16 * i)
      return view
    })
    if (undefinedDivision(name, operands)) continue
    bytes.fill(0, resultAt, resultAt + 16)
    running.call('main')
    const actual = readLanes(new DataView(running.memory.buffer, resultAt, 16), name)
    expect(actual, `${name} on ${operands.map((view) => Array.from(new Uint8Array(view.buffer)))}`).toEqual(
      readLanes(oracles[name](...operands), name),
    )
  }
}

describe('instructions without immediates', () => {
  const names = Object.keys(plain) as OpName[]
  test.each(names.filter((name) => !relaxedNames.some((relaxed) => relaxed === name)))('%s', (name) => check(name))
  test.each(relaxedNames)('%s, where hosts agree', (name) => check(name))
  test('there are as many as the table says', () => expect(names.length).toBe(new Set(names.map((name) => plain[name].opcode)).size))
  test('integer division by zero traps', () => {
    const divide = run(single([], ['i32'], (code) => void code.i32(1).i32(0).op('i32.div_s')))
    expect(() => divide.call('main')).toThrow('divide by zero')
  })
})

describe('memory', () => {
  const pattern = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 129) & 0xff)

  /** The sixteen bytes at 64, after a program that ran on the pattern. */
  const resultOf = (body: (code: Code) => void): Uint8Array => {
    const running = run(single([], [], body))
    const bytes = new Uint8Array(running.memory.buffer)
    bytes.set(pattern)
    running.call('main')
    return bytes.slice(resultAt, resultAt + 16)
  }
  const padded = (values: Iterable<number>): Uint8Array =>
    Uint8Array.from(
      { length: 16 },
      (
        (list) => (_, i) =>
          list[i] ?? 0
      )([...values]),
    )

  /** What a load leaves in memory, from the pattern at 4. */
  const loaded: { readonly [N in keyof typeof loads]: Uint8Array } = {
    'i32.load': padded(pattern.slice(4, 8)),
    'i32.load8_s': padded(new Uint8Array(Int32Array.of(((pattern[4] as number) << 24) >> 24).buffer)),
    'i32.load8_u': padded([pattern[4] as number]),
    'i32.load16_s': padded(new Uint8Array(Int32Array.of(new DataView(pattern.buffer).getInt16(4, true)).buffer)),
    'i32.load16_u': padded(pattern.slice(4, 6)),
    'i64.load': padded(pattern.slice(4, 12)),
    'f32.load': padded(pattern.slice(4, 8)),
    'f64.load': padded(pattern.slice(4, 12)),
    'v128.load': padded(pattern.slice(4, 20)),
    'v128.load8x8_u': padded([...pattern.slice(4, 12)].flatMap((byte) => [byte, 0])),
    'v128.load16x4_u': padded([4, 6, 8, 10].flatMap((at) => [...pattern.slice(at, at + 2), 0, 0])),
    'v128.load32_splat': padded([0, 0, 0, 0].flatMap(() => [...pattern.slice(4, 8)])),
    'v128.load64_splat': padded([0, 0].flatMap(() => [...pattern.slice(4, 12)])),
    'v128.load32_zero': padded(pattern.slice(4, 8)),
    'v128.load64_zero': padded(pattern.slice(4, 12)),
  }
  test.each(Object.keys(loads) as (keyof typeof loads)[])('%s', (name) => {
    const store = storeOf[loads[name].results[0] as ValueType]
    expect(resultOf((code) => code.i32(resultAt).i32(1).load(name, 3).store(store))).toEqual(loaded[name])
  })

  test.each(Object.keys(stores) as StoreName[])('%s', (name) => {
    const type = stores[name].params[1] as ValueType
    const stored = resultOf((code) =>
      code
        .i32(resultAt - 5)
        .i32(0)
        .load(loadOf[type], 4)
        .store(name, 5),
    )
    expect(stored).toEqual(padded(pattern.slice(4, 4 + stores[name].width)))
  })

  test.each(Object.keys(laneLoads) as (keyof typeof laneLoads)[])('%s', (name) => {
    const { width } = laneLoads[name]
    for (let lane = 0; lane < 16 / width; lane++) {
      const expected = pattern.slice(16, 32)
      expected.set(pattern.slice(4, 4 + width), lane * width)
      expect(
        resultOf((code) => code.i32(resultAt).i32(0).i32(0).load('v128.load', 16).loadLane(name, lane, 4).store('v128.store')),
      ).toEqual(expected)
    }
  })

  test.each(Object.keys(laneStores) as (keyof typeof laneStores)[])('%s', (name) => {
    const { width } = laneStores[name]
    for (let lane = 0; lane < 16 / width; lane++)
      expect(
        resultOf((code) =>
          code
            .i32(resultAt - 8)
            .i32(0)
            .load('v128.load', 16)
            .storeLane(name, lane, 8),
        ),
      ).toEqual(padded(pattern.slice(16 + lane * width, 16 + (lane + 1) * width)))
  })

  test.each(Object.keys(extracts) as (keyof typeof extracts)[])('%s', (name) => {
    const { lanes, results } = extracts[name]
    const width = 16 / lanes
    for (let lane = 0; lane < lanes; lane++)
      expect(
        resultOf((code) =>
          code
            .i32(resultAt)
            .i32(0)
            .load('v128.load', 16)
            .extractLane(name, lane)
            .store(storeOf[results[0] as ValueType]),
        ),
      ).toEqual(padded(pattern.slice(16 + lane * width, 16 + (lane + 1) * width)))
  })

  test.each(Object.keys(replaces) as (keyof typeof replaces)[])('%s', (name) => {
    const { lanes, params } = replaces[name]
    for (let lane = 0; lane < lanes; lane++) {
      const expected = pattern.slice(16, 32)
      expected.set(pattern.slice(4, 4 + 16 / lanes), (lane * 16) / lanes)
      expect(
        resultOf((code) => {
          code
            .i32(resultAt)
            .i32(0)
            .load('v128.load', 16)
            .i32(0)
            .load(loadOf[params[1] as ValueType], 4)
          code.replaceLane(name, lane).store('v128.store')
        }),
      ).toEqual(expected)
    }
  })

  test('shuffle takes lanes of both vectors', () => {
    const lanes = [6, 0, 3, 4]
    const expected = padded(lanes.flatMap((lane) => [...pattern.slice(16 + 4 * lane, 20 + 4 * lane)]))
    expect(
      resultOf((code) => code.i32(resultAt).i32(16).load('v128.load').i32(32).load('v128.load').shuffle(lanes).store('v128.store')),
    ).toEqual(expected)
  })

  test('memory.fill and memory.copy', () => {
    expect(resultOf((code) => code.i32(resultAt).i32(7).i32(16).bulk('memory.fill'))).toEqual(padded(Array.from({ length: 16 }, () => 7)))
    expect(resultOf((code) => code.i32(resultAt).i32(8).i32(16).bulk('memory.copy'))).toEqual(pattern.slice(8, 24))
  })
})

describe('atomics', () => {
  type Row = readonly [given: readonly number[], returned: number, left: number]
  /** On a cell that holds 12. */
  const rows: { readonly [N in Exclude<keyof typeof atomics, `memory.${string}`>]: Row } = {
    'i32.atomic.load': [[], 12, 12],
    'i32.atomic.store': [[7], 0, 7],
    'i32.atomic.rmw.add': [[7], 12, 19],
    'i32.atomic.rmw.sub': [[7], 12, 5],
    'i32.atomic.rmw.and': [[10], 12, 8],
    'i32.atomic.rmw.or': [[3], 12, 15],
    'i32.atomic.rmw.xor': [[5], 12, 9],
    'i32.atomic.rmw.xchg': [[99], 12, 99],
    'i32.atomic.rmw.cmpxchg': [[12, 1], 12, 1],
  }
  test.each(Object.keys(rows) as (keyof typeof rows)[])('%s', (name) => {
    const [given, returned, left] = rows[name]
    const running = run(
      single([], ['i32'], (code) => {
        code.i32(4)
        for (const value of given) code.i32(value)
        code.atomic(name, 4)
        if (atomics[name].results.length === 0) code.i32(0)
      }),
    )
    const cells = new Int32Array(running.memory.buffer)
    cells[2] = 12
    expect(running.call('main')).toBe(returned)
    expect(cells[2]).toBe(left)
  })

  test('wait32 returns at once where the value differs, notify wakes nobody', () => {
    const builder = moduleBuilder({ pages: 1, shared: true })
    builder.func('wait', [], ['i32'], (code) => void code.bulk('atomic.fence').i32(8).i32(1).i64(-1).atomic('memory.atomic.wait32'), true)
    builder.func('notify', [], ['i32'], (code) => void code.i32(8).i32(1).atomic('memory.atomic.notify'), true)
    const running = run(builder)
    expect(running.call('wait')).toBe(1)
    expect(running.call('notify')).toBe(0)
  })
})
