/** docs/layers.md has every layer with every option, and its programs type-check, run, and give what they promise. */
import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import * as shapewright from 'shapewright'
import { describe, expect, it } from 'vitest'
import { keeps, parseExample } from '../../scripts/doc-examples.ts'
import { checkText, openProject } from '../../scripts/typescript/public.ts'

const root = process.cwd()
const read = (path: string): string => readFileSync(path, 'utf8')
const page = read('docs/layers.md')
const [first = '', ...blocks] = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)

const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<unknown>
const values = { ...shapewright, E }
const run = (code: string, result: string): Promise<unknown> => {
  const { code: js } = transformSync(`const example = async () => {\n${code}\nreturn (${result}\n)\n}`, { loader: 'ts' })
  return new AsyncFunction(...Object.keys(values), `${js}\nreturn example()`)(...Object.values(values))
}

/** What may be said of layers: options of the records from which they are made. */
const options = [
  ...[
    'attention',
    'bidirectional',
    'convolution',
    'dense',
    'depthwise',
    'embedding',
    'norm',
    'positions',
    'recurrent',
    'repeat',
    'transformer',
  ].map((file) => `src/model/${file}.ts`),
  ...['augment', 'norm', 'pool', 'upsample'].map((file) => `src/tensor/${file}.ts`),
].flatMap((path) =>
  [...read(path).matchAll(/^export interface \w*Options\b[^{]*\{\n([\s\S]*?)^\}/gm)].flatMap(([, body = '']) =>
    [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = '']) => name),
  ),
)

describe('docs/layers.md', () => {
  it('type-checks', () => {
    const programs = blocks.map((code, i) => `export const p${i} = async () => {\n${code}\n}`)
    expect(checkText(openProject(root, ['src/index.ts']), `${root}/test/docs/all-layers.ts`, [first, ...programs].join('\n'))).toEqual([])
  })
  it.each(blocks.map((code) => [code.trim().split('\n')[0], code]))('runs: %s', async (_, code = '') => {
    const example = parseExample(code)
    if (example === null) throw new Error('it promises nothing')
    const { statements, expression, promise } = example
    const [found, promised] = [await run(statements, expression), await run('', promise)]
    expect(keeps(found, promised), JSON.stringify(found)).toBe(true)
  })
  it('has every kind of layer', () => {
    const kinds = [...read('src/tensor/kind.ts').matchAll(/^ {2}\| '(\w+)'$/gm)].map(([, kind = '']) => kind)
    expect(kinds.length).toBeGreaterThan(60)
    expect(kinds.filter((kind) => !new RegExp(`\`${kind}[\`(]`).test(page))).toEqual([])
  })
  it('has every option of them', () => {
    expect(new Set(options).size).toBeGreaterThan(20)
    expect(options.filter((name) => !new RegExp(`[\`{ ]${name}[\`:, ]`).test(page))).toEqual([])
  })
})
