/**
 * What the compilers say of each mistake, as text that is kept and reviewed: a file of mistakes has a golden file, and a
 * mistake an entry, whose places count from its own statement, so that a new case moves no other.
 */
import { covers } from './type-cases.ts'
import type { CaseFile, Mistake } from './typescript/cases.ts'
import { type Version, versions } from './typescript/compilers.ts'
import type { Diagnostic } from './typescript/diagnostic.ts'

export type Told = { readonly [V in Version]: readonly Diagnostic[] }

/** The version whose words are written out; another's are only where they differ. */
const written: Version = '6.0'

/** `test/types/cases/rejected/layers.ts` -> `rejected/layers.txt` */
export const goldenName = (path: string): string => path.split('/').slice(-2).join('/').replace(/\.ts$/, '.txt')

/** The golden text of a file of cases; empty for one without mistakes. */
export const goldenText = (file: CaseFile, told: Told): string => file.mistakes.map((mistake) => entryText(mistake, told)).join('\n')

/** One line for each entry that is not as the compilers say; `golden` is null where there is no golden file. */
export const compareGolden = (file: CaseFile, golden: string | null, told: Told): readonly string[] => {
  const known = new Map(entriesOf(golden ?? ''))
  const fresh = file.mistakes.map((mistake) => ({ mistake, text: entryText(mistake, told) }))
  const stale = entriesOf(golden ?? '').filter(([code]) => fresh.every(({ mistake }) => quoted(mistake) !== code))
  return [
    ...fresh.flatMap(({ mistake, text }) => {
      const place = `${mistake.path}:${mistake.firstLine}`
      const before = known.get(quoted(mistake))
      if (before === undefined) return [`${place}: has no golden entry`]
      return before === text ? [] : [`${place}: the golden entry differs: ${firstDifference(before, text)}`]
    }),
    ...stale.map(([code]) => `${file.path}: the golden entry is of a mistake that is not there any more: ${code.split('\n')[0]?.slice(2)}`),
  ]
}

const quoted = ({ code, sentence }: Mistake): string => [`// ${sentence}`, ...code.split('\n')].map((line) => `| ${line}`).join('\n')

const entryText = (mistake: Mistake, told: Told): string => {
  const said = versions.map((version) => ({ version, text: wordsOf(mistake, told[version], null) }))
  const main = said.find(({ version }) => version === written)?.text
  const others = said.filter(({ text }) => text !== main).map(({ version, text }) => `TypeScript ${version}:\n${text}`)
  return [quoted(mistake), wordsOf(mistake, told[written], 'length'), ...others, ''].join('\n')
}

/** `1:37 TS2345` and the chain below it, for every error in the statement. Not every compiler tells a length. */
const wordsOf = (mistake: Mistake, diagnostics: readonly Diagnostic[], shown: 'length' | null): string =>
  diagnostics
    .filter((diagnostic) => covers(mistake, diagnostic))
    .map(({ line, column, code, length, lines }) => {
      const under = shown === null || length === null ? '' : ` +${length}`
      return [`${line - mistake.firstLine + 1}:${column}${under} TS${code}`, ...lines.map((each) => `  ${steady(each)}`)].join('\n')
    })
    .join('\n')

/** The order of an intersection's parts hangs on what was checked before, in other files too: here a message is the last. */
const steady = (line: string): string => line.replace(/'("[^"]*") & ([^"]+)'\.$/, "'$2 & $1'.")

/** An entry begins with its statement, quoted with bars. */
const entriesOf = (golden: string): readonly (readonly [code: string, text: string])[] =>
  golden
    .split(/\n(?=\n\| )/)
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const entry = `${text.replace(/^\n/, '').trimEnd()}\n`
      return [/^(?:\| .*(?:\n|$))+/.exec(entry)?.[0].trimEnd() ?? '', entry] as const
    })

const firstDifference = (before: string, now: string): string => {
  const [old, fresh] = [before.split('\n'), now.split('\n')]
  const at = fresh.findIndex((line, i) => line !== old[i])
  const shown = (line: string | undefined): string => line?.trim() || 'nothing'
  return at < 0 ? `golden: ${shown(old[fresh.length])}, now: nothing` : `golden: ${shown(old[at])}, now: ${shown(fresh[at])}`
}
