/** What an editor shows under the pointer: quick info of the language service, where a comment `//   ^?` points up. */
import { resolve } from 'node:path'
import { Project, type SourceFile, ts } from 'ts-morph'

export interface Hover {
  /** Relative to the root. */
  readonly path: string
  /** The line that is pointed at. */
  readonly code: string
  /** What is shown, as lines; empty where nothing is. */
  readonly shown: readonly string[]
}

export const readHovers = (root: string, globs: readonly string[]): readonly Hover[] => {
  const base = resolve(root)
  const project = new Project({ tsConfigFilePath: `${base}/tsconfig.json`, skipAddingFilesFromTsConfig: true })
  const files = project.addSourceFilesAtPaths(globs.map((glob) => `${base}/${glob}`))
  const service = project.getLanguageService().compilerObject
  return files.flatMap((file) => hoversOf(file, service, file.getFilePath().slice(base.length + 1)))
}

const hoversOf = (file: SourceFile, service: ts.LanguageService, path: string): readonly Hover[] => {
  const lines = file.getFullText().split('\n')
  return lines.flatMap((line, i): readonly Hover[] => {
    const at = /^\s*\/\/\s*\^\?\s*$/.test(line) ? line.indexOf('^') : -1
    const code = lines[i - 1]
    if (at < 0 || code === undefined) return []
    const start = lines.slice(0, i - 1).reduce((n, each) => n + each.length + 1, 0)
    const parts = service.getQuickInfoAtPosition(file.getFilePath(), start + at)?.displayParts
    return [
      {
        path,
        code: code.trim(),
        shown: ts
          .displayPartsToString(parts)
          .split('\n')
          .filter((each) => each !== ''),
      },
    ]
  })
}
