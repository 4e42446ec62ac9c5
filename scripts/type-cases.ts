/** Compares what a compiler says about the case files with what their comments expect. */
import type { CaseFile, Mistake } from './typescript/cases.ts'
import type { Diagnostic } from './typescript/diagnostic.ts'

/** One line for everything that is not as expected; empty when all is well. */
export const judge = (files: readonly CaseFile[], diagnostics: readonly Diagnostic[]): readonly string[] => {
  const mistakes = files.flatMap((file) => file.mistakes)
  const strays = diagnostics.filter((diagnostic) => !mistakes.some((mistake) => covers(mistake, diagnostic)))
  return [
    ...files.flatMap((file) => file.mistakes.flatMap((mistake) => judgeMistake(mistake, file, diagnostics))),
    ...strays.map(({ path, line, lines }) => `${path}:${line}: must be accepted, but: ${onOneLine(lines)}`),
  ]
}

/** Whether a diagnostic lies in the statement of a mistake. */
export const covers = (mistake: Mistake, { path, line }: Diagnostic): boolean =>
  path === mistake.path && line >= mistake.firstLine && line <= mistake.lastLine

const onOneLine = (lines: readonly string[]): string => lines.map((line) => line.trim()).join(' / ')

const judgeMistake = (mistake: Mistake, file: CaseFile, all: readonly Diagnostic[]): readonly string[] => {
  const found = all.filter((diagnostic) => covers(mistake, diagnostic))
  const complain = (what: string): readonly string[] => [`${mistake.path}:${mistake.firstLine}: ${what}`]
  if (found.length === 0) return complain(`accepted, expected: ${mistake.sentence}`)
  const meant = found.find((diagnostic) => says(diagnostic, mistake))
  if (meant === undefined) return complain(`expected: ${mistake.sentence}, got: ${found.map(({ lines }) => onOneLine(lines)).join(' | ')}`)
  if (found.length > 1 && !mistake.loose) return complain(`${found.length} errors, expected one: ${mistake.sentence}`)
  const under = textUnder(meant, file)
  const exact = meant.length === null ? under.startsWith(mistake.squiggle) : under === mistake.squiggle
  return exact ? [] : complain(`the squiggle is under: ${under.slice(0, 60)}, expected under: ${mistake.squiggle}`)
}

/** The reason line holds the whole sentence, as a literal; TypeScript's own words may stand anywhere in the chain. */
const says = ({ lines }: Diagnostic, { sentence, loose }: Mistake): boolean =>
  (lines.at(-1) ?? '').includes(`"${sentence}"`) || (loose && lines.some((line) => line.includes(sentence)))

const textUnder = ({ line, column, length }: Diagnostic, { text }: CaseFile): string => {
  const lines = text.split('\n')
  const start = lines.slice(0, line - 1).reduce((n, each) => n + each.length + 1, 0) + column - 1
  return text.slice(start, length === null ? undefined : start + length)
}
