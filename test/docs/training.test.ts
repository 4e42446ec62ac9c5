/** docs/training.md tells the truth: its programs type-check, run, and give what they promise. */
import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import * as shapewright from 'shapewright'
import { describe, expect, it } from 'vitest'
import { keeps, parseExample } from '../../scripts/doc-examples.ts'
import { checkText, openProject } from '../../scripts/typescript/public.ts'

const root = process.cwd()
const page = readFileSync('docs/training.md', 'utf8')
const [first = '', ...blocks] = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
const begin = first.lastIndexOf("from 'shapewright'\n") + "from 'shapewright'\n".length
const [imports, preamble] = [first.slice(0, begin), first.slice(begin)]

const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<unknown>
const values = { ...shapewright, E, TE, t }
const run = (code: string, result: string): Promise<unknown> => {
  const { code: js } = transformSync(`const example = async () => {\n${preamble}\n${code}\nreturn (${result}\n)\n}`, { loader: 'ts' })
  return new AsyncFunction(...Object.keys(values), `${js}\nreturn example()`)(...Object.values(values))
}

describe('docs/training.md', () => {
  it('type-checks', () => {
    const programs = blocks.map((code, i) => `export const p${i} = async () => {\n${preamble}\n${code}\n}`)
    expect(checkText(openProject(root, ['src/index.ts']), `${root}/test/docs/all-training.ts`, [imports, ...programs].join('\n'))).toEqual(
      [],
    )
  })
  it.each(blocks.map((code) => [code.trim().split('\n')[0], code]))('runs: %s', async (_, code = '') => {
    const example = parseExample(code)
    if (example === null) throw new Error('it promises nothing')
    const { statements, expression, promise } = example
    const [found, promised] = [await run(statements, expression), await run('', promise)]
    expect(keeps(found, promised), JSON.stringify(found)).toBe(true)
  })
})
