/**
 * The bundle of Node, dist/node, out of dist/src. An engine passes over a function's code while a file loads, and reads it again when it
 * is first called: what every program calls it reads once instead, since it compiles a function in parentheses at once. Which those are is
 * seen by running programs: their coverage says what was called. (An arrow in parentheses waits in engines before 2024, a `function` does not.)
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync, transformSync } from 'esbuild'

const root = join(import.meta.dirname, '..')
const into = join(root, 'dist/node')
const entries = [
  'index',
  'ops',
  'data/index',
  'data/csv/index',
  'data/images/index',
  'data/parquet/index',
  'files/index',
  'formats/onnx/index',
]

/** What Node says of a run: for each file, its functions, and how often each was called. */
interface Coverage {
  readonly result: readonly { readonly url: string; readonly functions: readonly { readonly ranges: readonly Range[] }[] }[]
}
/** Places in the text of a file. The first range of a function is all of it. */
interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

const bundle = (): void => {
  buildSync({
    absWorkingDir: root,
    entryPoints: entries.map((name) => `dist/src/${name}.js`),
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    supported: { arrow: false },
    outbase: 'dist/src',
    outdir: into,
    chunkNames: 'shared/[name]-[hash]',
    logLevel: 'warning',
  })
}

/** Runs the programs on the bundle: the package knows itself by its name. */
const covered = (): readonly Coverage[] => {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-bundle-'))
  const { code } = transformSync(readFileSync(join(import.meta.dirname, 'bundle/programs.ts'), 'utf8'), { loader: 'ts' })
  execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, env: { ...process.env, NODE_V8_COVERAGE: folder } })
  const files = readdirSync(folder).map((name): Coverage => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  rmSync(folder, { recursive: true })
  return files
}

/** Where functions that were called begin and end, for each file of the bundle. */
const called = (coverages: readonly Coverage[]): ReadonlyMap<string, ReadonlyMap<number, number>> => {
  const places = new Map<string, Map<number, number>>()
  for (const { url, functions } of coverages.flatMap(({ result }) => result)) {
    if (!url.startsWith('file:') || !fileURLToPath(url).startsWith(into)) continue
    const own = places.get(url) ?? new Map<number, number>()
    for (const { ranges } of functions)
      if (ranges[0] !== undefined && ranges[0].count > 0) own.set(ranges[0].startOffset, ranges[0].endOffset)
    places.set(url, own)
  }
  return places
}

/** A function without a name, which is an expression wherever it stands; methods can't be put in parentheses. */
const isExpression = /^(async )?function\*?\s*\(/

const inParentheses = (text: string, functions: ReadonlyMap<number, number>): string => {
  const wrapped = [...functions].filter(([start]) => isExpression.test(text.slice(start, start + 20)))
  const marks = wrapped
    .flatMap(([start, end]) => [
      { at: start, mark: '(' },
      { at: end, mark: ')' },
    ])
    .sort((a, b) => a.at - b.at)
  const parts = marks.map(({ at, mark }, i) => `${mark}${text.slice(at, marks[i + 1]?.at)}`)
  return `${text.slice(0, marks[0]?.at)}${parts.join('')}`
}

bundle()
for (const [url, functions] of called(covered())) {
  const file = fileURLToPath(url)
  writeFileSync(file, inParentheses(readFileSync(file, 'utf8'), functions))
}
