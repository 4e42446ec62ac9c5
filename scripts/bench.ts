/**
 * npm run bench: a training step beside every peer that is installed, in rounds in which all take turns. Medians, ratios to ours in
 * the same round, shares of what the machine can do. `--json` for machines, `--write` for bench/README.md; see `usage`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { growing, isOurs, lines } from './bench/lines.ts'
import { type Measured, measure } from './bench/measure.ts'
import { type Options, optionsOf, usage, wanted } from './bench/options.ts'
import { machineOf, type Peaksmith, startPeaks } from './bench/peaks.ts'
import { summaryOf } from './bench/summary.ts'
import { type Run, report, type Sweep } from './bench/table.ts'
import { sweep, type Workload, workloads } from './bench/workloads.ts'

const readme = join(import.meta.dirname, '../bench/README.md')
/** What stands above the figures stays as it is. */
const below = '<!-- what follows is written by npm run bench -- --write -->'

/** Enough to see how cost grows. */
const sweepTurns = { rounds: 3, time: 50, apart: false, garbageSeconds: 0 }
/** 10,000 steps of most workloads, or, where somebody waits for a few, a glance. */
const garbageSeconds = { all: 12, some: 1 }

const say = (progress: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${progress}`)
}

const chosen = ({ only }: Options): readonly Workload[] => workloads.filter(({ id }) => only === null || only.includes(id))

const measured = async (options: Options, smith: Peaksmith | null): Promise<readonly Measured[]> => {
  const taking = lines.filter((line) => isOurs(line) || wanted(options.peers, line.id))
  const results: Measured[] = []
  const turns = { ...options, apart: true, garbageSeconds: garbageSeconds[options.only === null ? 'all' : 'some'] }
  for (const workload of chosen(options)) results.push(await measure(workload, taking, turns, smith, say))
  return results
}

const swept = async ({ only, peers }: Options, smith: Peaksmith | null): Promise<readonly Sweep[]> => {
  if (only !== null && !only.includes('sweep')) return []
  const taking = growing().filter((line) => isOurs(line) || wanted(peers, line.id))
  const results: Sweep[] = []
  for (const { axis, points } of sweep) {
    const each: Measured[] = []
    for (const point of points) each.push(await measure(point, taking, sweepTurns, smith, say))
    results.push({ axis, points: each })
  }
  return results
}

const unknown = ({ only, peers }: Options): string | null => {
  const names = [...workloads.map(({ id }) => id), 'sweep']
  const workload = only?.find((name) => !names.includes(name))
  if (workload !== undefined) return `no workload ${workload}: ${names.join(', ')}`
  const peer = peers?.find((name) => name !== 'none' && !lines.some(({ id }) => wanted([name], id)))
  return peer === undefined ? null : `no line ${peer}: ${lines.map(({ id }) => id).join(', ')}`
}

const write = (run: Run): void => {
  const before = existsSync(readme) ? readFileSync(readme, 'utf8').split(below)[0] : ''
  writeFileSync(readme, `${before}${below}\n\n${report(run)}\n`)
}

const main = async (): Promise<void> => {
  const options = optionsOf(process.argv.slice(2))
  const wrong = typeof options === 'string' ? options : unknown(options)
  if (typeof options === 'string' || wrong !== null) {
    console.error(`${wrong}\n\n${usage}`)
    process.exitCode = 1
    return
  }
  const begun = startPeaks()
  const smith = 'missing' in begun ? null : begun.smith
  const run: Run = {
    date: new Date().toISOString().slice(0, 10),
    machine: await machineOf(smith),
    measured: await measured(options, smith),
    sweep: await swept(options, smith),
  }
  smith?.close()
  say('')
  if (options.write) write(run)
  console.log(options.json ? JSON.stringify({ ...run, summary: summaryOf(run.measured) }) : report(run))
}

await main()
