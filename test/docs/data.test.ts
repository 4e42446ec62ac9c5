/** docs/data.md tells the truth: its programs type-check, run, and give what they promise. */
import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import * as shapewright from 'shapewright'
import * as csv from 'shapewright/csv'
import * as images from 'shapewright/images'
import * as parquet from 'shapewright/parquet'
import { describe, expect, it } from 'vitest'
import { keeps, parseExample } from '../../scripts/doc-examples.ts'
import { checkText, openProject } from '../../scripts/typescript/public.ts'

const root = process.cwd()
const page = readFileSync('docs/data.md', 'utf8')
const [first = '', ...blocks] = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
const begin = first.indexOf('\n\n')
const [imports, preamble] = [first.slice(0, begin), first.slice(begin)]

const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<unknown>
const values = { ...shapewright, ...csv, ...images, ...parquet, E, TE, t }
const run = (code: string, result: string): Promise<unknown> => {
  const { code: js } = transformSync(`const example = async () => {\n${preamble}\n${code}\nreturn (${result}\n)\n}`, { loader: 'ts' })
  return new AsyncFunction(...Object.keys(values), `${js}\nreturn example()`)(...Object.values(values))
}

describe('docs/data.md', () => {
  it('type-checks', () => {
    const programs = blocks.map((code, i) => `export const p${i} = async () => {\n${preamble}\n${code}\n}`)
    const entries = ['src/index.ts', 'src/data/csv/index.ts', 'src/data/images/index.ts', 'src/data/parquet/index.ts']
    expect(checkText(openProject(root, entries), `${root}/test/docs/all-data.ts`, [imports, ...programs].join('\n'))).toEqual([])
  })
  it.each(blocks.map((code) => [code.trim().split('\n')[0], code]))('runs: %s', async (_, code = '') => {
    const example = parseExample(code)
    if (example === null) throw new Error('it promises nothing')
    const { statements, expression, promise } = example
    const [found, promised] = [await run(statements, expression), await run('', promise)]
    expect(keeps(found, promised), JSON.stringify(found)).toBe(true)
  })
})
