/** The workers of this process or page: started when a program first needs them, shared by all programs, never in the way of an exit. */
import { type NodeWorker, nodeModule } from './host.ts'
import { mailBytes, mailWords, workerSource } from './worker.ts'

/** A program at the workers. */
export interface Job {
  /** Whether all workers of the program have it. */
  readonly isReady: () => boolean
  /** Starts their shares of a step. */
  readonly call: (entry: number) => void
}
export interface Team {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Names of the exported functions `(thread, threads)` of the steps. */
  readonly entries: readonly string[]
  readonly threads: number
  /** The first of the bytes by which workers say that they have the program. */
  readonly ready: number
}

interface Hand {
  readonly mail: Int32Array
  readonly post: (message: unknown) => void
  readonly end: () => void
  /** By which it says that it has a program: a byte that no worker before it at this place had. */
  readonly mark: number
  /** Bytes of the programs that it was told to forget, and may still hold. */
  forgotten: number
}
/** What is kept of a program: not the program, nor anything that holds it. */
interface Enlisted {
  readonly id: number
  readonly own: Hand[]
  readonly team: WeakRef<Team>
  readonly bytes: number
  isThere: boolean
}

/** The one thing here that lives as long as the process: hands by number, what they work at, and why there will be no more. */
const hands: Hand[] = []
const enlisted = new Set<Enlisted>()
let fault: string | null = null
let programs = 0
let started = 0

/** Why workers can't be started here, in one line; null as long as they can. */
export const crewFault = (): string | null => fault

/** Hands a program to as many workers as it needs. They take it up in their own time; until then a step runs on one thread. */
export const enlist = (team: Team): Job => {
  const { memory, threads, ready } = team
  while (fault === null && hands.length < threads - 1) start(hands.length)
  if (fault !== null) return { isReady: () => false, call: () => {} }
  const own = hands.slice(0, threads - 1)
  const here: Enlisted = { id: ++programs, own, team: new WeakRef(team), bytes: memory.buffer.byteLength, isThere: false }
  for (let i = 0; i < own.length; i++) hand(here, team, i)
  const said = new Uint8Array(memory.buffer, ready, own.length)
  const job: Job & { readonly team: Team; readonly weight: unknown } = {
    isReady: () => {
      if (!here.isThere) here.isThere = said.every((_, i) => Atomics.load(said, i) === own[i]?.mark)
      return here.isThere && fault === null
    },
    call: (entry) => {
      for (let i = 0; i < own.length; i++) ring((own[i] as Hand).mail, here.id, entry, i + 1, threads)
    },
    team,
    weight: weightOf(here.bytes),
  }
  enlisted.add(here)
  finished.register(job, here)
  return job
}

/**
 * Engines do not count shared memory as a reason to collect garbage, so programs would pile up. A buffer as large is kept beside
 * each and counted; its pages are never touched, so that it takes none.
 */
const weightOf = (bytes: number): unknown => new ArrayBuffer(Math.min(bytes, 2 ** 26))

const hand = ({ id, own }: Enlisted, { module, memory, entries, ready }: Team, i: number): void =>
  send(own[i] as Hand, { id, module, memory, entries, ready: ready + i, mark: own[i]?.mark })

/** What workers hold of a program would keep its memory: they forget it when this thread has. */
const finished = new FinalizationRegistry<Enlisted>((gone) => {
  enlisted.delete(gone)
  for (const one of gone.own) {
    send(one, { id: gone.id })
    one.forgotten += gone.bytes
    if (one.forgotten > mostForgotten) replace(hands.indexOf(one))
  }
})

/** A worker that sleeps collects no garbage: one that had to forget so many bytes gives way to a new one. */
const mostForgotten = 2 ** 26

/** No step runs meanwhile: this thread would have to be in it. Programs in use are handed on, and run on one thread until then. */
const replace = (i: number): void => {
  const old = hands[i]
  if (old === undefined || fault !== null) return
  old.end()
  start(i)
  const next = hands[i]
  if (next === undefined || next === old) return
  for (const here of enlisted) {
    const at = here.own.indexOf(old)
    const team = here.team.deref()
    if (at < 0 || team === undefined) continue
    here.isThere = false
    here.own[at] = next
    hand(here, team, at)
  }
}

const ring = (mail: Int32Array, program: number, entry: number, thread: number, threads: number): void => {
  mail[mailWords.program] = program
  mail[mailWords.entry] = entry
  mail[mailWords.thread] = thread
  mail[mailWords.threads] = threads
  Atomics.add(mail, mailWords.jobs, 1)
  wake(mail)
}
const send = ({ mail, post }: Hand, message: unknown): void => {
  post(message)
  Atomics.add(mail, mailWords.posted, 1)
  wake(mail)
}
const wake = (mail: Int32Array): void => {
  Atomics.add(mail, mailWords.bell, 1)
  if (Atomics.load(mail, mailWords.asleep) !== 0) Atomics.notify(mail, mailWords.bell)
}

/** Puts a new worker at a place among the hands. */
const start = (i: number): void => {
  let isWanted = true
  const lost = (cause: unknown): void => {
    if (isWanted) fault ??= `threads: a worker could not be kept: ${cause instanceof Error ? cause.message : cause}`
  }
  try {
    const mail = new Int32Array(new SharedArrayBuffer(mailBytes))
    const { post, end } = (nodeModule('node:worker_threads') === null ? inPage : inNode)(lost)
    const fresh: Hand = {
      mail,
      post,
      mark: (started++ % 255) + 1,
      forgotten: 0,
      end: () => {
        isWanted = false
        end()
      },
    }
    send(fresh, { first: mail })
    hands[i] = fresh
  } catch (cause) {
    lost(cause)
  }
}

type Started = Pick<Hand, 'post' | 'end'>
/** Arguments and variables of this process are not the worker's: they may load what it has no use for. */
const inNode = (lost: (cause: unknown) => void): Started => {
  const { Worker: NodeThread } = nodeModule('node:worker_threads') as {
    readonly Worker: new (source: string, options: object) => NodeWorker
  }
  const worker = new NodeThread(workerSource, { eval: true, env: {}, execArgv: [] })
  worker.on('error', lost)
  worker.on('exit', (code) => lost(`it ended with ${code}`))
  worker.unref()
  return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() }
}

const inPage = (lost: (cause: unknown) => void): Started => {
  const worker = new Worker(URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' })))
  worker.onerror = (event) => lost(event.message ?? 'the page does not allow it')
  return { post: (message) => worker.postMessage(message), end: () => worker.terminate() }
}
