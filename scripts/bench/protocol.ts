/**
 * How a line of the benchmark is spoken to: a process of its own, to which one JSON object a line is written, and which answers
 * each with one. What else it prints is not ours to read.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Workload } from './workloads.ts'

/** What a line computes: the workload, and where its data lies. Flat, so that a program in C can read it. */
export interface Job {
  readonly network: Workload['network']
  readonly sizes: readonly number[]
  readonly time: number
  readonly batch: number
  readonly batches: number
  readonly mode: string
  readonly loss: string
  readonly optimizer: string
  readonly rate: number
  readonly parameters: number
  readonly data: string
  readonly threads: number
  readonly fastMath: boolean
}
export type Request =
  | ({ readonly do: 'start' } & Job)
  /** So many steps from the initial weights: the loss of each, or the first predictions of each. */
  | { readonly do: 'check'; readonly steps: number; readonly patience: number }
  /** Steps for so long; after every block of steps the initial weights are put back, which is not timed. */
  | { readonly do: 'run' | 'split'; readonly milliseconds: number; readonly block: number }
  | { readonly do: 'garbage'; readonly steps: number }
  | { readonly do: 'peaks' | 'bandwidth'; readonly threads: number; readonly milliseconds: number }
  | { readonly do: 'quit' }

export type Answer = Readonly<Record<string, unknown>>
export type Outcome = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly why: string }

/** What to run. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}
export interface Conversation {
  readonly ask: (request: Request, seconds: number) => Promise<Outcome>
  readonly close: () => void
}

/** Libraries leave threads that spin for a while after their work: where the system can, a process that is not asked stands still. */
const freezes = process.platform !== 'win32'
/** What must not outlive this process: it might stand still for ever. */
const children = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

export const converse = ({ command, args, env = {} }: Launch, folder: string): Conversation => {
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  children.add(child)
  const waiting: ((outcome: Outcome) => void)[] = []
  const complaints: string[] = []
  let ended: string | null = null
  const settle = (outcome: Outcome): void => waiting.shift()?.(outcome)
  const end = (why: string): void => {
    ended ??= why
    while (waiting.length > 0) settle({ ok: false, why })
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    const outcome = answerOf(line)
    if (outcome !== null) settle(outcome)
  })
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line))
  child.stdin.on('error', () => {})
  child.on('error', ({ message }) => end(message))
  child.on('close', (code, signal) => {
    children.delete(child)
    end(`ended with ${signal ?? code}${lastOf(complaints)}`)
  })
  const ask: Conversation['ask'] = (request, seconds) =>
    new Promise((resolve) => {
      if (ended !== null) return resolve({ ok: false, why: ended })
      const timer = setTimeout(() => {
        end(`no answer to ${request.do} within ${seconds} s`)
        child.kill('SIGKILL')
      }, seconds * 1000)
      waiting.push((outcome) => {
        clearTimeout(timer)
        if (freezes) child.kill('SIGSTOP')
        resolve(outcome)
      })
      if (freezes) child.kill('SIGCONT')
      child.stdin.write(`${JSON.stringify(request)}\n`)
    })
  return { ask, close: () => stop(child) }
}

/** The answer that a line of output is, or null where it is none. */
export const answerOf = (line: string): Outcome | null => {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || !('ok' in value)) return null
    if (value.ok === true) return { ok: true, answer: value as Answer }
    return { ok: false, why: 'error' in value ? String(value.error) : 'no reason given' }
  } catch {
    return null
  }
}

const lastOf = (complaints: readonly string[]): string => {
  const said = complaints.filter((line) => line.trim() !== '')
  const last = said.filter((line) => /^\w*Error\b/.test(line)).at(-1) ?? said.at(-1)
  return last === undefined ? '' : `: ${last.trim()}`
}
const stop = (child: ChildProcess): void => {
  if (freezes) child.kill('SIGCONT')
  child.stdin?.end(`${JSON.stringify({ do: 'quit' })}\n`)
  setTimeout(() => child.kill('SIGKILL'), 2000).unref()
}
