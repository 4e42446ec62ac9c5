/** The harness of the compile-time cases, on cases that are right and on each way of being wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { judge } from '../../scripts/type-cases.ts'
import { readCases } from '../../scripts/typescript/cases.ts'
import { diagnose, versions } from '../../scripts/typescript/compilers.ts'
import { type Diagnostic, parseDiagnostics } from '../../scripts/typescript/diagnostic.ts'

const program = `type Scalar = { readonly shape: readonly [] }
declare const take: (size: number, x: 'take: expected a scalar, got [2]') => void
declare const vector: Scalar
take(1, 'take: expected a scalar, got [2]')
// take: expected a scalar, got [2] @ vector
take(
  2,
  vector,
)
// ~ Property 'rank' does not exist @ rank
export const rank = vector.rank
`
const root = mkdtempSync(join(tmpdir(), 'type-cases-'))
writeFileSync(join(root, 'cases.ts'), program)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const cases = readCases(root, ['*.ts'])
const wrongArgument: Diagnostic = {
  path: 'cases.ts',
  line: 8,
  column: 3,
  code: 2345,
  length: 6,
  lines: ["Argument of type 'Scalar' is not assignable to parameter of type '\"take: expected a scalar, got [2]\"'."],
}
const unknownProperty: Diagnostic = {
  path: 'cases.ts',
  line: 11,
  column: 28,
  code: 2339,
  length: 4,
  lines: ["Property 'rank' does not exist on type 'Scalar'."],
}
const expected = [wrongArgument, unknownProperty]

describe('readCases', () => {
  it('finds the mistakes with the lines that they span, and counts what must be accepted', () => {
    expect(cases).toHaveLength(1)
    expect(cases[0]?.accepted).toBe(1)
    expect(cases[0]?.mistakes).toEqual([
      {
        path: 'cases.ts',
        code: 'take(\n  2,\n  vector,\n)',
        sentence: 'take: expected a scalar, got [2]',
        squiggle: 'vector',
        loose: false,
        firstLine: 6,
        lastLine: 9,
      },
      {
        path: 'cases.ts',
        code: 'export const rank = vector.rank',
        sentence: "Property 'rank' does not exist",
        squiggle: 'rank',
        loose: true,
        firstLine: 11,
        lastLine: 11,
      },
    ])
  })
})

describe('judge', () => {
  it('is content with the expected errors', () => expect(judge(cases, expected)).toEqual([]))

  it('misses an error that is not there', () =>
    expect(judge(cases, [unknownProperty])).toEqual(['cases.ts:6: accepted, expected: take: expected a scalar, got [2]']))

  it('shows another sentence', () => {
    const other = { ...wrongArgument, lines: ["Argument of type 'Scalar' is not assignable to parameter of type 'never'."] }
    expect(judge(cases, [other, unknownProperty])).toEqual([
      "cases.ts:6: expected: take: expected a scalar, got [2], got: Argument of type 'Scalar' is not assignable to parameter of type 'never'.",
    ])
  })

  it('wants the sentence on the last line', () => {
    const buried = { ...wrongArgument, lines: [...wrongArgument.lines, 'Something else.'] }
    expect(judge(cases, [buried, unknownProperty])).toHaveLength(1)
  })

  it('wants the squiggle where it was promised, to the character where the compiler tells its end', () => {
    const early = { ...wrongArgument, line: 6, column: 1, length: null }
    const long = { ...wrongArgument, length: 7 }
    const open = { ...wrongArgument, length: null }
    expect(judge(cases, [early, unknownProperty])[0]).toMatch(/^cases.ts:6: the squiggle is under: take\(/)
    expect(judge(cases, [long, unknownProperty])).toEqual(['cases.ts:6: the squiggle is under: vector,, expected under: vector'])
    expect(judge(cases, [open, unknownProperty])).toEqual([])
  })

  it('wants one error for one mistake, unless the case is loose', () => {
    const second = { ...unknownProperty, column: 14, lines: ['Another.'] }
    expect(judge(cases, [wrongArgument, { ...wrongArgument, column: 1 }, unknownProperty])).toEqual([
      'cases.ts:6: 2 errors, expected one: take: expected a scalar, got [2]',
    ])
    expect(judge(cases, [...expected, second])).toEqual([])
  })

  it('shows an error where none was expected, in the cases or elsewhere', () => {
    const stray = { path: 'src/index.ts', line: 3, column: 1, code: 2322, length: 1, lines: ['Outer.', '  Inner.'] }
    expect(judge(cases, [...expected, stray])).toEqual(['src/index.ts:3: must be accepted, but: Outer. / Inner.'])
  })
})

describe('parseDiagnostics', () => {
  it('reads chains, errors without a file, and keeps what it does not understand as an error', () => {
    const output =
      "a/b.ts(3,7): error TS2345: Outer.\n  Inner.\n    Reason.\nerror TS18003: No inputs.\npanic: stack overflow\nc.ts(1,1): error TS1: '(2,3): x'.\n"
    expect(parseDiagnostics(output).map(({ path, line, column, code, lines }) => [path, line, column, code, lines])).toEqual([
      ['a/b.ts', 3, 7, 2345, ['Outer.', '  Inner.', '    Reason.']],
      ['', 0, 0, 18003, ['No inputs.']],
      ['', 0, 0, 0, ['panic: stack overflow']],
      ['c.ts', 1, 1, 1, ["'(2,3): x'."]],
    ])
    expect(parseDiagnostics('\n')).toEqual([])
  })
})

describe('diagnose', () => {
  it.each(versions)('TypeScript %s finds the mistakes of the synthetic cases and nothing else', async (version) => {
    const tsconfig = join(root, 'tsconfig.json')
    writeFileSync(
      tsconfig,
      JSON.stringify({ compilerOptions: { strict: true, noEmit: true, types: [], lib: ['ES2022'] }, files: ['cases.ts'] }),
    )
    const found = (await diagnose(version, tsconfig)).map((each) => ({ ...each, path: each.path.replace(/^.*\//, '') }))
    expect(judge(cases, found)).toEqual([])
    expect(found).toHaveLength(2)
  })
})
