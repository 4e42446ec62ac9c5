/** Measures a workload: every line starts, shows that it computes the right thing, and then they take turns, round by round. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataOf, writeData } from './data.ts'
import { isOurs, type Line, peersFolder } from './lines.ts'
import { askPeaks, type Peaks, type Peaksmith } from './peaks.ts'
import { type Answer, type Conversation, converse, type Job } from './protocol.ts'
import { median, type Rounds } from './statistics.ts'
import { parameterCount, type Workload } from './workloads.ts'

/** The parts of a step apart, in microseconds. */
export interface Split {
  readonly gemm: number
  readonly optimizer: number
  readonly rest: number
  readonly kernels: readonly { readonly name: string; readonly piece: string; readonly microseconds: number }[]
}
export interface LineResult {
  readonly id: string
  readonly version: string
  readonly rounds: Rounds
  readonly split: Split | null
  /** What so many steps left on the heap; ours alone. */
  readonly garbage: { readonly bytes: number; readonly steps: number } | null
  /** What our own lines say of their program. */
  readonly report: Answer | null
}
export interface Refusal {
  readonly id: string
  readonly why: string
}
export interface Measured {
  readonly workload: Workload
  readonly lines: readonly LineResult[]
  readonly refusals: readonly Refusal[]
  /** The machine's arithmetic in each round. */
  readonly peaks: readonly (Peaks | null)[]
}
export interface Turns {
  readonly rounds: number
  /** Milliseconds of one turn. */
  readonly time: number
  /** Whether parts of steps and garbage are measured too. */
  readonly apart: boolean
}

const startSeconds = 180
const checkSteps = 12
/** How long a line may take for its check before it is content with the steps that it has done, two at least. */
const checkPatience = 5000
/** A step that takes longer is measured once. */
const slowMicroseconds = 2e6
/** Steps until the initial weights are put back, so that nobody drifts to where gradients die out. */
const block = 1000
/** So many, or as many as fit. */
const garbageSteps = 10_000
const garbageMicroseconds = 12e6
const splitRounds = 3

interface Running {
  readonly line: Line
  readonly talk: Conversation
  readonly started: Answer
  readonly times: (number | null)[]
}

export const measure = async (
  workload: Workload,
  lines: readonly Line[],
  turns: Turns,
  smith: Peaksmith | null,
  say: (progress: string) => void,
): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-bench-'))
  const path = join(folder, 'data.bin')
  const running: Running[] = []
  try {
    writeData(path, dataOf(workload))
    const refusals: Refusal[] = []
    let reference: readonly number[] | null = null
    for (const line of lines) {
      const begun = await begin(line, jobOf(workload, line, path), workload, reference)
      if ('why' in begun) refusals.push({ id: line.id, why: begun.why })
      else {
        running.push(begun.running)
        reference ??= begun.values
      }
      say(`${workload.id} ${line.id}: ${'why' in begun ? begun.why : 'ready'}`)
    }
    const peaks: (Peaks | null)[] = []
    for (let round = 0; round < turns.rounds; round++) {
      peaks.push(smith === null ? null : await askPeaks(smith, 1))
      for (const one of running) one.times.push(await turn(one, turns.time))
      say(`${workload.id} round ${round + 1} of ${turns.rounds}`)
    }
    const results: LineResult[] = []
    for (const one of running) results.push(await resultOf(one, turns, workload))
    return { workload, lines: results, refusals, peaks }
  } finally {
    for (const { talk } of running) talk.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const jobOf = ({ id: _, title: __, ...workload }: Workload, { threads, fastMath }: Line, data: string): Job => ({
  ...workload,
  parameters: parameterCount({ id: '', title: '', ...workload }),
  data,
  threads,
  fastMath,
})

type Begun = { readonly running: Running; readonly values: readonly number[] } | { readonly why: string }

const begin = async (line: Line, job: Job, workload: Workload, reference: readonly number[] | null): Promise<Begun> => {
  const cannot = line.cannot(workload)
  if (cannot !== null) return { why: cannot }
  const prepared = line.prepare()
  if ('missing' in prepared) return { why: prepared.missing }
  const talk = converse(prepared.launch, peersFolder)
  const refuse = (why: string): Begun => {
    talk.close()
    return { why }
  }
  const started = await talk.ask({ do: 'start', ...job }, startSeconds)
  if (!started.ok) return refuse(started.why)
  const checked = await talk.ask({ do: 'check', steps: checkSteps, patience: checkPatience }, startSeconds)
  if (!checked.ok) return refuse(checked.why)
  const values = numbers(checked.answer.values)
  const wrong = doubt(values, line.same ? reference : null, workload)
  return wrong === null ? { running: { line, talk, started: started.answer, times: [] }, values } : refuse(wrong)
}

/** Why these losses or predictions are not what the workload gives; null where nothing is wrong with them. */
export const doubt = (values: readonly number[], reference: readonly number[] | null, { mode }: Pick<Workload, 'mode'>): string | null => {
  if (values.length < 2 || values.some((value) => !Number.isFinite(value))) return 'its values are not finite'
  const at = reference === null ? -1 : values.findIndex((value, i) => far(value, reference[i]))
  if (at >= 0) return `computes something else: ${values[at]} where ours gives ${reference?.[at]} (value ${at})`
  const falls = mode === 'infer' || Math.min(...values.slice(1)) < (values[0] as number)
  return falls ? null : 'its loss does not fall'
}
/** Rounding differs from line to line, and grows with every step. */
const far = (value: number, other: number | undefined): boolean =>
  other !== undefined && Math.abs(value - other) > 2e-3 * Math.max(1, Math.abs(other))

const numbers = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : [])

const turn = async ({ line, talk, times }: Running, time: number): Promise<number | null> => {
  const before = times.at(-1)
  if (times.length > 0 && (before === null || before === undefined || before > slowMicroseconds)) return null
  const run = await talk.ask({ do: 'run', milliseconds: time, block }, startSeconds)
  if (!run.ok) throw new Error(`${line.id} failed while it was measured: ${run.why}`)
  return Number(run.answer.microseconds)
}

const resultOf = async (one: Running, { time, apart }: Turns, { mode }: Workload): Promise<LineResult> => {
  const { line, talk, started, times } = one
  const own = isOurs(line)
  const splits: Split[] = []
  for (let i = 0; apart && (own || line.id.startsWith('c-')) && i < splitRounds; i++) {
    const asked = await talk.ask({ do: 'split', milliseconds: time, block }, startSeconds)
    if (asked.ok) splits.push(splitOf(asked.answer))
  }
  const steps = Math.min(garbageSteps, Math.ceil(garbageMicroseconds / (times[0] ?? garbageMicroseconds)))
  const left = apart && own && mode === 'train' ? await talk.ask({ do: 'garbage', steps }, startSeconds) : null
  return {
    id: line.id,
    version: String(started.version),
    rounds: times,
    split: splits.length === 0 ? null : middle(splits),
    garbage: left?.ok ? { bytes: Number(left.answer.bytes), steps } : null,
    report: own ? started : null,
  }
}

const splitOf = ({ gemm, optimizer, rest, microseconds, kernels }: Answer): Split => {
  const [products, update] = [Number(gemm), Number(optimizer)]
  return {
    gemm: products,
    optimizer: update,
    rest: rest === undefined ? Number(microseconds) - products - update : Number(rest),
    kernels: Array.isArray(kernels) ? kernels : [],
  }
}
const middle = (splits: readonly Split[]): Split => ({
  gemm: median(splits.map(({ gemm }) => gemm)),
  optimizer: median(splits.map(({ optimizer }) => optimizer)),
  rest: median(splits.map(({ rest }) => rest)),
  kernels: (splits[0] as Split).kernels.map((kernel, i) => ({
    ...kernel,
    microseconds: median(splits.map(({ kernels }) => kernels[i]?.microseconds ?? Number.NaN)),
  })),
})
