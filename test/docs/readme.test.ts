/** README.md tells the truth: its code type-checks, its error is the compiler's, its names exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import * as shapewright from 'shapewright'
import * as csv from 'shapewright/csv'
import * as data from 'shapewright/data'
import * as files from 'shapewright/files'
import * as images from 'shapewright/images'
import * as ops from 'shapewright/ops'
import * as parquet from 'shapewright/parquet'
import { describe, expect, it } from 'vitest'
import { blockOf } from '../../scripts/error-examples.ts'
import { checkText, openProject } from '../../scripts/typescript/public.ts'

const root = process.cwd()
const readme = readFileSync('README.md', 'utf8')
const names = new Set(Object.keys({ ...shapewright, ...data, ...csv, ...files, ...images, ...parquet, ...ops }))

describe('README.md', () => {
  it('has code that type-checks', () => {
    const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code)
    expect(blocks.length).toBe(6)
    expect(
      checkText(
        openProject(root, ['src/index.ts', 'src/data/index.ts', 'src/files/index.ts', 'src/data/csv/index.ts']),
        `${root}/test/docs/all-readme.ts`,
        blocks.join('\n'),
      ),
    ).toEqual([])
  })
  it('shows an error verbatim', () => {
    const shown = [...readme.matchAll(/^<!-- error: (\S+) -->\n```text\n([\s\S]*?)\n```/gm)]
    expect(shown.length).toBe(1)
    for (const [, path = '', text = ''] of shown) {
      expect(text).toBe(blockOf(readFileSync(path, 'utf8')))
      const golden = readFileSync(path.replace('examples/', 'test/golden/diagnostics/').replace(/ts$/, 'txt'), 'utf8')
      expect(golden.replace(/^ {2}/gm, '')).toContain(text.replace(/^error TS\d+: /, ''))
    }
  })
  it('quotes sentences that the examples have', () => {
    const sentences = [...readme.matchAll(/^\| `[^|]*` \| `(\w+: [^`]*)` \|$/gm)].map(([, sentence]) => sentence)
    const files = readdirSync('examples/errors')
      .map((file) => readFileSync(`examples/errors/${file}`, 'utf8'))
      .join('\n')
    expect(sentences.length).toBe(6)
    for (const sentence of sentences) expect(files).toContain(`// ${sentence} @ `)
  })
  it('names what is exported, and all of it', () => {
    const section = readme.slice(readme.indexOf('## What there is'), readme.indexOf('## What it holds to'))
    const named = (text: string) => [...text.matchAll(/`([a-zA-Z]\w*)(?:\([^`]*\))?`/g)].map(([, name = '']) => name)
    const tables = section.split('\n').filter((line) => line.startsWith('|'))
    expect(tables.flatMap(named).filter((name) => !names.has(name))).toEqual([])
    const told = new Set(named(section))
    const untold = [...names].filter((name) => !told.has(name) && !['ShapeError', 'InternalError', 'dim', 'isStatistic'].includes(name))
    expect(untold).toEqual([])
  })
  it('links to files that are there', () => {
    for (const [, path = ''] of readme.matchAll(/\]\(([^)]+)\)/g)) expect(existsSync(path), path).toBe(true)
  })
  it('names scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: Readonly<Record<string, string>> }
    for (const [, script = ''] of readme.matchAll(/npm (?:run )?(?!install|run)([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(script)
  })
})
