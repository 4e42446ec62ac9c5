/** Law 3: type twin and value twin agree, on random applications of everything public that has shapes. */
import fc from 'fast-check'
import * as shapewright from 'shapewright'
import * as ops from 'shapewright/ops'
import { afterAll, describe, expect, it } from 'vitest'
import { type Compiler, openCompiler } from '../../scripts/typescript/ask.ts'
import { nested } from '../generators/applications/nested.ts'
import { applications, takesAll, withoutRank, withoutShapes } from '../generators/applications/table.ts'
import { runs } from '../generators/runs.ts'
import { codeOf, disagreement, draw, type Expected, preamble, ranksIn, run } from './law.ts'

const { numRuns, seed } = runs(3000)
const table = Object.entries(applications)
const drawn = new Map(table.map(([op, entry]) => [op, draw(op, entry, Math.ceil(numRuns / table.length), seed)]))
const publicNames = [...Object.keys(shapewright), ...Object.keys(ops).map((name) => `ops.${name}`)]
const compilers: Compiler[] = []
const open = (...[version]: readonly Compiler['version'][]): Compiler => {
  const compiler = openCompiler(preamble, 'Told', version)
  compilers.push(compiler)
  return compiler
}
afterAll(() => {
  for (const compiler of compilers) compiler.close()
})
/** What the compiler should have said of these and did not, the shortest first. */
const disagreements = (compiler: Compiler, all: readonly Expected[]): readonly string[] => {
  const answers = compiler.ask(all.map(({ code }) => code))
  const found = all.map((each, i) => disagreement(each, answers[i] ?? { type: '', errors: [] })).filter((each) => each !== null)
  return found.sort((a, b) => a.length - b.length)
}
const isRight = ({ ran }: Expected): boolean => 'told' in ran

describe(`types and values agree (seed ${seed})`, () => {
  const all = [...drawn.values()].flat()

  it(`in ${all.length} applications: what is accepted, what it gives, what is refused, and the sentence`, () => {
    const compiler = open()
    const found: string[] = []
    for (let at = 0; at < all.length; at += 1000) found.push(...disagreements(compiler, all.slice(at, at + 1000)))
    expect(found.slice(0, 10)).toEqual([])
  })

  it('in TypeScript 6 as well', () => {
    const some = [...drawn.values()].flatMap((each) => each.slice(0, 1))
    expect(disagreements(open('6.0'), some)).toEqual([])
  })

  it.each(table)('and %s is asked of what is right and of what is wrong, at ranks 1, 2 and 4', (op, entry) => {
    const mine = drawn.get(op) ?? []
    const right = mine.filter(isRight).length / mine.length
    expect(right).toBeGreaterThanOrEqual(0.35)
    if (!(op in takesAll)) expect(right).toBeLessThanOrEqual(0.75)
    if (op in withoutRank) return
    const ranks = new Set(fc.sample(entry, { numRuns: 1000, seed }).flatMap((each) => ranksIn(codeOf(each))))
    expect([1, 2, 4].filter((rank) => !ranks.has(rank))).toEqual([])
  })
})

describe('the table', () => {
  it('has every public value, or the reason why it has no shapes', () => {
    const named = [...Object.keys(applications), ...Object.keys(withoutShapes)]
    expect(publicNames.filter((name) => !named.includes(name))).toEqual([])
    expect(Object.keys(withoutShapes).filter((name) => name in applications || !publicNames.includes(name))).toEqual([])
  })
})

describe('the check', () => {
  const code = 'add(zeros([2, 3]), zeros([3]))'
  const wrong = 'add(zeros([2, 3]), zeros([4]))'
  const sentence = 'add: shapes [2, 3] and [4] do not broadcast'

  it('runs what has types in it', () => {
    const casts = '((x: Tensor<[2]>) => add(x, 1))(zeros([2 as number]) as never)'
    expect(run([code, wrong, casts])).toEqual([{ told: 'Tensor<[2, 3], "f32">' }, { sentence }, { told: 'Tensor<[2], "f32">' }])
  })

  it.each(['zeros([2, 3])', "zeros([], 'i32')", "ones(['n', dim('h3', 3)], 'bool')"])(
    'writes %s as calls that give the same',
    (operand) => {
      const codes = [...new Set(fc.sample(nested(`[${operand}]`), { numRuns: 200, seed }))]
      expect(codes.length).toBeGreaterThan(10)
      expect(new Set(run(codes).map((each) => JSON.stringify(each)))).toEqual(
        new Set(run([`[${operand}]`]).map((each) => JSON.stringify(each))),
      )
    },
  )

  it.each(['7.0', '6.0'] as const)('finds what differs, in TypeScript %s', (version) => {
    const op = 'add'
    const lies: readonly Expected[] = [
      { op, code, ran: { told: 'Tensor<[3, 2], "f32">' } },
      { op, code, ran: { told: 'Tensor<[2, 3], "i32">' } },
      { op, code, ran: { sentence } },
      { op, code: wrong, ran: { told: 'Tensor<[2, 3], "f32">' } },
      { op, code: wrong, ran: { sentence: 'add: shapes [2, 3] and [5] do not broadcast' } },
      { op, code: wrong, ran: { sentence: 'shapes [2, 3] and [4] do not broadcast' } },
      { op, code: 'zeros([-1])', ran: { sentence: 'zeros: a size must be a whole number, got -2' } },
      { op, code: 'pipe(input([3]), dense(4))', ran: { told: '{ input: Tensor<[3], "f32">; output: Tensor<[4], "f32"> }' } },
      { op, code: 'zeros([2 as any])', ran: { told: 'Tensor<[2], "f32">' } },
    ]
    const truths: readonly Expected[] = [
      { op, code, ran: { told: 'Tensor<[2, 3], "f32">' } },
      { op, code: wrong, ran: { sentence } },
    ]
    const compiler = open(version)
    expect(disagreements(compiler, lies)).toHaveLength(lies.length)
    expect(disagreements(compiler, truths)).toEqual([])
  })

  it('says when what stands above does not compile', () =>
    expect(() => openCompiler("import { nothing } from 'shapewright'").ask(['1'])).toThrow('the preamble does not compile'))
})
