/**
 * The diagnostics that stand at the top of examples/errors/*.ts, as the compiler prints them.
 * `npx tsx scripts/error-examples.ts` writes them; with `--check` it only says which are not up to date.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CheckedFile, readErrors } from './typescript/errors.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export const readErrorExamples = (): readonly CheckedFile[] => readErrors(root, 'examples/errors/*.ts')

/** The comment that a file begins with. */
export const blockOf = (text: string): string => /^\/\*\n([\s\S]*?)\n\*\/\n/.exec(text)?.[1] ?? ''
export const withBlock = (text: string, block: string): string => `/*\n${block}\n*/\n${text.replace(/^\/\*\n[\s\S]*?\n\*\/\n/, '')}`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = readErrorExamples().filter(({ text, errors }) => blockOf(text) !== errors.join('\n'))
  for (const { path, text, errors } of stale) {
    if (process.argv.includes('--check')) console.error(`${path} is not what scripts/error-examples.ts writes`)
    else writeFileSync(`${root}${path}`, withBlock(text, errors.join('\n')))
  }
  process.exitCode = process.argv.includes('--check') && stale.length > 0 ? 1 : 0
}
