/** Arithmetic on literals, against JavaScript's own. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ask } from '../../scripts/typescript/ask.ts'

const preamble = "import type { Add, Compare, Div, Mod, Mul, Sub } from '../types/arithmetic.ts'"
const typeOf = (code: string) => `null! as ${code}`

/** As many digits as not, so that carries of every length are met. */
const number = (digits: number) => fc.integer({ min: 0, max: digits }).chain((n) => fc.integer({ min: 0, max: 10 ** n - 1 }))
const pairs = (a: fc.Arbitrary<number>, b: fc.Arbitrary<number>) => fc.sample(fc.tuple(a, b), { numRuns: 200, seed: 1 })

const operations = [
  ['Add', pairs(number(12), number(12)), (a: number, b: number) => `${a + b}`],
  ['Sub', pairs(number(12), number(9)), (a: number, b: number) => (a < b ? 'never' : `${a - b}`)],
  ['Mul', pairs(number(8), number(7)), (a: number, b: number) => `${a * b}`],
  ['Div', pairs(number(12), number(4)), (a: number, b: number) => (b === 0 ? 'never' : `${Math.floor(a / b)}`)],
  ['Mod', pairs(number(12), number(4)), (a: number, b: number) => (b === 0 ? 'never' : `${a % b}`)],
  ['Compare', pairs(number(6), number(6)), (a: number, b: number) => (a < b ? '"<"' : a > b ? '">"' : '"="')],
] as const

describe('arithmetic of the compiler', () => {
  const edges = [
    ['Mul<94906265, 94906265>', '9007199136250225'],
    ['Add<9007199254740990, 1>', '9007199254740991'],
    ['Mul<224, Mul<224, 3>>', '150528'],
    ['Sub<1000000, 1>', '999999'],
    ['Div<1000000000, 3>', '333333333'],
    ['Mod<1000000007, 9973>', `${1000000007 % 9973}`],
  ] as const
  const asked = operations.flatMap(([op, cases, value]) => cases.map(([a, b]) => [`${op}<${a}, ${b}>`, value(a, b)] as const))
  const all = [...edges, ...asked]
  const answers = ask(
    preamble,
    all.map(([code]) => typeOf(code)),
  )

  it.each(['edges', ...operations.map(([op]) => op)])('%s', (op) => {
    const cases = all.map(([code, expected], i) => ({ code, expected, got: answers[i] }))
    const mine = op === 'edges' ? cases.slice(0, edges.length) : cases.slice(edges.length).filter(({ code }) => code.startsWith(op))
    expect(mine.length).toBe(op === 'edges' ? edges.length : 200)
    expect(mine.filter(({ expected, got }) => got?.type !== expected || got.errors.length > 0)).toEqual([])
  })

  it('is what its generator writes', () =>
    expect(() => execFileSync('npx', ['tsx', 'scripts/generate-arithmetic.ts', '--check'], { stdio: 'pipe' })).not.toThrow())
})
