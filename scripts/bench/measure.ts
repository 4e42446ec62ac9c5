/** Measures a workload: every line starts, shows that it computes the right thing, and then they take turns, round by round. */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
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
  readonly kernels: readonly KernelTime[]
}
export interface KernelTime {
  readonly name: string
  /** What it is for, and what it computes, in words of the user. */
  readonly about: string
  readonly computes: string
  readonly piece: string
  readonly microseconds: number
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
  /** Cores that others kept busy before the first round. */
  readonly othersLoad: number
}
export interface Turns {
  readonly rounds: number
  /** Milliseconds of one turn. */
  readonly time: number
  /** Whether parts of steps are measured too. */
  readonly apart: boolean
  /** How long our strict line may run to see what its steps leave behind; 0 where nobody asks. */
  readonly garbageSeconds: number
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
/** Of the time for our strict line, what the others of ours get. */
const garbageShare = 1 / 10
const splitRounds = 3

interface Running {
  readonly line: Line
  readonly talk: Conversation
  readonly started: Answer
  readonly times: (number | null)[]
  /** Why it fell out while it was measured. */
  failure: string | null
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
    const othersLoad = await loadOfOthers()
    const peaks = await inTurns(running, turns, smith, (round) => say(`${workload.id} round ${round} of ${turns.rounds}`))
    const results: LineResult[] = []
    for (const one of running) results.push(await resultOf(one, turns, workload))
    const failed = running.flatMap(({ line, failure }) => (failure === null ? [] : [{ id: line.id, why: failure }]))
    return { workload, lines: results, refusals: [...refusals, ...failed], peaks, othersLoad }
  } finally {
    for (const { talk } of running) talk.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Every second round goes backwards, so that nobody always follows the same neighbour. */
const inTurns = async (
  running: readonly Running[],
  { rounds, time }: Turns,
  smith: Peaksmith | null,
  done: (round: number) => void,
): Promise<readonly (Peaks | null)[]> => {
  const peaks: (Peaks | null)[] = []
  // without C, WebAssembly itself is asked what it can do: that of the last line, which is the newest there is
  const asked = smith ?? running.filter(({ line }) => isOurs(line)).at(-1)?.talk ?? null
  for (let round = 0; round < rounds; round++) {
    peaks.push(asked === null ? null : await askPeaks(asked, 1))
    for (const one of round % 2 === 0 ? running : [...running].reverse()) one.times.push(await turn(one, time))
    done(round + 1)
  }
  return peaks
}

const loadMilliseconds = 300
/** Cores that others keep busy while all lines stand still. */
const loadOfOthers = async (): Promise<number> => {
  const spent = (): number => cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0)
  const [before, began] = [spent(), performance.now()]
  await new Promise((resolve) => setTimeout(resolve, loadMilliseconds))
  return (spent() - before) / (performance.now() - began)
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
  return wrong === null ? { running: { line, talk, started: started.answer, times: [], failure: null }, values } : refuse(wrong)
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

const turn = async (one: Running, time: number): Promise<number | null> => {
  const { talk, times } = one
  const before = times.at(-1)
  if (times.length > 0 && (before === null || before === undefined || before > slowMicroseconds)) return null
  const run = await talk.ask({ do: 'run', milliseconds: time, block }, startSeconds)
  if (!run.ok) one.failure = run.why
  return run.ok ? Number(run.answer.microseconds) : null
}

const resultOf = async (one: Running, { time, apart, garbageSeconds }: Turns, { mode }: Workload): Promise<LineResult> => {
  const { line, talk, started, times } = one
  const own = isOurs(line)
  const splits: Split[] = []
  for (let i = 0; apart && line.threads === 1 && (own || line.id.startsWith('c-')) && i < splitRounds; i++) {
    const asked = await talk.ask({ do: 'split', milliseconds: time, block }, startSeconds)
    if (asked.ok) splits.push(splitOf(asked.answer))
  }
  const microseconds = garbageSeconds * 1e6 * (line.id === 'ours' ? 1 : garbageShare)
  const steps = Math.min(garbageSteps, Math.ceil(microseconds / (times[0] ?? Number.POSITIVE_INFINITY)))
  const left = own && steps > 0 && mode === 'train' ? await talk.ask({ do: 'garbage', steps }, startSeconds) : null
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
