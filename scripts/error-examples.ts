/**
 * The diagnostics that stand at the top of examples/errors/*.ts, as the compiler prints them.
 * `npx tsx scripts/error-examples.ts` writes them; with `--check` it only says which are not up to date.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Project, ts } from 'ts-morph'

export interface ErrorExample {
  readonly path: string
  readonly text: string
  /** All errors of the file, in the compiler's words. */
  readonly errors: readonly string[]
}

const root = fileURLToPath(new URL('..', import.meta.url))

export const readErrorExamples = (): readonly ErrorExample[] => {
  const project = new Project({ tsConfigFilePath: `${root}tsconfig.json`, skipAddingFilesFromTsConfig: true })
  return project.addSourceFilesAtPaths(`${root}examples/errors/*.ts`).map((file) => ({
    path: file.getFilePath().slice(root.length),
    text: file.getFullText(),
    errors: file
      .getPreEmitDiagnostics()
      .map(({ compilerObject: { code, messageText } }) => `error TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  }))
}

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
