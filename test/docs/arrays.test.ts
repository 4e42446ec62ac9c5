/** The parts about arrays and weights in docs/saving.md and docs/weights-from-elsewhere.md: their code type-checks, their tables are whole. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkText, openProject } from '../../scripts/typescript/public.ts'
import { keras } from '../../src/data/weights/keras-layouts.ts'
import { pytorch } from '../../src/data/weights/pytorch-layouts.ts'

const root = process.cwd()
const project = openProject(root, ['src/index.ts', 'src/files/index.ts'])
const saving = readFileSync('docs/saving.md', 'utf8')
const elsewhere = readFileSync('docs/weights-from-elsewhere.md', 'utf8')
const section = (title: string): string => saving.split(/^## /m).find((part) => part.startsWith(title)) ?? ''
const blocks = (text: string): readonly string[] => [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
const check = (code: string): readonly string[] => checkText(project, `${root}/test/docs/all-arrays.ts`, code)

describe('docs/saving.md', () => {
  it('has code for arrays that type-checks', () => {
    const codes = blocks(section("NumPy's arrays"))
    expect(codes).toHaveLength(2)
    for (const code of codes) expect(check(code)).toEqual([])
  })
  it('shows what the compiler says of a file that does not fit', () => {
    const [code = ''] = blocks(section("A file's tensors as types"))
    const tensor = (...shape: readonly number[]) => `{ readonly type: 'f32'; readonly shape: readonly [${shape.join(', ')}] }`
    const weights = { 'hidden.weight': tensor(784, 256), 'hidden.bias': tensor(128), 'out.weight': tensor(128, 10), 'out.bias': tensor(10) }
    const lines = Object.entries(weights).map(([name, type]) => `readonly '${name}': ${type}`)
    const program = code.replace(/^import type .*$/m, `interface Weights { ${lines.join('; ')} }`)
    const promised = /\/\/ error: (.*)$/m.exec(code)?.[1] ?? 'none'
    const said = check(program)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(promised)
  })
})

describe('docs/weights-from-elsewhere.md', () => {
  it('has code that type-checks', () => {
    const names = [
      ...['conv2d', 'dense', 'embedding', 'flatten', 'fromPyTorch', 'input', 'layerNorm', 'learnedPositions', 'named', 'pipe'],
      ...['readSafetensors', 'relu', 'repeat', 'type StoredArray', 'transformerDecoderBlock'],
    ]
    const imports = `import * as E from 'fp-ts/lib/Either.js'\nimport { ${names.join(', ')} } from 'shapewright'\n`
    const given = 'declare const bytes: Uint8Array\ndeclare const tensors: ReadonlyMap<string, StoredArray>\n'
    const codes = blocks(elsewhere)
    expect(codes).toHaveLength(2)
    for (const code of codes) expect(check(imports + given + code)).toEqual([])
  })
  it.each([pytorch, keras])('has every layer of $op', ({ op, layouts }) => {
    const [, first = '', second = ''] = elsewhere.split(/^\| layer \|/m)
    const table = op === 'fromPyTorch' ? first : second
    const kinds = table.split('\n').flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, kind]) => kind))
    expect(Object.keys(layouts).filter((kind) => !kinds.includes(kind))).toEqual([])
  })
})
