/** Law 8: the packed package, installed into an empty ES-module application, type-checks and trains there. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync, transformSync } from 'esbuild'
import { afterAll, expect, it } from 'vitest'
import { diagnose, versions } from '../../scripts/typescript/compilers.ts'
import { run } from '../programs/xor.ts'

const folder = mkdtempSync(join(tmpdir(), 'shapewright-package-'))
const application = join(folder, 'application')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** npm is the one that runs these tests, where npm runs them. */
const npm = (args: readonly string[], cwd: string): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const write = (name: string, content: unknown): void =>
  writeFileSync(join(application, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2))

/** A program and what it imports (`xor.ts` has the run), and a library whose declaration file names every inferred type. */
const programs = ['xor.ts', 'digest.ts', 'library.ts']
const stripped = (text: string): string => transformSync(text, { loader: 'ts' }).code.replaceAll('.ts"', '.js"')

/** Packs, and installs the tarball into an application that has nothing but what npm brings with it. */
const install = (): void => {
  npm(['pack', '--silent', '--pack-destination', folder], process.cwd())
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  mkdirSync(application)
  write('package.json', { name: 'application', private: true, type: 'module' })
  npm(['install', '--silent', '--prefer-offline', join(folder, tarball)], application)
}

it('the packed package type-checks under each compiler and runs', { timeout: 240_000 }, async () => {
  install()
  expect(
    readdirSync(join(application, 'node_modules'))
      .filter((name) => !name.startsWith('.'))
      .sort(),
  ).toEqual(['fp-ts', 'io-ts', 'shapewright'])

  for (const name of programs) cpSync(join(process.cwd(), 'test/programs', name), join(application, name))
  const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false }
  const options = { target: 'ES2022', types: [], declaration: true, noEmit: true, allowImportingTsExtensions: true, ...strict }
  write('tsconfig.json', { compilerOptions: { module: 'NodeNext', ...options }, files: programs })
  const errors = await Promise.all(versions.map((version) => diagnose(version, join(application, 'tsconfig.json'))))
  expect(errors).toEqual(versions.map(() => []))
  write('bundler.json', { compilerOptions: { module: 'ESNext', moduleResolution: 'bundler', ...options }, files: programs })
  expect(await diagnose('7.0', join(application, 'bundler.json'))).toEqual([])

  for (const name of programs) write(name.replace('.ts', '.js'), stripped(readFileSync(join(application, name), 'utf8')))
  write('main.js', "import { run } from './xor.js'\nconsole.log(JSON.stringify(await run()))\n")
  const there: unknown = JSON.parse(execFileSync(process.execPath, ['main.js'], { cwd: application, encoding: 'utf8' }))
  const here = await run()
  expect(here.predictions.map(Math.round)).toEqual([0, 1, 1, 0])
  expect(there).toEqual(here)

  // Node takes a bundle that starts at once, others the files that it was made of, of which they keep what they need
  write('bundled.js', bundled('main.js'))
  expect(JSON.parse(execFileSync(process.execPath, ['bundled.js'], { cwd: application, encoding: 'utf8' }))).toEqual(here)
  write('resolved.js', resolved)
  expect(execFileSync(process.execPath, ['resolved.js'], { cwd: application, encoding: 'utf8' })).toBe('node/index.js true function\n')
  // functions in parentheses are compiled as the bundle loads: those that a program calls (scripts/bundle.ts)
  const text = readFileSync(join(application, 'node_modules/shapewright/dist/node/index.js'), 'utf8')
  expect(text.split('= (function(').length).toBeGreaterThan(150)
  write('sum.js', "import { toArray, sum, tensor } from 'shapewright'\nconsole.log(toArray(sum()(tensor([1, 2]))))\n")
  expect(bundled('sum.js').length).toBeLessThan(bundled('main.js').length / 2)
})

/** `done`, or what went wrong. */
const said = "console.log(read._tag === 'Right' ? 'done' : read.left.message)\n"
const tables = `
import { fromRecords, numberFromText } from 'shapewright'
import { readCsv } from 'shapewright/csv'
import * as t from 'io-ts'
const read = await readCsv('a,b\\n1,2\\n', t.type({ a: numberFromText, b: numberFromText }), { inputs: (r) => [r.a], targets: (r) => [r.b] })()
${said}`
const weights = `
import { dense, input, key, pipe } from 'shapewright'
import { loadParams, saveParams } from 'shapewright/files'
const model = pipe(input([2]), dense(1, 'out'))
await saveParams('weights.safetensors', model, model.init(key(0)))()
const read = await loadParams('weights.safetensors', model)()
${said}`
const pictures = `
import { imageFiles } from 'shapewright/images'
const png = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgaAAAAIMAgYfP7KQAAAAASUVORK5CYII='), (c) => c.charCodeAt(0))
const read = await imageFiles([{ name: 'cat/1.png', bytes: png }], { shape: [1, 2, 1], classes: ['cat'] })()
${said}`
const columns = `
import { readFileSync } from 'node:fs'
import { readParquet } from 'shapewright/parquet'
import * as t from 'io-ts'
const file = new Uint8Array(readFileSync(${JSON.stringify(join(process.cwd(), 'test/golden/readers/parquet/tiny-snappy.parquet'))}))
const read = await readParquet(file, t.type({ i64: t.number }), { inputs: (r) => [r.i64], targets: (r) => [r.i64] })()
${said}`

/** The packages that one entry alone needs: Node names the one that is missing, and takes it where it is there. */
it.each([
  ['csv', ['papaparse'], tables],
  ['images', ['fast-png', 'fflate', 'iobuffer'], pictures],
  ['parquet', ['hyparquet', 'hyparquet-compressors', 'fzstd', 'hysnappy'], columns],
] as const)('the entry for %s needs its package, and runs with it', (entry, packages, program) => {
  write(`${entry}.js`, program)
  const run = (): string => execFileSync(process.execPath, [`${entry}.js`], { cwd: application, encoding: 'utf8', stdio: 'pipe' })
  expect(run).toThrow(`Cannot find package '${packages[0]}'`)
  for (const name of packages)
    cpSync(join(process.cwd(), 'node_modules', name), join(application, 'node_modules', name), { recursive: true })
  expect(run()).toBe('done\n')
  expect(bundled(`${entry}.js`).length).toBeGreaterThan(0)
})

it('its entry for files knows the models of the others', () => {
  write('files.js', weights)
  expect(execFileSync(process.execPath, ['files.js'], { cwd: application, encoding: 'utf8' })).toBe('done\n')
})

it('its command runs, and says what it needs', () => {
  const file = join(process.cwd(), 'test/golden/safetensors/names.safetensors')
  const run = (): string =>
    execFileSync(join(application, 'node_modules/.bin/shapewright-types'), [file, '--out', 'names.d.ts'], {
      cwd: application,
      encoding: 'utf8',
      stdio: 'pipe',
    })
  expect(run).toThrow('shapewright-types: needs ts-morph; npm install --save-dev ts-morph')
  // what ts-morph needs itself lies beside it there
  symlinkSync(join(process.cwd(), 'node_modules/ts-morph'), join(application, 'node_modules/ts-morph'))
  expect(run()).toMatch(/^names\.d\.ts: \d+ tensors\n$/)
  expect(readFileSync(join(application, 'names.d.ts'), 'utf8')).toContain('export interface Weights')
})

/** A program of the application as a page would get it. */
const bundled = (entry: string): string => {
  const { outputFiles } = buildSync({
    entryPoints: [join(application, entry)],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    write: false,
    external: ['node:*'],
  })
  return outputFiles.map(({ text }) => text).join('')
}

/** What one entry of the package throws, another knows: they share one set of classes. */
const resolved = `
import { ShapeError, tensor } from 'shapewright'
import { conv2d } from 'shapewright/ops'
import { mnist } from 'shapewright/data'
try {
  conv2d(tensor([1]), tensor([1]))
} catch (error) {
  const place = import.meta.resolve('shapewright').split('/').slice(-2).join('/')
  console.log(place, error instanceof ShapeError, typeof mnist)
}
`
