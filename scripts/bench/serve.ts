/** The other end of the protocol, for lines in JavaScript: answers requests on standard input with what a runner does. */
import { createInterface } from 'node:readline'
import type { Job, Request } from './protocol.ts'

/** One library at one workload. */
export interface Runner {
  readonly version: string
  /** Puts the initial weights and an empty optimizer back. */
  readonly reset: () => unknown
  /** One step on one of the batches. What it returns is awaited where `awaits` is true. */
  readonly step: (batch: number) => unknown
  readonly awaits?: boolean
  /** Waits for what a library does later, at the end of a block of steps. */
  readonly settle?: () => unknown
  /** The loss of the last step, or its first predictions. */
  readonly values: () => Iterable<number> | Promise<Iterable<number>>
  /** More that is known at the start. */
  readonly report?: Readonly<Record<string, unknown>>
  /** Answers to requests that not every line understands. */
  readonly more?: Readonly<Record<string, (request: Request) => unknown>>
}
export type Start = (job: Job) => Runner | Promise<Runner>

export const serve = async (start: Start): Promise<void> => {
  let runner: Runner | null = null
  let batches = 1
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request
    if (request.do === 'quit') break
    try {
      if (request.do === 'start') {
        runner = await start(request)
        batches = request.batches
        tell({ version: runner.version, ...runner.report })
      } else if (runner === null) throw new Error('not started')
      else tell((await answered(runner, request, batches)) as object)
    } catch (error) {
      process.stdout.write(`${JSON.stringify({ ok: false, error: error instanceof Error ? error.message : String(error) })}\n`)
    }
  }
  process.exit(0)
}

const tell = (answer: object): void => {
  process.stdout.write(`${JSON.stringify({ ok: true, ...answer })}\n`)
}

const answered = async (runner: Runner, request: Request, batches: number): Promise<unknown> => {
  if (request.do === 'check') return { values: await checked(runner, request.steps, request.patience, batches) }
  if (request.do === 'run') return timed(runner, request.milliseconds, request.block, batches)
  const more = runner.more?.[request.do]
  if (more === undefined) throw new Error(`does not know ${request.do}`)
  return more(request)
}

const checked = async (runner: Runner, steps: number, patience: number, batches: number): Promise<readonly number[]> => {
  await runner.reset()
  const values: number[] = []
  const started = performance.now()
  for (let i = 0; i < steps && (i < 2 || performance.now() - started < patience); i++) {
    await runner.step(i % batches)
    await runner.settle?.()
    values.push(...(await runner.values()))
  }
  return values
}

const timed = async (runner: Runner, milliseconds: number, block: number, batches: number) => {
  let [spent, done] = [0, 0]
  while (spent < milliseconds) {
    const left = done === 0 ? 1 : Math.round((milliseconds - spent) / (spent / done))
    const count = Math.min(block, Math.max(1, left))
    await runner.reset()
    await runner.settle?.()
    const from = performance.now()
    if (runner.awaits) await stepsInTurn(runner, count, batches)
    else steps(runner.step, count, batches)
    await runner.settle?.()
    spent += performance.now() - from
    done += count
  }
  return { microseconds: (spent * 1000) / done, steps: done }
}

/** A function of its own, so that the engine compiles the loop once and whole. */
export const steps = (step: (batch: number) => unknown, count: number, batches: number): void => {
  for (let i = 0, at = 0; i < count; i++) {
    step(at)
    at = at + 1 === batches ? 0 : at + 1
  }
}
const stepsInTurn = async ({ step }: Runner, count: number, batches: number): Promise<void> => {
  for (let i = 0; i < count; i++) await step(i % batches)
}
