/** `npm run fuzz:types`: law 3 on many random applications of everything public. `--runs n`, `--seed n`, `--only name`, `--compiler 6.0`. */
import { parseArgs } from 'node:util'
import { applications } from '../test/generators/applications/table.ts'
import { disagreement, draw, type Expected, preamble } from '../test/types-rules/law.ts'
import { type Answer, openCompiler } from './typescript/ask.ts'

const { values: options } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, compiler: { type: 'string' } },
})
const runs = Number(options.runs ?? 100_000)
const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31))
const batch = 1000
const table = Object.entries(applications).filter(([name]) => options.only === undefined || options.only.split(',').includes(name))

console.log(`fuzz:types: ${runs} applications of ${table.length} names, seed ${seed}`)
const begin = performance.now()
const compiler = openCompiler(preamble, 'Told', options.compiler === '6.0' ? '6.0' : undefined)
const found: string[] = []
let asked = 0

const ask = (all: readonly Expected[]): void => {
  for (let at = 0; at < all.length; at += batch) {
    const some = all.slice(at, at + batch)
    const answers = compiler.ask(some.map(({ code }) => code))
    asked += some.length
    found.push(...some.map((each, i) => disagreement(each, answers[i] as Answer)).filter((each) => each !== null))
  }
}
const count = Math.ceil(runs / table.length)
for (const [name, entry] of table) {
  const drawn = draw(name, entry, count, seed)
  const before = found.length
  ask(drawn)
  const right = drawn.filter(({ ran }) => 'told' in ran).length
  console.log(
    `${name.padEnd(34)}${right} accepted, ${drawn.length - right} refused${found.length > before ? `, ${found.length - before} DISAGREE` : ''}`,
  )
}
compiler.close()

const shortest = found.toSorted((a, b) => a.length - b.length).slice(0, 20)
for (const each of shortest) console.error(`\n${each}`)
if (found.length > shortest.length) console.error(`\nand ${found.length - shortest.length} more`)
const seconds = ((performance.now() - begin) / 1000).toFixed(0)
console.log(`fuzz:types: ${asked} applications, seed ${seed}, TypeScript ${compiler.version}, ${found.length} disagreements (${seconds} s)`)
process.exitCode = found.length === 0 ? 0 : 1
