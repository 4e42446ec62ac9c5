/** Every `@example` of a public docstring type-checks, runs, and gives the value that it promises. */
import { transformSync } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import * as shapewright from 'shapewright'
import * as data from 'shapewright/data'
import { describe, expect, it } from 'vitest'
import { keeps, parseExample } from '../../scripts/doc-examples.ts'
import { checkText, openProject, type PublicName, readHidden, readPublicNames } from '../../scripts/typescript/public.ts'

const root = process.cwd()
const entries = ['src/index.ts', 'src/data/index.ts']
const project = openProject(root, entries)
const main = readPublicNames(project, root, 'src/index.ts')
const subpath = readPublicNames(project, root, 'src/data/index.ts')
const names = [...main, ...subpath]
/** What an example may use: the public names, and fp-ts's Either, which some of them give. */
const values: Readonly<Record<string, unknown>> = { ...shapewright, ...data, E }

const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<unknown>
const run = async (statements: string, expression: string): Promise<unknown> => {
  const { code } = transformSync(`const example = async () => {\n${statements}\nreturn (${expression}\n)\n}`, { loader: 'ts' })
  return new AsyncFunction(...Object.keys(values), `${code}\nreturn example()`)(...Object.values(values))
}
const cases = names.flatMap(({ name, place, examples }) => examples.map((code, i) => ({ title: `${name} ${i + 1} (${place})`, code })))

const isWhole = ({ name }: PublicName): boolean => !name.includes('.')

describe('examples in docstrings', () => {
  it.each(cases)('$title', async ({ code }) => {
    const example = parseExample(code)
    expect(example, 'the last line must end in `// => value`').not.toBeNull()
    if (example === null) return
    const value = await run(example.statements, example.expression)
    const promise = await run('', example.promise)
    expect(keeps(value, promise), `gives ${JSON.stringify(value)}, promises ${example.promise}`).toBe(true)
  })

  it('type-check', () => {
    const specifiers = (all: readonly PublicName[]) =>
      all
        .filter(isWhole)
        .map(({ name, isValue }) => (isValue ? name : `type ${name}`))
        .join(', ')
    const imports = [
      "import * as E from 'fp-ts/lib/Either.js'",
      `import { ${specifiers(main)} } from 'shapewright'`,
      `import { ${specifiers(subpath)} } from 'shapewright/data'`,
    ]
    const blocks = cases.map(({ code }, i) => `export const example${i} = async () => {\n${code}\n}`)
    expect(checkText(project, `${root}/test/docs/all-examples.ts`, [...imports, ...blocks].join('\n'))).toEqual([])
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
