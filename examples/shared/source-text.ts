/** The text of lesson 8: the source code of this library, file after file, as numbers. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** All of ASCII that can be seen, the end of a line, and one character for all others. */
const alphabet = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), '\n', '\u25a1'] as const
export const characters = 97

export const encode = (text: string): readonly number[] => Array.from(text, (character) => numbers.get(character) ?? characters - 1)
export const decode = (codes: Iterable<number>): string => Array.from(codes, (code) => alphabet[code] ?? '').join('')
const numbers = new Map(alphabet.map((character, code) => [character, code]))

/** Every twentieth file is held out. Files stand in the order of their paths, so that the text is the same on every machine. */
export const sourceText = (): { readonly seen: readonly number[]; readonly heldOut: readonly number[] } => {
  const files = ['src', 'types'].flatMap(typescriptIn).map((file) => encode(readFileSync(join(root, file), 'utf8').replaceAll('\r', '')))
  const part = (held: boolean) => files.filter((_, i) => (i % 20 === 19) === held).flat()
  return { seen: part(false), heldOut: part(true) }
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const typescriptIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? typescriptIn(`${folder}/${entry.name}`) : entry.name.endsWith('.ts') ? [`${folder}/${entry.name}`] : [],
    )
