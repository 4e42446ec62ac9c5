/** Every `@example` of a public docstring type-checks, runs, and gives the value that it promises. */
import { transformSync } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import * as shapewright from 'shapewright'
import * as csv from 'shapewright/csv'
import * as data from 'shapewright/data'
import * as files from 'shapewright/files'
import * as images from 'shapewright/images'
import * as onnx from 'shapewright/onnx'
import * as ops from 'shapewright/ops'
import * as parquet from 'shapewright/parquet'
import { describe, expect, it } from 'vitest'
import { keeps, parseExample } from '../../scripts/doc-examples.ts'
import { checkText, openProject, type PublicName, readHidden, readPublicNames } from '../../scripts/typescript/public.ts'

const root = process.cwd()
/** What stands beside the core, one a line. */
const beside = [
  { from: 'shapewright/data', entry: 'src/data/index.ts', values: data },
  { from: 'shapewright/csv', entry: 'src/data/csv/index.ts', values: csv },
  { from: 'shapewright/images', entry: 'src/data/images/index.ts', values: images },
  { from: 'shapewright/parquet', entry: 'src/data/parquet/index.ts', values: parquet },
  { from: 'shapewright/files', entry: 'src/files/index.ts', values: files },
  { from: 'shapewright/onnx', entry: 'src/formats/onnx/index.ts', values: onnx },
]
const entries = ['src/index.ts', 'src/ops.ts', ...beside.map(({ entry }) => entry)]
const project = openProject(root, entries)
type Names = readonly PublicName[]
const [main, operations] = [readPublicNames(project, root, 'src/index.ts'), readPublicNames(project, root, 'src/ops.ts')]
const subpaths = beside.map((each) => ({ ...each, names: readPublicNames(project, root, each.entry) }))
const names = [...main, ...operations, ...subpaths.flatMap((each) => each.names)]

/** What an example may use: the public names, and fp-ts's Either, which some of them give. Layers and operations share some names. */
interface Scope {
  readonly names: Names
  readonly values: Readonly<Record<string, unknown>>
  readonly imports: readonly string[]
}
const isWhole = ({ name }: PublicName): boolean => !name.includes('.')
const imported = (all: Names, from: string): string =>
  `import { ${all
    .filter(isWhole)
    .map(({ name, isValue }) => (isValue ? name : `type ${name}`))
    .join(', ')} } from '${from}'`
const either = "import * as E from 'fp-ts/lib/Either.js'"
const scopes: readonly Scope[] = [
  {
    names: [...main, ...subpaths.flatMap((each) => each.names)],
    values: Object.assign({ ...shapewright, E, t }, ...subpaths.map(({ values }) => values)),
    imports: [
      either,
      "import * as t from 'io-ts'",
      imported(main, 'shapewright'),
      ...subpaths.map((each) => imported(each.names, each.from)),
    ],
  },
  {
    names: operations,
    values: { ...shapewright, ...ops },
    imports: [
      imported(
        main.filter(({ name }) => operations.every((each) => each.name !== name)),
        'shapewright',
      ),
      imported(operations, 'shapewright/ops'),
    ],
  },
]

const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<unknown>
const run = async ({ values }: Scope, statements: string, expression: string): Promise<unknown> => {
  const { code } = transformSync(`const example = async () => {\n${statements}\nreturn (${expression}\n)\n}`, { loader: 'ts' })
  return new AsyncFunction(...Object.keys(values), `${code}\nreturn example()`)(...Object.values(values))
}
const casesOf = (scope: Scope) =>
  scope.names.flatMap(({ name, place, examples }) => examples.map((code, i) => ({ title: `${name} ${i + 1} (${place})`, code, scope })))

describe('examples in docstrings', () => {
  it.each(scopes.flatMap(casesOf))('$title', async ({ code, scope }) => {
    const example = parseExample(code)
    expect(example, 'the last line must end in `// => value`').not.toBeNull()
    if (example === null) return
    const value = await run(scope, example.statements, example.expression)
    const promise = await run(scope, '', example.promise)
    expect(keeps(value, promise), `gives ${JSON.stringify(value)}, promises ${example.promise}`).toBe(true)
  })

  it.each(scopes)('type-check', (scope) => {
    const blocks = casesOf(scope).map(({ code }, i) => `export const example${i} = async () => {\n${code}\n}`)
    expect(checkText(project, `${root}/test/docs/all-examples.ts`, [...scope.imports, ...blocks].join('\n'))).toEqual([])
  })
})

describe('docstrings', () => {
  const functions = names.filter(({ isFunction }) => isFunction)
  const without = (has: (name: PublicName) => boolean) =>
    functions.filter((each) => !has(each)).map(({ name, place }) => `${name} (${place})`)

  it('describe every public function', () => expect(without(({ described }) => described)).toEqual([]))

  it('show examples of public names only', () => expect(readHidden(project, root, entries)).toEqual([]))

  it('show every public function in an example', () => expect(without(({ examples }) => examples.length > 0)).toEqual([]))
})
