/** The layer check on small bad trees: one clear line a breach, and silence for a good tree. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { breaches, showBreach } from '../../scripts/layers.ts'
import { readModules } from '../../scripts/typescript/modules.ts'

let root = ''
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The lines that a tree of files gives. */
const lines = (files: Readonly<Record<string, string>>): readonly string[] => {
  root = mkdtempSync(join(tmpdir(), 'layers-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return breaches(readModules(root, ['src', 'types'])).map(showBreach)
}

describe('check-layers', () => {
  it('is silent about a good tree', () => {
    const good = {
      'types/dim.ts': 'export type Dim = number',
      'src/graph/node.ts': "import type { Dim } from '../../types/dim.ts'\nexport const node = (dim: Dim) => dim",
      'src/compiler/compile.ts': "import { run } from '../runtime/run.ts'\nexport const compile = run",
      'src/runtime/run.ts': "import { pipe } from 'fp-ts/lib/function.js'\nimport * as t from 'io-ts'\nexport const run = pipe(t)",
      'src/index.ts': "export { compile } from './compiler/compile.ts'",
    }
    expect(lines(good)).toEqual([])
  })

  it('names an import that points upward, of values, of types, and by import()', () => {
    const bad = {
      'src/graph/a.ts': "import { t } from '../tensor/t.ts'\nexport const a = t",
      'src/graph/b.ts': "import type { T } from '../tensor/t.ts'\nexport type B = T",
      'src/graph/c.ts': "export const c = () => import('../tensor/t.ts')",
      'src/tensor/t.ts': 'export const t = 1\nexport type T = 1',
      'src/model/m.ts': "export { o } from '../optim/o.ts'",
      'src/optim/o.ts': 'export const o = 1',
      'src/compiler/fuse.ts': "export { run } from '../runtime/run.ts'",
      'src/runtime/run.ts': 'export const run = 1',
    }
    expect(lines(bad)).toEqual([
      'src/compiler/fuse.ts:1: compiler may not import runtime (src/runtime/run.ts)',
      'src/graph/a.ts:1: graph may not import tensor (src/tensor/t.ts)',
      'src/graph/b.ts:1: graph may not import tensor (src/tensor/t.ts)',
      'src/graph/c.ts:1: graph may not import tensor (src/tensor/t.ts)',
      'src/model/m.ts:1: model may not import optim (src/optim/o.ts)',
    ])
  })

  it('prints a cycle, also one of types only', () => {
    const bad = {
      'src/graph/a.ts': "import type { B } from './b.ts'\nexport type A = B",
      'src/graph/b.ts': "import type { C } from './c.ts'\nexport type B = C",
      'src/graph/c.ts': "import type { A } from './a.ts'\nexport type C = A",
      'src/graph/self.ts': "export * from './self.ts'",
    }
    expect(lines(bad)).toEqual([
      'src/graph/c.ts:1: import cycle: src/graph/a.ts -> src/graph/b.ts -> src/graph/c.ts -> src/graph/a.ts',
      'src/graph/self.ts:1: import cycle: src/graph/self.ts -> src/graph/self.ts',
    ])
  })

  it('counts lines: 400 are allowed, 401 are not', () => {
    const file = (length: number) => Array.from({ length }, (_, i) => `export const x${i} = ${i}\n`).join('')
    expect(lines({ 'types/good.ts': file(400), 'types/long.ts': file(401), 'src/index.ts': file(500) })).toEqual([
      'types/long.ts:401: 401 lines, at most 400',
    ])
  })

  it('refuses default exports, in each spelling', () => {
    const bad = {
      'types/a.ts': 'export default 3',
      'types/b.ts': '\nexport default function b() {}',
      'types/c.ts': 'const c = 1\nexport { c as default }',
    }
    expect(lines(bad)).toEqual([
      'types/a.ts:1: a default export; export it by name',
      'types/b.ts:2: a default export; export it by name',
      'types/c.ts:2: a default export; export it by name',
    ])
  })

  it('refuses other packages, and Node in files that run in a page', () => {
    const bad = {
      'src/graph/a.ts': "import { readFile } from 'node:fs/promises'\nexport const a = readFile",
      'src/graph/b.ts': "import { pipe } from 'fp-ts/function'\nexport const b = pipe",
      'src/graph/c.ts': "export const c = () => import('lodash')",
    }
    expect(lines(bad)).toEqual([
      "src/graph/a.ts:1: 'node:fs/promises' in a file that also runs in a page",
      "src/graph/b.ts:1: 'fp-ts/function' is neither relative nor fp-ts/lib/*.js nor io-ts",
      "src/graph/c.ts:1: 'lodash' is neither relative nor fp-ts/lib/*.js nor io-ts",
    ])
  })

  it('lets Node-only files use Node, and nobody else use them', () => {
    const files = {
      'src/data/index.ts': "export { mnist } from './mnist.ts'",
      'src/data/mnist.ts': "import { readFile } from 'node:fs/promises'\nexport const mnist = readFile",
      'src/index.ts': "export { mnist } from './data/mnist.ts'",
    }
    expect(lines(files)).toEqual(['src/index.ts:1: src/data/mnist.ts needs Node, this file also runs in a page'])
  })

  it('lets the files of a subpath use its package, and nobody else use them', () => {
    const files = {
      'src/data/csv/index.ts': "import Papa from 'papaparse'\nimport { more } from './more.ts'\nexport const csv = [Papa, more]",
      'src/data/csv/more.ts': "import { x } from 'pbf'\nexport const more = x",
      'src/files/read.ts': "import { readFile } from 'node:fs/promises'\nexport const read = readFile",
      'src/index.ts': "export { csv } from './data/csv/index.ts'\nexport { read } from './files/read.ts'",
    }
    expect(lines(files)).toEqual([
      "src/data/csv/more.ts:1: 'pbf' is neither relative nor fp-ts/lib/*.js nor io-ts",
      'src/index.ts:1: src/data/csv/index.ts needs a package that is not installed everywhere',
      'src/index.ts:2: src/files/read.ts needs Node, this file also runs in a page',
    ])
  })

  it('refuses a file in no room, and an import of nothing', () => {
    expect(lines({ 'src/misc/a.ts': 'export const a = 1', 'src/graph/b.ts': "import './gone.ts'" })).toEqual([
      "src/graph/b.ts:1: './gone.ts' is no module of src or types",
      'src/misc/a.ts:1: stands in no room of ARCHITECTURE.md',
    ])
  })
})
