/**
 * `npm run check:types`: every accepted program and every rejected mistake, under the three compilers, whose words are
 * compared with `test/golden/diagnostics`. `-- --write` writes those files; `-- --mutate [names]` breaks the rules instead
 * (`scripts/mutate.ts`), to see that the cases notice.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { mutate } from './mutate.ts'
import { judge } from './type-cases.ts'
import { compareGolden, goldenName, goldenText, type Told } from './type-goldens.ts'
import { readCases } from './typescript/cases.ts'
import { diagnose, type Version, versions } from './typescript/compilers.ts'
import type { Diagnostic } from './typescript/diagnostic.ts'

/** Fewer cases than this are too few: whoever takes cases away must say so here. */
const least = { accepted: 150, rejected: 300 }
const tsconfig = 'test/types/tsconfig.json'
const folder = 'test/golden/diagnostics'

const cases = readCases(process.cwd(), ['test/types/cases/{accepted,rejected}/*.ts', 'examples/errors/*.ts'])
const count = {
  accepted: cases.reduce((n, file) => n + file.accepted, 0),
  rejected: cases.reduce((n, file) => n + file.mistakes.length, 0),
}
const withMistakes = cases.filter((file) => file.mistakes.length > 0)

const check = async (version: Version): Promise<{ readonly found: readonly Diagnostic[]; readonly wrong: number }> => {
  const begin = performance.now()
  const found = await diagnose(version, tsconfig)
  const wrong = judge(cases, found)
  for (const line of wrong) console.error(`TypeScript ${version}: ${line}`)
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  console.log(
    `check:types: TypeScript ${version}: ${count.accepted} accepted, ${count.rejected} rejected, ${wrong.length} wrong (${seconds} s)`,
  )
  return { found, wrong: wrong.length }
}

const orphans = (): readonly string[] => {
  const wanted = new Set(withMistakes.map(({ path }) => goldenName(path)))
  const present = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  return present.filter((name) => name.endsWith('.txt') && !wanted.has(name.replaceAll('\\', '/')))
}

const write = (told: Told): void => {
  for (const name of orphans()) rmSync(`${folder}/${name}`)
  for (const file of withMistakes) {
    const path = `${folder}/${goldenName(file.path)}`
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, goldenText(file, told))
  }
}

/** What the golden files and the compilers do not agree on. */
const disagreements = (told: Told): readonly string[] => [
  ...withMistakes.flatMap((file) => {
    const path = `${folder}/${goldenName(file.path)}`
    return compareGolden(file, existsSync(path) ? readFileSync(path, 'utf8') : null, told)
  }),
  ...orphans().map((name) => `${folder}/${name}: its cases are not there any more`),
]

const checkAll = async (): Promise<boolean> => {
  const checked = await Promise.all(versions.map(check))
  const told = Object.fromEntries(versions.map((version, i) => [version, checked[i]?.found ?? []])) as Record<
    Version,
    readonly Diagnostic[]
  >
  if (process.argv.includes('--write')) write(told)
  const stale = disagreements(told)
  for (const line of stale) console.error(line)
  if (stale.length > 0) console.error('Read what changed, then write it down: npm run check:types -- --write')
  const few = count.accepted < least.accepted || count.rejected < least.rejected
  if (few) console.error(`expected at least ${least.accepted} accepted and ${least.rejected} rejected programs`)
  return !few && stale.length === 0 && checked.every(({ wrong }) => wrong === 0)
}

const at = process.argv.indexOf('--mutate')
process.exitCode = (await (at < 0 ? checkAll() : mutate(process.cwd(), tsconfig, cases, process.argv.slice(at + 1)))) ? 0 : 1
