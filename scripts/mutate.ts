/**
 * The mutation check: every rule is broken in several ways, and some case of `test/types` must fail each time.
 * `npm run check:types -- --mutate`, or `-- --mutate reduce concat` for the files of these names.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { equivalentMutants } from './equivalent-mutants.ts'
import type { CaseFile } from './typescript/cases.ts'
import type { Start, Verdict } from './typescript/mutant-worker.ts'
import { type Broken, type Mutant, readMutants } from './typescript/mutants.ts'

export const ruleFiles = ['types/*.ts', 'src/{tensor,autodiff,model,optim,compiler,runtime,data,train,formats,files}/**/*.ts', 'src/*.ts']

/** A change that no case can notice, since it changes nothing that can be said; and why. */
export interface Equivalent {
  /** `types/reduce.ts Several` */
  readonly rule: string
  /** `operator: from -> to`, or its beginning; '' for all of a rule that no case can see broken. */
  readonly change: string
  readonly reason: string
}
export interface Tried {
  readonly mutant: Mutant
  readonly verdict: Verdict
}
export interface Row {
  readonly rule: string
  readonly mutants: number
  readonly killed: number
  readonly equivalent: number
  readonly survivors: readonly Mutant[]
}

const seconds = 60
const endless = 'the compiler, out of time or memory'
const worker = fileURLToPath(new URL('./typescript/mutant-worker.ts', import.meta.url))

export const changeOf = ({ operator, from, to }: Mutant): string => `${operator}: ${from} -> ${to}`
const ruleOf = ({ path, rule }: Mutant): string => `${path} ${rule}`

/** One row for each rule. Mutants that are no rules any more count nowhere. */
export const rowsOf = (tried: readonly Tried[], equivalents: readonly Equivalent[]): readonly Row[] => {
  const rules = [...new Set(tried.map(({ mutant }) => ruleOf(mutant)))]
  return rules.map((rule) => {
    const own = tried.filter(({ mutant, verdict }) => ruleOf(mutant) === rule && verdict.fate !== 'invalid')
    const survivors = own.filter(({ verdict }) => verdict.fate === 'survived').map(({ mutant }) => mutant)
    const known = survivors.filter((mutant) => equivalents.some((each) => matches(each, mutant)))
    return {
      rule,
      mutants: own.length,
      killed: own.length - survivors.length,
      equivalent: known.length,
      survivors: survivors.filter((mutant) => !known.includes(mutant)),
    }
  })
}
const matches = ({ rule, change }: Equivalent, mutant: Mutant): boolean => rule === ruleOf(mutant) && changeOf(mutant).startsWith(change)

/** What makes the check fail: rules of which no mutant is noticed. */
export const complaintsOf = (rows: readonly Row[], equivalents: readonly Equivalent[]): readonly string[] =>
  rows
    .filter(
      ({ mutants, killed, rule }) => mutants > 0 && killed === 0 && !equivalents.some((each) => each.rule === rule && each.change === ''),
    )
    .map(({ rule }) => `${rule}: no mutant is killed`)

/** What someone should look at: survivors that nobody reviewed, and reviews of mutants that do not survive. */
export const remarksOf = (rows: readonly Row[], tried: readonly Tried[], equivalents: readonly Equivalent[]): readonly string[] => [
  ...rows.flatMap(({ survivors }) => survivors.map((each) => `${each.path}:${each.line}: ${each.rule} survives ${changeOf(each)}`)),
  ...equivalents
    .filter(({ rule }) => tried.some(({ mutant }) => rule.startsWith(`${mutant.path} `)))
    .filter((each) => !tried.some(({ mutant, verdict }) => verdict.fate === 'survived' && matches(each, mutant)))
    .map(({ rule, change }) => `${rule}: reviewed as equivalent, but no such mutant survives: ${change}`),
]
/** Of a hundred mutants so many may wait for a review: rules change faster than the list of what is equivalent. */
const unreviewed = 1

/** Tries all mutants with so many workers. Rejects when the cases fail before anything is broken. */
export const tryMutants = async (
  start: Start,
  mutants: readonly Mutant[],
  workers: number,
  report: (tried: Tried) => void = () => {},
): Promise<readonly Tried[]> => {
  const queue = [...mutants]
  const lanes = Array.from({ length: Math.min(workers, mutants.length) }, async () => {
    const tried: Tried[] = []
    let child = await ready(start)
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const verdict = (await ask(child, { mutant })) as Verdict | null
      const found: Tried = { mutant, verdict: verdict ?? { fate: 'killed', by: endless } }
      tried.push(found)
      report(found)
      if (verdict === null) child = await ready(start)
    }
    stop(child)
    return tried
  })
  const order = new Map(mutants.map((mutant, i) => [mutant, i]))
  return (await Promise.all(lanes)).flat().sort((a, b) => (order.get(a.mutant) ?? 0) - (order.get(b.mutant) ?? 0))
}

const ready = async (start: Start): Promise<ChildProcess> => {
  const limited = ['-c', 'ulimit -d 6000000; exec "$@"', 'sh', process.execPath, '--import', 'tsx', worker]
  const child = spawn('/bin/sh', limited, {
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    detached: true,
    env: { ...process.env, GOMEMLIMIT: '3GiB' },
  })
  const failing = (await ask(child, { start })) as readonly string[] | null
  if (failing !== null && failing.length === 0) return child
  stop(child)
  throw new Error(`the cases fail before a rule is broken: ${failing?.[0] ?? 'no answer'}`)
}

/** The answer, or null when the child dies or takes too long; it is ended then. */
const ask = (child: ChildProcess, message: object): Promise<unknown> =>
  new Promise((resolve) => {
    const end = (answer: unknown): void => {
      clearTimeout(timer)
      child.removeAllListeners()
      if (answer === null) stop(child)
      resolve(answer)
    }
    const timer = setTimeout(() => end(null), seconds * 1000)
    child.once('message', end)
    child.once('exit', () => end(null))
    child.once('error', () => end(null))
    child.send(message)
  })

/** The child and its compiler, which has the child's group. */
const stop = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // it is gone already
  }
}

/** The run takes minutes: a survivor is told when it is found. */
const reportSurvivor = ({ mutant, verdict }: Tried): void => {
  if (verdict.fate !== 'survived' || equivalentMutants.some((each) => matches(each, mutant))) return
  console.error(`survives: ${mutant.path}:${mutant.line} ${mutant.rule}: ${changeOf(mutant)}`)
}

/** The table, and whether all is well. */
export const mutate = async (root: string, tsconfig: string, cases: readonly CaseFile[], names: readonly string[]): Promise<boolean> => {
  const begin = performance.now()
  const chosen = ({ path }: Broken): boolean => names.length === 0 || names.some((name) => path.includes(name))
  const mutants = readMutants(root, ruleFiles)
    .filter(chosen)
    .flatMap((broken) => broken.mutants)
  const tried = await tryMutants({ root, tsconfig, cases }, mutants, Math.min(2, cpus().length), reportSurvivor)
  const rows = rowsOf(tried, equivalentMutants)
  const complaints = complaintsOf(rows, equivalentMutants)
  const remarks = remarksOf(rows, tried, equivalentMutants)
  const width = Math.max(4, ...rows.map(({ rule }) => rule.length))
  console.log(`${'rule'.padEnd(width)}  mutants  killed  equivalent  survived`)
  for (const { rule, mutants: all, killed, equivalent, survivors } of rows)
    console.log(
      `${rule.padEnd(width)}  ${`${all}`.padStart(7)}  ${`${killed}`.padStart(6)}  ${`${equivalent}`.padStart(10)}  ${`${survivors.length}`.padStart(8)}`,
    )
  for (const line of [...remarks, ...complaints]) console.error(line)
  const killed = rows.reduce((n, row) => n + row.killed, 0)
  const counted = rows.reduce((n, row) => n + row.mutants, 0)
  const survivors = rows.reduce((n, row) => n + row.survivors.length, 0)
  const lost = tried.filter(({ verdict }) => verdict.fate === 'killed' && verdict.by === endless).length
  const time = ((performance.now() - begin) / 1000).toFixed(0)
  console.log(
    `${rows.length} rules, ${counted} mutants, ${killed} killed (${lost} by time or memory), ${survivors} survivors to review, ${complaints.length} rules that nothing notices (${time} s)`,
  )
  return complaints.length === 0 && survivors * 100 <= counted * unreviewed
}
