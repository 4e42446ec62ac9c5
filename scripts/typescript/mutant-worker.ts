/**
 * A child process: type-checks one mutant after another, and says whether a case notices. Its parent ends it when a
 * mutant makes the compiler run on for ever.
 */
import { judge } from '../type-cases.ts'
import type { CaseFile } from './cases.ts'
import type { Mutant } from './mutants.ts'
import { type Overlay, openOverlay } from './overlay.ts'

export interface Start {
  readonly root: string
  readonly tsconfig: string
  readonly cases: readonly CaseFile[]
}
export type Verdict =
  /** A case fails: what the harness says of it. */
  | { readonly fate: 'killed'; readonly by: string }
  /** No case fails, and the changed file has an error of its own: it is no rule at all. */
  | { readonly fate: 'invalid'; readonly by: string }
  | { readonly fate: 'survived' }

/** The first file of cases that notices; those that noticed a change of the same file before are asked first. */
export const judgeMutant = (
  overlay: Overlay,
  cases: readonly CaseFile[],
  mutant: Mutant,
  recent: Map<string, readonly string[]>,
): Verdict => {
  const first = recent.get(mutant.path) ?? []
  const rank = ({ path }: CaseFile): number => (first.includes(path) ? first.indexOf(path) : first.length)
  overlay.put(mutant.path, mutant.text)
  try {
    for (const file of cases.toSorted((a, b) => rank(a) - rank(b))) {
      const [by] = judge([file], overlay.errorsOf(file.path, file.text))
      if (by === undefined) continue
      recent.set(mutant.path, [file.path, ...first.filter((path) => path !== file.path)])
      return { fate: 'killed', by }
    }
    const [error] = overlay.errorsOf(mutant.path, mutant.text)
    return error === undefined ? { fate: 'survived' } : { fate: 'invalid', by: error.lines[0] ?? '' }
  } finally {
    overlay.put(mutant.path, null)
  }
}

/** What a case says before anything is broken. */
const failing = (overlay: Overlay, cases: readonly CaseFile[]): readonly string[] =>
  cases.flatMap((file) => judge([file], overlay.errorsOf(file.path, file.text)))

if (process.send !== undefined) {
  const answer = (message: unknown): void => void process.send?.(message)
  const recent = new Map<string, readonly string[]>()
  let ready: { readonly overlay: Overlay; readonly cases: readonly CaseFile[] } | null = null
  process.on('message', (message: { readonly start: Start } | { readonly mutant: Mutant }) => {
    if ('start' in message) {
      const { root, tsconfig, cases } = message.start
      ready = { overlay: openOverlay(root, tsconfig), cases }
      answer(failing(ready.overlay, cases))
    } else if (ready !== null) answer(judgeMutant(ready.overlay, ready.cases, message.mutant, recent))
  })
}
