/** Arithmetic on literals, against whole numbers of any length: right below 2^53, refused from there on. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ask } from '../../scripts/typescript/ask.ts'

const preamble = "import type { Add, Compare, Div, Increment, Mod, Mul, Sub } from '../types/arithmetic.ts'"
const typeOf = (code: string) => `null! as ${code}`

const ceiling = 2n ** 53n
const exact = (n: bigint) => (n >= 0n && n < ceiling ? `${n}` : 'never')
const operations = {
  Add: (a, b) => exact(a + b),
  Sub: (a, b) => exact(a - b),
  Mul: (a, b) => exact(a * b),
  Div: (a, b) => (b === 0n ? 'never' : exact(a / b)),
  Mod: (a, b) => (b === 0n ? 'never' : exact(a % b)),
  Compare: (a, b) => (a < b ? '"<"' : a > b ? '">"' : '"="'),
} satisfies Readonly<Record<string, (a: bigint, b: bigint) => string>>

/** As many digits as not, so that carries of every length are met; powers of ten, of two, and their neighbours. */
const digits = fc
  .integer({ min: 0, max: 16 })
  .chain((n) => fc.bigInt({ min: 0n, max: 10n ** BigInt(n) - 1n < ceiling ? 10n ** BigInt(n) - 1n : ceiling - 1n }))
const powers = fc
  .tuple(fc.constantFrom<readonly [bigint, number]>([10n, 15], [2n, 53]), fc.nat(), fc.constantFrom(-1n, 0n, 1n))
  .map(([[base, most], n, near]) => base ** BigInt(n % (most + 1)) + near)
  .filter((n) => n < ceiling)
const number = fc.oneof({ weight: 3, arbitrary: digits }, { weight: 1, arbitrary: powers })
/** Two of any size; two whose product, sum or quotient is close to the ceiling. */
const pair = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(number, number) },
  { weight: 1, arbitrary: number.filter((a) => a > 1n).map((a) => [a, ceiling / a] as const) },
  { weight: 1, arbitrary: number.filter((a) => a > 0n).map((a) => [a, ceiling - a] as const) },
)
const runs = 300 * Number(process.env.LAW_RUNS ?? 1)
const seed = Number(process.env.LAW_SEED ?? 1)

const edges = [0n, 1n, 2n, 9n, 10n, 16n, 17n, 100n, 999_999n, 94_906_265n, 94_906_266n, 10n ** 15n, ceiling - 2n, ceiling - 1n]
const counts = [...Array.from({ length: 140 }, (_, n) => BigInt(n)), ...edges]
const strange = ['-1', '2.5', '1e21', '1e-7', '1e999', 'number', 'any']
  .flatMap((n) => Object.keys(operations).flatMap((op) => [`${op}<${n}, 3>`, `${op}<3, ${n}>`, `${op}<0, ${n}>`, `${op}<${n}, 1>`]))
  .concat(['-1', '2.5', '1e21', 'number'].map((n) => `Increment<${n}>`))

describe('arithmetic of the compiler', () => {
  const asked = Object.entries(operations).map(([op, value]) => {
    const pairs = [...edges.flatMap((a) => edges.map((b) => [a, b] as const)), ...fc.sample(pair, { numRuns: runs, seed })]
    return [op, pairs.map(([a, b]) => [`${op}<${a}, ${b}>`, value(a, b)] as const)] as const
  })
  const increments = counts.map((n) => [`Increment<${n}>`, exact(n + 1n)] as const)
  const all = [...asked.flatMap(([, pairs]) => pairs), ...increments, ...strange.map((code) => [code, 'never'] as const)]
  const answers = ask(
    preamble,
    all.map(([code]) => typeOf(code)),
  )
  const wrong = all
    .map(([code, expected], i) => ({ code, expected, got: answers[i] }))
    .filter(({ expected, got }) => got?.type !== expected || got.errors.length > 0)

  it.each(asked)('%s', (op, pairs) => {
    expect(pairs.length).toBe(edges.length ** 2 + runs)
    expect(wrong.filter(({ code }) => code.startsWith(op))).toEqual([])
  })

  it('Increment', () => expect(wrong.filter(({ code }) => increments.some(([asked]) => asked === code))).toEqual([]))

  it('meets the ceiling from both sides', () => {
    const share = all.filter(([code, expected]) => /^(Add|Mul)/.test(code) && expected === 'never').length / (2 * runs)
    expect(share).toBeGreaterThan(0.2)
    expect(all.some(([, expected]) => expected === `${ceiling - 1n}`)).toBe(true)
  })

  it('makes nothing of what is no whole number', () => expect(wrong.filter(({ code }) => strange.includes(code))).toEqual([]))

  it('is what its generator writes', () =>
    expect(() => execFileSync('npx', ['tsx', 'scripts/generate-arithmetic.ts', '--check'], { stdio: 'pipe' })).not.toThrow())
})
