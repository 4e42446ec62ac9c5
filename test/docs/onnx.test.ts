/** The part about ONNX in docs/saving.md: its code type-checks, and its table has every kind of layer. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkText, openProject } from '../../scripts/typescript/public.ts'
import { rules } from '../../src/formats/onnx/rules.ts'

const root = process.cwd()
const page = readFileSync('docs/saving.md', 'utf8')
const section = page.slice(page.indexOf('## ONNX')).split(/^## /m)[1] ?? ''

describe('docs/saving.md, ONNX', () => {
  it('has code that type-checks', () => {
    const blocks = [...section.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
    expect(blocks.length).toBe(1)
    const project = openProject(root, ['src/index.ts', 'src/formats/onnx/index.ts'])
    expect(checkText(project, `${root}/test/docs/all-onnx.ts`, blocks.join('\n'))).toEqual([])
  })
  it('says what every kind of layer becomes', () => {
    const rows = section.split('\n').filter((line) => line.startsWith('| `'))
    const told = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, kind]) => kind))
    expect(Object.keys(rules).filter((kind) => !told.includes(kind))).toEqual([])
  })
})
