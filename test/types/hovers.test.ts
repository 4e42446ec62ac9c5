/** What an editor shows is readable, and does not change unseen: golden text, written by scripts/hovers.ts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hoversPath, hoversText } from '../../scripts/hovers.ts'
import { readHovers } from '../../scripts/typescript/hovers.ts'

const root = mkdtempSync(join(tmpdir(), 'hovers-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const golden = readFileSync(hoversPath, 'utf8')

describe('readHovers', () => {
  it('shows what stands above each pointer', () => {
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, types: [], lib: ['ES2022'] } }))
    writeFileSync(join(root, 'a.ts'), 'export const one = { a: 1 }\n//           ^?\n// no pointer ^?\n  ;[one]\n  // ^?\n\n//  ^?\n')
    expect(readHovers(root, ['*.ts'])).toEqual([
      { path: 'a.ts', code: 'export const one = { a: 1 }', shown: ['const one: {', '    a: number;', '}'] },
      { path: 'a.ts', code: ';[one]', shown: ['const one: {', '    a: number;', '}'] },
      { path: 'a.ts', code: '', shown: [] },
    ])
  })
})

describe(hoversPath, () => {
  it('is what an editor shows; `npx tsx scripts/hovers.ts` writes it', () => expect(hoversText()).toBe(golden))

  it('shows something under every pointer, and no machinery', () => {
    const entries = golden.trimEnd().split('\n\n')
    expect(entries.length).toBeGreaterThan(30)
    expect(entries.filter((entry) => !entry.includes('\n'))).toEqual([])
    expect(golden).not.toMatch(/\binfer\b|\bextends .*\?|\.\.\. \d+ more|\bany\b/)
  })
})
