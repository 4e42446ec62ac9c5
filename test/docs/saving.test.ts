/** docs/saving.md tells the truth about runs, weights and safetensors: its programs type-check, run, and give what they promise. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import * as shapewright from 'shapewright'
import * as files from 'shapewright/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keeps, parseExample } from '../../scripts/doc-examples.ts'
import { checkText, openProject } from '../../scripts/typescript/public.ts'

const root = process.cwd()
const page = readFileSync('docs/saving.md', 'utf8')
const mine = page.slice(page.indexOf('## A run that goes on'), page.indexOf('## ONNX'))
const [first = '', ...blocks] = [...mine.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
const begin = first.lastIndexOf("from 'shapewright/files'\n") + "from 'shapewright/files'\n".length
const [imports, preamble] = [first.slice(0, begin), first.slice(begin)]

const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<unknown>
const values = { ...shapewright, ...files, E }
const run = (code: string, result: string): Promise<unknown> => {
  const { code: js } = transformSync(`const example = async () => {\n${preamble}\n${code}\nreturn (${result}\n)\n}`, { loader: 'ts' })
  return new AsyncFunction(...Object.keys(values), `${js}\nreturn example()`)(...Object.values(values))
}

describe('docs/saving.md', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shapewright-'))
    process.chdir(folder)
  })
  afterAll(() => {
    process.chdir(root)
    rmSync(folder, { recursive: true })
  })

  it('type-checks', () => {
    const programs = blocks.map((code, i) => `export const p${i} = async () => {\n${preamble}\n${code}\n}`)
    const project = openProject(root, ['src/index.ts', 'src/files/index.ts'])
    expect(checkText(project, `${root}/test/docs/all-saving.ts`, [imports, ...programs].join('\n'))).toEqual([])
  })
  it.each(blocks.map((code) => [code.trim().split('\n')[0], code]))('runs: %s', async (_, code = '') => {
    const example = parseExample(code)
    if (example === null) throw new Error('it promises nothing')
    const { statements, expression, promise } = example
    const [found, promised] = [await run(statements, expression), await run('', promise)]
    expect(keeps(found, promised), JSON.stringify(found)).toBe(true)
  })
})
