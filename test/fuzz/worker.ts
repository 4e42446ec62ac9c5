/** One campaign against one reader, in a thread that its starter can kill: what is tried, what came of it, what failed. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Either } from 'fp-ts/lib/Either.js'
import { installGuard, startCounting, stopCounting } from './guard.ts'
import { inputsOf } from './inputs.ts'
import { places } from './tally.ts'
import { allowance, type FuzzTarget } from './target.ts'

export interface Orders {
  /** The module with the table of targets. */
  readonly table: string
  readonly name: string
  readonly seed: number
  /** The first input's number, and how many the campaign has. */
  readonly from: number
  readonly runs: number
  readonly found: readonly Uint8Array[]
  /** Shared memory, by `places`. */
  readonly tally: Float64Array
}

export interface Failure {
  readonly kind: 'throw' | 'memory' | 'wrong' | 'hang'
  readonly what: string
  readonly index: number
  readonly bytes: Uint8Array
}

const longestMessage = 1000
const mostKinds = 20

const run = async (orders: Orders): Promise<void> => {
  const { targets } = (await import(orders.table)) as { readonly targets: readonly FuzzTarget[] }
  const target = targets.find(({ name }) => name === orders.name)
  if (target === undefined) throw new Error(`there is no target '${orders.name}'`)
  const inputs = await inputsOf(target, orders.found, orders.seed, orders.runs)
  const told = new Set<string>()
  const { tally } = orders
  installGuard()
  for (let index = orders.from; index < orders.runs; index++) {
    tally[places.index] = index
    const bytes = inputs(index)
    tally[places.reading] = 1
    const failure = await tried(target, bytes, index, tally)
    tally[places.reading] = 0
    if (failure === null) continue
    const kind = `${failure.kind} ${failure.what.replace(/\d+/g, '#').slice(0, 80)}`
    if (told.has(kind) || told.size >= mostKinds) continue
    told.add(kind)
    parentPort?.postMessage(await shortest(target, { ...failure, index, bytes }))
  }
  tally[places.finished] = 1
}

type Fault = Pick<Failure, 'kind' | 'what'>

const tried = async (target: FuzzTarget, bytes: Uint8Array, index: number, tally: Float64Array): Promise<Fault | null> => {
  // an offset that moves: views on elements must not lean on where the bytes happen to lie
  const given = shifted(bytes, index % 9)
  startCounting(allowance(bytes.length))
  const begin = performance.now()
  let result: Either<{ readonly message: string }, unknown> | null = null
  let thrown: unknown = null
  try {
    result = await target.read(given)
  } catch (cause) {
    thrown = cause ?? 'null'
  }
  const milliseconds = performance.now() - begin
  const asked = stopCounting()
  add(tally, places.tried, 1)
  record(tally, places.slowest, milliseconds, places.slowestIndex, index)
  record(tally, places.total, asked.total, places.totalIndex, index)
  tally[places.largest] = Math.max(tally[places.largest] as number, asked.largest)
  if (asked.refused !== null) return { kind: 'memory', what: `${asked.refused.message}, allowed are ${allowance(bytes.length)}` }
  if (result === null) return { kind: 'throw', what: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown) }
  add(tally, result._tag === 'Left' ? places.left : places.right, 1)
  if (!same(given, bytes)) return { kind: 'wrong', what: 'the reader wrote into its input' }
  return answerFault(target, bytes, result)
}

const answerFault = async (
  target: FuzzTarget,
  bytes: Uint8Array,
  result: Either<{ readonly message: string }, unknown>,
): Promise<Fault | null> => {
  if (result._tag === 'Left') {
    const { message } = result.left
    if (typeof message !== 'string' || message.length === 0) return { kind: 'wrong', what: 'a Left without a message' }
    if (message.includes('\n') || message.length > longestMessage)
      return { kind: 'wrong', what: `a message that is no sentence: ${message.slice(0, 200)}` }
    return null
  }
  try {
    const why = (await target.wrong?.(bytes, result.right)) ?? null
    return why === null ? null : { kind: 'wrong', what: why }
  } catch (cause) {
    return { kind: 'wrong', what: `checking the answer threw ${cause instanceof Error ? cause.message : String(cause)}` }
  }
}

const shifted = (bytes: Uint8Array, by: number): Uint8Array => {
  const room = new Uint8Array(bytes.length + by)
  room.set(bytes, by)
  return room.subarray(by)
}
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
const add = (tally: Float64Array, at: number, count: number): void => {
  tally[at] = (tally[at] as number) + count
}
const record = (tally: Float64Array, at: number, value: number, indexAt: number, index: number): void => {
  if (value <= (tally[at] as number)) return
  tally[at] = value
  tally[indexAt] = index
}

/** The same kind of failure on fewer bytes: parts are left out, halves first, then single bytes, as long as it still fails. */
const shortest = async (target: FuzzTarget, failure: Failure): Promise<Failure> => {
  const scratch = new Float64Array(Object.keys(places).length)
  let best = failure
  let tries = 500
  for (let size = best.bytes.length >> 1; size >= 1; size >>= 1)
    for (let at = 0; at + size <= best.bytes.length && tries > 0; tries--) {
      const bytes = Uint8Array.from([...best.bytes.subarray(0, at), ...best.bytes.subarray(at + size)])
      const fault = await tried(target, bytes, failure.index, scratch)
      if (fault?.kind === failure.kind) best = { ...failure, what: fault.what, bytes }
      else at += size
    }
  return best
}

await run(workerData as Orders)
