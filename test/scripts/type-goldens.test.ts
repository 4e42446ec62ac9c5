/** Golden diagnostics: an entry a mistake, places counted from its statement, other compilers' words only where they differ. */
import { describe, expect, it } from 'vitest'
import { compareGolden, goldenName, goldenText, type Told } from '../../scripts/type-goldens.ts'
import type { CaseFile, Mistake } from '../../scripts/typescript/cases.ts'
import type { Diagnostic } from '../../scripts/typescript/diagnostic.ts'

const path = 'test/types/cases/rejected/some.ts'
const mistakeAt = (firstLine: number, code: string, sentence: string): Mistake => ({
  path,
  code,
  sentence,
  squiggle: '',
  loose: false,
  firstLine,
  lastLine: firstLine + code.split('\n').length - 1,
})
const fileOf = (...mistakes: readonly Mistake[]): CaseFile => ({ path, text: '', mistakes, accepted: 0, pieces: [] })
const add = mistakeAt(10, 'pipe(\n  x,\n  add(y),\n)', 'add: no')
const sub = mistakeAt(20, 'sub(x, y)', 'sub: no')
const errorAt = (line: number, column: number, ...lines: readonly string[]): Diagnostic => ({
  path,
  line,
  column,
  code: 2345,
  length: 6,
  lines,
})
const ofAdd = errorAt(12, 3, 'Outer.', '  "add: no"')
const ofSub = errorAt(20, 5, '"sub: no"')
const open = (all: readonly Diagnostic[]): readonly Diagnostic[] => all.map((each) => ({ ...each, length: null }))
const told = (six: readonly Diagnostic[], five = open(six), seven = open(six)): Told => ({ '5.9': five, '6.0': six, '7.0': seven })
const both = told([ofAdd, ofSub])

const text = `| // add: no
| pipe(
|   x,
|   add(y),
| )
3:3 +6 TS2345
  Outer.
    "add: no"

| // sub: no
| sub(x, y)
1:5 +6 TS2345
  "sub: no"
`

describe('golden diagnostics', () => {
  it('have a file for each file of mistakes, and an entry for each mistake', () => {
    expect(goldenName(path)).toBe('rejected/some.txt')
    expect(goldenText(fileOf(add, sub), both)).toBe(text)
    expect(compareGolden(fileOf(add, sub), text, both)).toEqual([])
  })

  it('stay when lines or cases come to stand above', () => {
    const lower = (each: Mistake, by: number): Mistake => ({ ...each, firstLine: each.firstLine + by, lastLine: each.lastLine + by })
    const moved = told([
      { ...ofAdd, line: 17 },
      { ...ofSub, line: 27 },
    ])
    expect(goldenText(fileOf(lower(add, 5), lower(sub, 7)), moved)).toBe(text)
    expect(compareGolden(fileOf(lower(sub, 7), lower(add, 5)), text, moved)).toEqual([])
  })

  it('tell the words of another compiler where they differ, and ask for them', () => {
    const apart = told([ofAdd, ofSub], open([ofAdd, ofSub]), open([errorAt(12, 3, '"add: no"'), ofSub]))
    expect(goldenText(fileOf(add), apart)).toContain('    "add: no"\nTypeScript 7.0:\n3:3 TS2345\n  "add: no"\n')
    expect(compareGolden(fileOf(add, sub), text, apart)).toEqual([
      `${path}:10: the golden entry differs: golden: nothing, now: TypeScript 7.0:`,
    ])
    expect(compareGolden(fileOf(add), goldenText(fileOf(add), apart), told([ofAdd]))).toEqual([
      `${path}:10: the golden entry differs: golden: TypeScript 7.0:, now: nothing`,
    ])
  })

  it('show another place, another length, another code and other words', () => {
    const differs = (now: Diagnostic): string => compareGolden(fileOf(sub), goldenText(fileOf(sub), both), told([now]))[0] ?? 'nothing'
    expect(differs({ ...ofSub, column: 1 })).toBe(`${path}:20: the golden entry differs: golden: 1:5 +6 TS2345, now: 1:1 +6 TS2345`)
    expect(differs({ ...ofSub, length: 7 })).toContain('now: 1:5 +7 TS2345')
    expect(differs({ ...ofSub, code: 2322 })).toContain('now: 1:5 +6 TS2322')
    expect(differs({ ...ofSub, lines: ['Outer.', '  "sub: no"'] })).toContain('golden: "sub: no", now: Outer.')
  })

  it('name a mistake without an entry, and an entry without a mistake', () => {
    expect(compareGolden(fileOf(sub), null, both)).toEqual([`${path}:20: has no golden entry`])
    expect(compareGolden(fileOf(sub), text, both)).toEqual([
      `${path}: the golden entry is of a mistake that is not there any more: // add: no`,
    ])
    const changed = { ...sub, code: 'sub(y, x)' }
    expect(compareGolden(fileOf(add, changed), text, both)).toEqual([
      `${path}:20: has no golden entry`,
      `${path}: the golden entry is of a mistake that is not there any more: // sub: no`,
    ])
  })
})
