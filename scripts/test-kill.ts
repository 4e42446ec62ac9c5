/** `npm run test:kill`: kills a training run at random moments, goes on each time, and compares what it ends with. `--kills n --seed n`. */
import { parseArgs } from 'node:util'
import { killRuns } from '../test/files/kill.ts'

const { values: options } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } })
const kills = Number(options.kills ?? 100)
const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31))
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  console.error('test:kill: --kills and --seed are whole numbers')
  process.exit(2)
}
console.log(`test:kill: ${kills} kills, seed ${seed}`)
const { passed, failed } = await killRuns({ kills, seed, epochs: 60, say: (line) => console.log(line) })
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
