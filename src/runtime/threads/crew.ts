/** The workers of this process or page: started when a program first needs them, shared by all programs, never in the way of an exit. */
import { type NodeWorker, nodeModule } from './host.ts'
import { mailBytes, mailWords, workerSource } from './worker.ts'

interface Hand {
  readonly mail: Int32Array
  readonly post: (message: unknown) => void
}
/** A program at the workers: `call` starts their shares of a step. */
export interface Job {
  /** Whether the workers have the program, and are there. */
  readonly isReady: () => boolean
  readonly call: (entry: number) => void
}
export interface Team {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Names of the exported functions `(thread, threads)` of the steps. */
  readonly entries: readonly string[]
  readonly threads: number
  /** The byte that counts the workers which have the program. */
  readonly ready: number
}

/** The one thing here that lives as long as the process: hands by number, and why there will be no more. */
const hands: Hand[] = []
let fault: string | null = null
let programs = 0

/** Why workers can't be started here, in one line; null as long as they can. */
export const crewFault = (): string | null => fault

/** Hands a program to as many workers as it needs. They take it up in their own time; until then a step runs on one thread. */
export const enlist = ({ module, memory, entries, threads, ready }: Team): Job => {
  while (fault === null && hands.length < threads - 1) start()
  if (fault !== null) return { isReady: () => false, call: () => {} }
  const own = hands.slice(0, threads - 1)
  const [id, words] = [++programs, new Int32Array(memory.buffer)]
  for (const hand of own) send(hand, { id, module, memory, entries, ready: ready / 4 })
  let isThere = false
  const job: Job = {
    isReady: () => {
      if (!isThere) isThere = Atomics.load(words, ready / 4) === own.length
      return isThere && fault === null
    },
    call: (entry) => {
      for (let i = 0; i < own.length; i++) ring((own[i] as Hand).mail, id, entry, i + 1, threads)
    },
  }
  finished.register(job, { id, own })
  return job
}

/** What a worker holds of a program would keep its memory: it forgets the program when this thread has. */
const finished = new FinalizationRegistry<{ readonly id: number; readonly own: readonly Hand[] }>(({ id, own }) => {
  for (const hand of own) send(hand, { id })
})

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

const start = (): void => {
  const lost = (cause: unknown): void => {
    fault ??= `threads: a worker could not be kept: ${cause instanceof Error ? cause.message : cause}`
  }
  try {
    const mail = new Int32Array(new SharedArrayBuffer(mailBytes))
    const hand = { mail, post: (nodeModule('node:worker_threads') === null ? inPage : inNode)(lost) }
    send(hand, { first: mail })
    hands.push(hand)
  } catch (cause) {
    lost(cause)
  }
}

/** Arguments and variables of this process are not the worker's: they may load what it has no use for. */
const inNode = (lost: (cause: unknown) => void): Hand['post'] => {
  const { Worker: NodeThread } = nodeModule('node:worker_threads') as {
    readonly Worker: new (source: string, options: object) => NodeWorker
  }
  const worker = new NodeThread(workerSource, { eval: true, env: {}, execArgv: [] })
  worker.on('error', lost)
  worker.on('exit', (code) => lost(`it ended with ${code}`))
  worker.unref()
  return (message) => worker.postMessage(message)
}

const inPage = (lost: (cause: unknown) => void): Hand['post'] => {
  const worker = new Worker(URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' })))
  worker.onerror = (event) => lost(event.message ?? 'the page does not allow it')
  return (message) => worker.postMessage(message)
}
