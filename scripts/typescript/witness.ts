/**
 * The few statements of a file of cases that noticed earlier changes of a rule: asked first, by themselves, since the whole
 * file takes a compiler many times as long.
 */
import type { CaseFile, Piece } from './cases.ts'

/** A file of cases in which all other statements are blank, so that lines stay where they were. */
export interface Witness {
  readonly file: CaseFile
  /** The statements, the last that noticed first. */
  readonly asked: readonly Piece[]
}

const most = 8

/** The statement of what the harness says (`path:line: ...`) beside those that were asked before. */
export const witnessOf = (file: CaseFile, complaint: string, before: readonly Piece[]): Witness | null => {
  const line = Number(/^[^:]+:(\d+): /.exec(complaint)?.[1])
  const found = file.pieces.find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine)
  if (found === undefined) return null
  const asked = [found, ...before.filter(({ start }) => start !== found.start)].slice(0, most)
  const kept = neededBy(asked, file)
  const isKept = ({ firstLine }: { readonly firstLine: number }): boolean => kept.some((piece) => piece.firstLine === firstLine)
  const text = file.pieces.filter((piece) => !kept.includes(piece)).reduce(blank, file.text)
  return { file: { ...file, text, mistakes: file.mistakes.filter(isKept) }, asked }
}

/** These statements, and those that declare what they speak of. */
const neededBy = (asked: readonly Piece[], { pieces, text }: CaseFile): readonly Piece[] => {
  const words = new Set(asked.flatMap((piece) => text.slice(piece.start, piece.end).match(/[\w$]+/g) ?? []))
  const more = pieces.filter((piece) => !asked.includes(piece) && piece.declares.some((name) => words.has(name)))
  return more.length === 0 ? asked : neededBy([...asked, ...more], { pieces, text } as CaseFile)
}
const blank = (text: string, { start, end }: Piece): string =>
  text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end)
