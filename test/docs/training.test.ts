/** docs/training.md, docs/streams.md and docs/two-sequences.md tell the truth: their programs type-check, run, and give what they promise. */
import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import * as shapewright from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { keeps, parseExample } from '../../scripts/doc-examples.ts'
import { checkText, openProject } from '../../scripts/typescript/public.ts'

const root = process.cwd()
/** The programs of a page; each begins with the first. */
const programsOf = (path: string) => {
  const page = readFileSync(path, 'utf8')
  const [first = '', ...blocks] = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
  const begin = first.lastIndexOf("from 'shapewright'\n") + "from 'shapewright'\n".length
  return { imports: first.slice(0, begin), preamble: first.slice(begin), blocks }
}

const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<unknown>
const values = { ...shapewright, E, TE, t, ops }
const run = (preamble: string, code: string, result: string): Promise<unknown> => {
  const { code: js } = transformSync(`const example = async () => {\n${preamble}\n${code}\nreturn (${result}\n)\n}`, { loader: 'ts' })
  return new AsyncFunction(...Object.keys(values), `${js}\nreturn example()`)(...Object.values(values))
}

describe.each(['docs/training.md', 'docs/streams.md', 'docs/two-sequences.md'])('%s', (path) => {
  const { imports, preamble, blocks } = programsOf(path)
  it('type-checks', () => {
    const programs = blocks.map((code, i) => `export const p${i} = async () => {\n${preamble}\n${code}\n}`)
    const name = `${root}/test/docs/all-${path.slice(5, -3)}.ts`
    expect(checkText(openProject(root, ['src/index.ts', 'src/ops.ts']), name, [imports, ...programs].join('\n'))).toEqual([])
  })
  it.each(blocks.map((code) => [code.trim().split('\n')[0], code]))('runs: %s', async (_, code = '') => {
    const example = parseExample(code)
    if (example === null) throw new Error('it promises nothing')
    const { statements, expression, promise } = example
    const [found, promised] = [await run(preamble, statements, expression), await run(preamble, '', promise)]
    expect(keeps(found, promised), JSON.stringify(found)).toBe(true)
  })
})
