/** Campaigns against readers, each in a thread of its own that is killed where it hangs. */
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { found } from './found.ts'
import { inputsOf } from './inputs.ts'
import { places } from './tally.ts'
import type { FuzzTarget } from './target.ts'
import type { Failure, Orders } from './worker.ts'

export interface Campaign {
  /** The module whose `targets` are tried. */
  readonly table: URL
  readonly seed: number
  readonly runs: number
  /** How long one input may take, in milliseconds: 10,000 unless said. */
  readonly patience?: number
  /** The most that objects may take in a thread, in MB: 256 unless said. */
  readonly heap?: number
}

export interface Report {
  readonly name: string
  readonly seed: number
  readonly tried: number
  readonly left: number
  readonly right: number
  /** The input that took longest: milliseconds and its number. */
  readonly slowest: readonly [milliseconds: number, index: number]
  /** The most that one reading asked for: in one request and in all, in bytes. */
  readonly largest: number
  readonly total: number
  readonly seconds: number
  readonly failures: readonly Failure[]
}

const mostHangs = 3

/** Tries one reader. A thread that hangs is killed, reported, and another one goes on behind the input. */
export const campaign = async (target: FuzzTarget, { table, seed, runs, patience = 10_000, heap = 256 }: Campaign): Promise<Report> => {
  const tally = new Float64Array(new SharedArrayBuffer(8 * Object.keys(places).length))
  const begin = performance.now()
  const failures: Failure[] = []
  const before = found.filter(({ name }) => name === target.name).map(({ hex }) => Uint8Array.from(Buffer.from(hex, 'hex')))
  const orders = { table: table.href, name: target.name, seed, runs, found: before, tally }
  for (let from = 0, ends = 0; from < runs && ends < mostHangs; ends++) {
    const end = await inThread({ ...orders, from }, failures, patience, heap)
    if (end === null) break
    if (tally[places.tried] === 0 && end.kind === 'throw') return Promise.reject(new Error(`fuzz: ${target.name}: ${end.what}`))
    const index = tally[places.index] as number
    const inputs = await inputsOf(target, before, seed, runs)
    failures.push({ ...end, index, bytes: inputs(index) })
    from = index + 1
  }
  const at = (place: keyof typeof places): number => tally[places[place]] as number
  return {
    name: target.name,
    seed,
    tried: at('tried'),
    left: at('left'),
    right: at('right'),
    slowest: [at('slowest'), at('slowestIndex')],
    largest: at('largest'),
    total: at('total'),
    seconds: (performance.now() - begin) / 1000,
    failures,
  }
}

/** TypeScript in a thread, whoever started it: the CLI under tsx, or vitest. */
const start = `import(${JSON.stringify(
  pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/cjs$/, 'mjs'),
  ).href,
)}).then((tsx) => {
  tsx.register()
  return import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)})
})`

type End = Pick<Failure, 'kind' | 'what'>

/** Null at the end of the campaign, or what ended the thread. */
const inThread = (orders: Orders, failures: Failure[], patience: number, heap: number): Promise<End | null> =>
  new Promise((resolve) => {
    orders.tally[places.reading] = 0
    const worker = new Worker(start, { eval: true, workerData: orders, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heap } })
    let [last, since] = ['', performance.now()]
    const finish = (end: End | null): void => {
      clearInterval(watch)
      void worker.terminate()
      resolve(end)
    }
    const watch = setInterval(
      () => {
        const reading = orders.tally[places.reading] === 1
        const now = `${orders.tally[places.index]} ${reading}`
        if (now !== last) [last, since] = [now, performance.now()]
        // loading and making inputs are our own doing: they get longer
        else if (performance.now() - since > (reading ? patience : patience + 60_000))
          finish({ kind: 'hang', what: `no answer within ${patience} ms` })
      },
      Math.min(250, patience / 4),
    )
    worker.on('message', (failure: Failure) => failures.push(failure))
    worker.on('error', (cause) =>
      finish({ kind: 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'throw', what: String(cause) }),
    )
    worker.on('exit', () => finish(endOf(orders.tally)))
  })

/** A thread also ends where nothing is left to do: a reader waits for what nobody will say. */
const endOf = (tally: Float64Array): End | null => {
  if (tally[places.finished] === 1) return null
  return tally[places.reading] === 1
    ? { kind: 'hang', what: 'a promise that is never settled' }
    : { kind: 'throw', what: 'the thread ended' }
}

/** `npy   200000 inputs   123 read, 199877 refused   slowest 1.2 ms   at most 12.3 KB   9 s` */
export const showReport = ({ name, tried, left, right, slowest, total, seconds, failures }: Report): string =>
  [
    `${name.padEnd(18)}${String(tried).padStart(8)} inputs`,
    `${String(right).padStart(7)} read,${String(left).padStart(7)} refused`,
    `slowest ${slowest[0].toFixed(1).padStart(6)} ms`,
    `memory asked for ${(total / 1024).toFixed(0).padStart(5)} KB`,
    `${seconds.toFixed(0).padStart(3)} s`,
    ...(failures.length > 0 ? [`${failures.length} FAILURES`] : []),
  ].join('   ')

/** What failed, and how to see it again. */
export const showFailure = (name: string, seed: number, { kind, what, index, bytes }: Failure): string =>
  [
    `${name}: ${kind}: ${what}`,
    `  input ${index} of seed ${seed}, at its shortest ${bytes.length} bytes: ${Buffer.from(bytes.subarray(0, 2000)).toString('hex')}${bytes.length > 2000 ? '...' : ''}`,
    `  npm run fuzz -- --only ${name} --seed ${seed}; mended, it joins test/fuzz/found.ts`,
  ].join('\n')
