/** `npm run conformance -- FILE`: the cases of files like test/golden/pytorch.json, interpreted and compiled. */
import { readFileSync } from 'node:fs'
import { type Json, parse } from './conformance/golden.ts'
import { type Verdict, verdicts } from './conformance/run.ts'

const read = (path: string): Json => {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (error) {
    console.error(`conformance: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  }
}
const count = (all: readonly Verdict[], outcome: Verdict['outcome']): number => all.filter((verdict) => verdict.outcome === outcome).length

const given = process.argv.slice(2)
const paths = given.length > 0 ? given : ['test/golden/pytorch.json']
const all: Verdict[] = []
for (const path of paths) all.push(...(await verdicts(read(path))))
for (const { title, outcome, reasons } of all) if (outcome !== 'passed') console.log([`${outcome}: ${title}`, ...reasons].join('\n  '))
const failed = count(all, 'failed')
console.log(`${count(all, 'passed')} passed, ${failed} failed, ${count(all, 'skipped')} skipped`)
process.exitCode = failed > 0 ? 1 : 0
