/**
 * A child process: type-checks one mutant after another, and says whether a case notices. Its parent ends it when a
 * mutant makes the compiler run on for ever.
 */
import { judge } from '../type-cases.ts'
import type { CaseFile } from './cases.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Mutant } from './mutants.ts'
import { type Overlay, openOverlay } from './overlay.ts'
import { type Witness, witnessOf } from './witness.ts'

export interface Start {
  readonly root: string
  readonly tsconfig: string
  readonly cases: readonly CaseFile[]
}
export type Verdict =
  /** A case fails: what the harness says of it. */
  | { readonly fate: 'killed'; readonly by: string }
  /** The changed file has an error of its own: it is no rule at all, and no case is asked. */
  | { readonly fate: 'invalid'; readonly by: string }
  | { readonly fate: 'survived' }

/** A branch that is gone leaves names that nobody uses: that breaks no rule. */
const unused: readonly number[] = [6133, 6192, 6196, 6198, 6199, 6205]

/** What noticed changes of a file of rules, by that file's path: the last that did first. */
export type Recent = Map<string, readonly Witness[]>

/** Statements that noticed a change of the same file before are asked first, then all cases. */
export const judgeMutant = (overlay: Overlay, cases: readonly CaseFile[], mutant: Mutant, recent: Recent): Verdict => {
  const { path, text } = mutant
  overlay.put(path, text)
  try {
    const [error] = errorsOf(overlay, path, text)
    if (error !== undefined) return { fate: 'invalid', by: error.lines[0] ?? '' }
    const witnesses = recent.get(path) ?? []
    for (const witness of witnesses) {
      const by = noticed(overlay, witness)
      if (by === undefined) continue
      recent.set(path, [witness, ...witnesses.filter((each) => each !== witness)])
      return { fate: 'killed', by }
    }
    const rank = (file: CaseFile): number => witnesses.findIndex((witness) => witness.file.path === file.path) >>> 0
    for (const file of cases.toSorted((a, b) => rank(a) - rank(b))) {
      const [by] = judge([file], overlay.errorsOf(file.path, file.text))
      if (by === undefined) continue
      overlay.put(path, null)
      recent.set(path, remembered(overlay, witnesses, file, by))
      return { fate: 'killed', by }
    }
    return { fate: 'survived' }
  } finally {
    overlay.put(path, null)
  }
}
const errorsOf = (overlay: Overlay, path: string, text: string): readonly Diagnostic[] =>
  overlay.errorsOf(path, text).filter(({ code }) => !unused.includes(code))

/** What the harness says of a file of which most statements are blank. */
const noticed = (overlay: Overlay, { file }: Witness): string | undefined => {
  overlay.put(file.path, file.text)
  try {
    return judge([file], errorsOf(overlay, file.path, file.text))[0]
  } finally {
    overlay.put(file.path, null)
  }
}
/** The witnesses with one more, if it is silent while nothing is broken. */
const remembered = (overlay: Overlay, witnesses: readonly Witness[], file: CaseFile, by: string): readonly Witness[] => {
  const before = witnesses.find((witness) => witness.file.path === file.path)
  const witness = witnessOf(file, by, before?.asked ?? [])
  if (witness === null || noticed(overlay, witness) !== undefined) return witnesses
  return [witness, ...witnesses.filter((each) => each !== before)]
}

/** What a case says before anything is broken. */
const failing = (overlay: Overlay, cases: readonly CaseFile[]): readonly string[] =>
  cases.flatMap((file) => judge([file], overlay.errorsOf(file.path, file.text)))

if (process.send !== undefined) {
  const answer = (message: unknown): void => void process.send?.(message)
  const recent: Recent = new Map()
  let ready: { readonly overlay: Overlay; readonly cases: readonly CaseFile[] } | null = null
  process.on('message', (message: { readonly start: Start } | { readonly mutant: Mutant }) => {
    if ('start' in message) {
      const { root, tsconfig, cases } = message.start
      ready = { overlay: openOverlay(root, tsconfig), cases }
      answer(failing(ready.overlay, cases))
    } else if (ready !== null) answer(judgeMutant(ready.overlay, ready.cases, message.mutant, recent))
  })
}
