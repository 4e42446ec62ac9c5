/** The mutation check: mutants of a small rule, judged by small cases, in a project of their own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { changeOf, complaintsOf, remarksOf, rowsOf, type Tried, tryMutants } from '../../scripts/mutate.ts'
import { readCases } from '../../scripts/typescript/cases.ts'
import { readMutants } from '../../scripts/typescript/mutants.ts'

const rule = `import type { Add } from './arithmetic.ts'
const different = 'join: {a} and {b}'
type Say<S extends string, W> = [S, W] extends [typeof different, { a: infer A extends string; b: infer B extends string }]
  ? \`join: \${A} and \${B}\`
  : never
export type JoinShape<A extends string, B extends string> = A extends B ? [A, 2] : Say<typeof different, { a: A; b: B }>
export type Sum = Add<1, 2>
interface LayerFn { kind: string; out: unknown }
export interface Join extends LayerFn {
  kind: 'join'
  out: JoinShape<'a', 'b'>
}
`
const cases = `import type { JoinShape, Sum } from '../../types/join.ts'
declare const take: <T>(x: T) => void
take<JoinShape<'x', 'x'>>(['x', 2])
take<Sum>(3)
// join: x and y @ 1
take<JoinShape<'x', 'y'>>(1)
`
const root = mkdtempSync(join(tmpdir(), 'mutants-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
mkdirSync(join(root, 'types'))
mkdirSync(join(root, 'test/cases'), { recursive: true })
writeFileSync(join(root, 'types/join.ts'), rule)
writeFileSync(join(root, 'types/arithmetic.ts'), 'export type Add<A, B> = [A, B] extends [1, 2] ? 3 : 0\nexport type Sub<A, B> = [A, B]\n')
writeFileSync(join(root, 'test/cases/some.ts'), cases)
const options = {
  strict: true,
  noEmit: true,
  types: [],
  lib: ['ES2022'],
  module: 'NodeNext',
  target: 'ES2022',
  allowImportingTsExtensions: true,
}
writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['test/cases/some.ts'] }))

const start = { root, tsconfig: 'tsconfig.json', cases: readCases(root, ['test/cases/*.ts']) }
const mutants = readMutants(root, ['types/join.ts']).flatMap((file) => file.mutants)
const changes = mutants.map((mutant) => `${mutant.rule} ${changeOf(mutant)}`)

describe('readMutants', () => {
  it('breaks conditions, sentences, their words, results, arithmetic and members', () => {
    for (const change of [
      "different sentence: 'join: {a} and {b}' -> 'join: {a} and {b}!'",
      'JoinShape always holds: A extends B ? [A, 2] : Say<typeof different, { a: A; b: B }> -> ([A, 2])',
      'JoinShape never holds: A extends B ? [A, 2] : Say<typeof different, { a: A; b: B }> -> (Say<typeof different, { a: A; b: B }>)',
      'JoinShape element: [A, 2] -> [2]',
      'JoinShape element: [A, 2] -> [A]',
      'JoinShape literal: 2 -> 3',
      'JoinShape word: A -> 0',
      'JoinShape word: B -> 0',
      "Sum arithmetic: Add<1, 2> -> import('./arithmetic.ts').Sub<1, 2>",
      "Join literal: 'join' -> 'join?'",
      "Join member: JoinShape<'a', 'b'> -> 0",
    ])
      expect(changes).toContain(change)
  })
  it('changes one place of the file, and nothing in a pattern', () => {
    const drop = mutants.find((mutant) => changeOf(mutant) === 'element: [A, 2] -> [2]')
    expect(drop).toMatchObject({ path: 'types/join.ts', rule: 'JoinShape', line: 6 })
    expect(drop?.text).toBe(rule.replace('[A, 2]', '[2]'))
    expect(changes.filter((change) => change.includes('[S, W]') && change.includes('element'))).toEqual([])
  })
})

describe('tryMutants', () => {
  it('tells mutants that a case notices from those that none does', async () => {
    const tried = await tryMutants(start, mutants, 1)
    expect(tried.map(({ mutant }) => mutant)).toEqual(mutants)
    const rows = rowsOf(tried, [])
    expect(rows.find(({ rule: name }) => name.endsWith('JoinShape'))).toMatchObject({ mutants: 7, killed: 7, survivors: [] })
    const join = rows.find(({ rule: name }) => name.endsWith(' Join'))
    expect(join).toMatchObject({ killed: 0, equivalent: 0 })
    expect(complaintsOf(rows, [])).toContain(`${mutants[0]?.path} Join: no mutant is killed`)
    expect(remarksOf(rows, tried, []).filter((line) => line.includes(' Join'))).toHaveLength(join?.mutants ?? 0)
  }, 60_000)

  it('takes a compiler that finds no end for one that noticed', async () => {
    const [first] = mutants
    if (first === undefined) throw new Error('no mutant')
    const endless = {
      ...first,
      text: 'export type JoinShape<A, B, N extends 0[] = []> = A extends string ? JoinShape<A, B, [...N, 0]> : N\nexport type Sum = 3\n',
    }
    const [tried] = await tryMutants(start, [endless], 1)
    expect(tried?.verdict.fate).toBe('killed')
  }, 60_000)

  it('wants cases that pass before anything is broken', async () => {
    const wrong = start.cases.map((file) => ({ ...file, mistakes: [] }))
    await expect(tryMutants({ ...start, cases: wrong }, mutants, 1)).rejects.toThrow(/^the cases fail before a rule is broken: .*some.ts:6/)
  }, 60_000)
})

describe('complaintsOf and remarksOf', () => {
  const [one, two] = mutants
  const rule1 = `${one?.path} ${one?.rule}`
  const of = (fate: 'killed' | 'survived' | 'invalid'): Tried[] => (one === undefined ? [] : [{ mutant: one, verdict: { fate, by: '' } }])
  it('is silent on what is killed, and on a survivor that is reviewed', () => {
    expect(complaintsOf(rowsOf(of('killed'), []), [])).toEqual([])
    expect(remarksOf(rowsOf(of('killed'), []), of('killed'), [])).toEqual([])
    const reviewed = [{ rule: rule1, change: 'sentence: ', reason: 'of the test' }]
    expect(rowsOf(of('survived'), reviewed)[0]).toMatchObject({ mutants: 1, killed: 0, equivalent: 1, survivors: [] })
    expect(remarksOf(rowsOf(of('survived'), reviewed), of('survived'), reviewed)).toEqual([])
    expect(complaintsOf(rowsOf(of('survived'), reviewed), reviewed)).toEqual([`${rule1}: no mutant is killed`])
  })
  it('names a review whose mutant does not survive', () => {
    const reviewed = [{ rule: rule1, change: 'sentence: ', reason: 'of the test' }]
    expect(remarksOf(rowsOf(of('killed'), reviewed), of('killed'), reviewed)).toEqual([
      `${rule1}: reviewed as equivalent, but no such mutant survives: sentence: `,
    ])
  })
  it('counts no mutant that is not a rule any more', () => {
    expect(rowsOf(of('invalid'), [])[0]).toMatchObject({ mutants: 0, killed: 0 })
    expect(two).toBeDefined()
  })
})
