/** `npm run fuzz`: random and broken files against every reader. `--only npy,npz`, `--runs n` each, `--seed n`. */
import { parseArgs } from 'node:util'
import { campaign, showFailure, showReport } from '../test/fuzz/campaign.ts'
import { targets } from '../test/fuzz/targets.ts'

const { values: options } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } } })
const runs = Number(options.runs ?? 200_000)
const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31))
const only = options.only?.split(',')
const unknown = only?.find((name) => !targets.some((target) => target.name === name))
if (unknown !== undefined || !Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) {
  console.error(`fuzz: ${unknown === undefined ? '--runs and --seed are whole numbers' : `there is no reader '${unknown}'`}`)
  process.exit(2)
}
const chosen = targets.filter(({ name }) => only?.includes(name) ?? true)
console.log(`fuzz: ${runs} inputs each for ${chosen.length} readers, seed ${seed}`)

const table = new URL('../test/fuzz/targets.ts', import.meta.url)
const waiting = [...chosen]
let [passed, failed, tried] = [0, 0, 0]
/** Two readers at a time. */
const lane = async (): Promise<void> => {
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
    const report = await campaign(target, { table, seed, runs })
    console.log(showReport(report))
    for (const failure of report.failures) console.error(showFailure(report.name, seed, failure))
    tried += report.tried
    if (report.failures.length === 0 && report.tried >= runs) passed++
    else failed++
  }
}
await Promise.all([lane(), lane()])
console.log(`fuzz: ${tried} inputs, seed ${seed}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
