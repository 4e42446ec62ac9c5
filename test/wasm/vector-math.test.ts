/** The vector math against f64, over floats of all exponents, with the bounds that its docstring states. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { erf, log, pow } from '../../src/graph/math.ts'
import { type UnaryOp, unaryOps } from '../../src/graph/op.ts'
import { fusedVectorMath, fusedVectorPow, integerVectorMath, vectorMath, vectorPow } from '../../src/wasm/math/vector-math.ts'
import { enableRelaxed, single } from './instance.ts'
import { bitsOf, checksum, everyFloat, floatsOf, overLanes, unitInLastPlace } from './lanes.ts'

beforeAll(enableRelaxed)

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** The table of the docstring: function -> bound. */
const bounds: ReadonlyMap<string, number> = new Map(
  [...readFileSync(path('../../src/wasm/math/vector-math.ts'), 'utf8').matchAll(/^ \* \| (\w+) \| ([\d.]+) \|/gm)].map(
    ([, name, ulp]) => [name as string, Number(ulp)] as const,
  ),
)
const bound = (name: string): number => bounds.get(name) ?? 0

const exact: { readonly [O in UnaryOp]: (x: number) => number } = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  reciprocal: (x) => 1 / x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  erf,
}
/** Results whose exact size is below this may be 0. */
const flushed: { readonly [O in UnaryOp | 'pow']?: number } = { exp: 2 ** -125.5, sigmoid: 2 ** -126, pow: 2 ** -125.5 }
/** Inputs beyond this are not held to the bound. */
const within: { readonly [O in UnaryOp]?: number } = { sin: 2 ** 23, cos: 2 ** 23 }

/** The error in units in the last place; 0 where an infinity, a NaN or a flushed result is right, Infinity where it is wrong. */
const errorOf = (actual: number, expected: number, flush: number): number => {
  const rounded = Math.fround(expected)
  if (Number.isNaN(expected) || !Number.isFinite(rounded) || !Number.isFinite(actual)) return Object.is(actual, rounded) ? 0 : Infinity
  if (actual === 0 && Math.abs(expected) < flush) return 0
  return Math.abs(actual - expected) / unitInLastPlace(expected)
}

interface Worst {
  readonly error: number
  readonly at: string
}
const worst = (count: number, error: (i: number) => number, describe: (i: number) => string): Worst => {
  let found = { error: 0, at: -1 }
  for (let i = 0; i < count; i++) {
    const here = error(i)
    if (here > found.error) found = { error: here, at: i }
  }
  return { error: found.error, at: found.at < 0 ? 'everywhere' : describe(found.at) }
}

const specials = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 10, -10, 100, -100, 1e-40, -1e-40, 2 ** -126, -(2 ** -126), 2 ** -149, 1e38, -1e38]
const edges = [
  NaN,
  Infinity,
  -Infinity,
  88.72283,
  88.72284,
  -86.98,
  -87,
  -87.33655,
  -103,
  -103.98,
  3.4028234663852886e38,
  Math.PI,
  -Math.PI,
  8388608,
]
/** 200,000 floats of all exponents, and special values. */
const sweep = Uint32Array.from([...everyFloat(21473), ...bitsOf([...specials, ...edges])])

const sweepErrors = (op: UnaryOp, results: Uint32Array): Worst => {
  const inputs = floatsOf(sweep)
  const actual = floatsOf(results)
  const limit = within[op] ?? Infinity
  const error = (i: number): number => {
    const x = inputs[i] as number
    return Math.abs(x) > limit && Number.isFinite(x) ? 0 : errorOf(actual[i] as number, exact[op](x), flushed[op] ?? 0)
  }
  return worst(inputs.length, error, (i) => `${inputs[i]} -> ${actual[i]}`)
}

/** Of the strict results over the sweep: they may never change from host to host. */
const checksums: { readonly [O in UnaryOp]: string } = {
  neg: 'a8757e65f862eb5d',
  abs: 'e4437ec82a153c02',
  sign: '5b77c97b78ecbd01',
  floor: '7a82058f895ea671',
  reciprocal: 'b311afe11d241f07',
  sqrt: '8ab4674d52d5c8a3',
  exp: '59c50aa75e1edc5c',
  log: '643a9fba1f7233d9',
  sin: '43538ab3caa646bf',
  cos: 'f0fdd38c5abf26b7',
  tanh: '44ea83721e8d554d',
  sigmoid: 'be4e40d7778c0153',
  erf: '2f44909058c076d6',
}

describe.each(unaryOps)('%s', (op) => {
  const strict = overLanes(1, vectorMath[op])(sweep)

  test('is within its bound', () => {
    const { error, at } = sweepErrors(op, strict)
    console.info(`${op}: ${error.toFixed(3)} ulp at ${at}, bound ${bound(op)}`)
    expect(error).toBeLessThanOrEqual(bound(op))
  })

  test('with relaxed multiply-adds too', () => {
    const relaxed = overLanes(1, fusedVectorMath[op])(sweep)
    expect(sweepErrors(op, relaxed).error).toBeLessThanOrEqual(bound(op))
  })

  test('has the same bits everywhere', () => expect(checksum(strict)).toBe(checksums[op]))

  test('does not look at its neighbours', () => {
    const moved = sweep.map((_, i) => sweep[(i * 7 + 3) % sweep.length] as number)
    const expected = sweep.map((_, i) => strict[(i * 7 + 3) % sweep.length] as number)
    expect(checksum(overLanes(1, vectorMath[op])(moved))).toBe(checksum(expected))
  })

  test('leaves the stack and the locals as they were', () => {
    const locals = (times: number): number => {
      const body = single([], ['v128'], (code) => {
        code.i32(7).v128f(1)
        for (let i = 0; i < times; i++) vectorMath[op](code)
        code.i32(0).op('i32x4.shl').set(code.local('v128')).drop().v128f(0)
      }).text()
      return body.match(/\(local /g)?.length ?? 0
    }
    expect(locals(3)).toBe(locals(1))
  })
})

describe('special values', () => {
  const value = (op: UnaryOp, x: number): number => floatsOf(overLanes(1, vectorMath[op])(bitsOf([x])))[0] as number
  test.each([
    ['exp', 0, 1],
    ['exp', -0, 1],
    ['exp', -Infinity, 0],
    ['exp', Infinity, Infinity],
    ['exp', 88.72284, Infinity],
    ['exp', -87, 0],
    ['log', 1, 0],
    ['log', 0, -Infinity],
    ['log', -0, -Infinity],
    ['log', -1e-45, NaN],
    ['log', -Infinity, NaN],
    ['log', Infinity, Infinity],
    ['sin', -0, -0],
    ['sin', Infinity, NaN],
    ['cos', -Infinity, NaN],
    ['cos', 0, 1],
    ['tanh', -0, -0],
    ['tanh', 1e-40, Math.fround(1e-40)],
    ['tanh', 9.1, 1],
    ['tanh', -Infinity, -1],
    ['sigmoid', 0, 0.5],
    ['sigmoid', 1000, 1],
    ['sigmoid', -1000, 0],
    ['erf', -0, -0],
    ['erf', 4, 1],
    ['erf', -Infinity, -1],
    ['reciprocal', -0, -Infinity],
    ['reciprocal', -Infinity, -0],
    ['sqrt', -0, -0],
    ['sqrt', -1, NaN],
    ['sign', -0, -0],
    ['sign', -1e-45, -1],
    ['sign', Infinity, 1],
    ['floor', -0.5, -1],
    ['abs', -0, 0],
    ['neg', 0, -0],
  ] as const)('%s(%s) = %s', (op, x, expected) => expect(value(op, x)).toBe(expected))

  test.each(unaryOps)('%s(NaN) = NaN, whatever its payload', (op) => {
    const payloads = Uint32Array.of(0x7fc00000, 0xffc00000, 0x7fc00001, 0xffffffff, 0x7f800001, 0x7fd55555, 0x7fc00100, 0xffaaaaaa)
    expect([...floatsOf(overLanes(1, vectorMath[op])(payloads))].every(Number.isNaN)).toBe(true)
  })

  test.each(['tanh', 'erf', 'sin', 'cos', 'sigmoid'] as const)('%s is never beyond 1', (op) => {
    const sizes = floatsOf(overLanes(1, vectorMath[op])(sweep)).filter((y) => Math.abs(y) > 1)
    expect(sizes).toHaveLength(0)
  })

  test.each(['sin', 'cos'] as const)('%s of large numbers is off by what the table says', (op) => {
    const large = everyFloat(21473).filter((bits) => (bits & 0x7fffffff) > 0x4b000000 && (bits & 0x7fffffff) < 0x59000000)
    const inputs = floatsOf(large)
    const actual = floatsOf(overLanes(1, vectorMath[op])(large))
    const excess = (i: number): number => {
      const x = inputs[i] as number
      return Math.abs((actual[i] as number) - exact[op](x)) / (2 ** -23 + 2 ** -52 * Math.abs(x))
    }
    expect(inputs.length).toBeGreaterThan(10_000)
    expect(worst(inputs.length, excess, (i) => `${inputs[i]}`).error).toBeLessThanOrEqual(1)
  })
})

describe('pow', () => {
  /** Pseudo-random words (Knuth's linear congruence), the same each run. */
  const words = (count: number, seed: number): Uint32Array => {
    let word = seed
    return Uint32Array.from({ length: count }, () => {
      word = (Math.imul(word, 1664525) + 1013904223) >>> 0
      return word
    })
  }
  const count = 60_000
  const anyBits = { x: words(count, 1), y: words(count, 2) }
  /** x of all exponents, y such that the result has all exponents. */
  const balanced = (() => {
    const x = words(count, 3).map((word) => word & 0x7fffffff)
    const rest = words(count, 4)
    const y = [...floatsOf(x)].map((base, i) => (((rest[i] as number) / 2 ** 32 - 0.5) * 260) / Math.abs(log(base) / Math.LN2 || 1))
    return { x, y: bitsOf(y) }
  })()
  /** x near 1 and either sign, y whole and large. */
  const nearOne = (() => {
    const x = [...words(count, 5)].map((word, i) => (i % 3 === 0 ? -1 : 1) * (1 + (word / 2 ** 32 - 0.5) * (i % 2 === 0 ? 1 : 1e-3)))
    const y = [...words(count, 6)].map((word, i) => Math.round((word / 2 ** 32 - 0.5) * (i % 5 === 0 ? 1e5 : 300)))
    return { x: bitsOf(x), y: bitsOf(y) }
  })()
  const cases = [0, -0, 1, -1, Infinity, -Infinity, NaN, 0.5, -0.5, 2, -2, 3, -3, 1e-40, -1e-40, 1e38, -1e38, 16777217, 8388609, 8388608.5]
  const corners = { x: bitsOf(cases.flatMap((x) => cases.map(() => x))), y: bitsOf(cases.flatMap(() => cases)) }

  const error = (emit: typeof vectorPow, { x, y }: { readonly x: Uint32Array; readonly y: Uint32Array }): Worst => {
    const [bases, exponents, actual] = [floatsOf(x), floatsOf(y), floatsOf(overLanes(2, emit)(x, y))]
    const at = (i: number): number => errorOf(actual[i] as number, pow(bases[i] as number, exponents[i] as number), flushed.pow ?? 0)
    return worst(actual.length, at, (i) => `${bases[i]} ^ ${exponents[i]} -> ${actual[i]}`)
  }

  test.each([
    ['any bits', anyBits],
    ['results of all sizes', balanced],
    ['near 1', nearOne],
    ['corners', corners],
  ])('%s', (name, sample) => {
    const found = error(vectorPow, sample)
    console.info(`pow, ${name}: ${found.error.toFixed(3)} ulp at ${found.at}, bound ${bound('pow')}`)
    expect(found.error).toBeLessThanOrEqual(bound('pow'))
    expect(error(fusedVectorPow, sample).error).toBeLessThanOrEqual(bound('pow'))
  })

  test('the sign of zero', () => {
    const value = (x: number, y: number): number => floatsOf(overLanes(2, vectorPow)(bitsOf([x]), bitsOf([y])))[0] as number
    expect([value(-0, 3), value(-0, 2), value(-0, -1), value(-0.5, 1001), value(-0.5, 1000)]).toEqual([-0, 0, -Infinity, -0, 0])
  })

  test('the same bits everywhere', () => {
    expect([anyBits, balanced, nearOne].map(({ x, y }) => checksum(overLanes(2, vectorPow)(x, y)))).toEqual([
      '754c0b1f1dc8951d',
      'e6147c91d83c09ec',
      '2cc963db42b95f75',
    ])
  })
})

/** Vector instructions, constants and locals not counted; the slow paths of log, pow included. */
const budget: { readonly [O in UnaryOp | 'pow']: number } = {
  neg: 1,
  abs: 1,
  sign: 5,
  floor: 1,
  reciprocal: 1,
  sqrt: 1,
  exp: 25,
  log: 39,
  sin: 47,
  cos: 47,
  tanh: 26,
  sigmoid: 28,
  erf: 41,
  pow: 117,
}
test.each(Object.keys(budget) as (keyof typeof budget)[])('%s takes no more instructions than it did', (name) => {
  const text = single([], ['v128'], (code) => {
    code.v128f(1)
    if (name === 'pow') vectorPow(code.v128f(1))
    else vectorMath[name](code)
  }).text()
  const count = text.match(/^ +([fi]\d+x\d+|v128)\.(?!const)/gm)?.length
  expect(count).toBe(budget[name])
})

test('integers', () => {
  const values = Int32Array.of(0, 1, -1, 7, -7, 2 ** 31 - 1, -(2 ** 31), 12345)
  const apply = (op: keyof typeof integerVectorMath): readonly number[] => [
    ...new Int32Array(overLanes(1, integerVectorMath[op])(new Uint32Array(values.buffer)).buffer),
  ]
  expect(apply('neg')).toEqual([0, -1, 1, -7, 7, -(2 ** 31 - 1), -(2 ** 31), -12345])
  expect(apply('abs')).toEqual([0, 1, 1, 7, 7, 2 ** 31 - 1, -(2 ** 31), 12345])
  expect(apply('sign')).toEqual([0, 1, -1, 1, -1, 1, -1, 1])
})

test('the coefficients are what the script writes', () => {
  const run = () => execFileSync(process.execPath, ['--import', 'tsx', path('../../scripts/generate-polynomials.ts'), '--check'])
  expect(run).not.toThrow()
})
