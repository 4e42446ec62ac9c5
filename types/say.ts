/**
 * One sentence for two levels. A sentence is a constant with `{holes}`: `Say` fills them for the editor, `say` for
 * `ShapeError`, so that both always agree.
 */
import { type Show, type ShowDim, show } from './show.ts'

/** A word is a shape, a size, or text. */
type Word<W> = 0 extends 1 & W ? '?' : W extends readonly unknown[] ? Show<W> : ShowDim<W>

export type Say<Sentence extends string, Words> = Sentence extends `${infer Before}{${infer Hole}}${infer After}`
  ? `${Before}${Word<Words[Hole & keyof Words]>}${Say<After, Words>}`
  : Sentence

/** Anything may stand in a hole: what comes from JavaScript can be wrong in every way. */
export const say = (sentence: string, words: Readonly<Record<string, unknown>>): string =>
  sentence.replace(/\{(\w+)\}/g, (_, hole: string) => word(words[hole]))

const word = (value: unknown): string => (Array.isArray(value) ? show(value) : String(value))
