/** `npm run check:types`: every accepted program and every rejected mistake, under the three compilers. */
import { judge } from './type-cases.ts'
import { readCases } from './typescript/cases.ts'
import { diagnose, type Version, versions } from './typescript/compilers.ts'

const cases = readCases(process.cwd(), ['test/types/cases/{accepted,rejected}/*.ts', 'examples/errors/*.ts'])
const accepted = cases.reduce((n, file) => n + file.accepted, 0)
const rejected = cases.reduce((n, file) => n + file.mistakes.length, 0)

const check = async (version: Version): Promise<number> => {
  const begin = performance.now()
  const wrong = judge(cases, await diagnose(version, 'test/types/tsconfig.json'))
  for (const line of wrong) console.error(`TypeScript ${version}: ${line}`)
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  console.log(`check:types: TypeScript ${version}: ${accepted} accepted, ${rejected} rejected, ${wrong.length} wrong (${seconds} s)`)
  return wrong.length
}

const wrong = await Promise.all(versions.map(check))
process.exitCode = wrong.every((n) => n === 0) ? 0 : 1
