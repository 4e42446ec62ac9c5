/** The errors of files in the words of the compiler inside ts-morph, as a user's editor shows them. */
import { resolve } from 'node:path'
import { Project, ts } from 'ts-morph'

export interface CheckedFile {
  /** Relative to the root. */
  readonly path: string
  readonly text: string
  /** `error TS2345: ...`, explanations on lines of their own. */
  readonly errors: readonly string[]
}

export const readErrors = (root: string, glob: string): readonly CheckedFile[] => {
  const base = resolve(root)
  const project = new Project({ tsConfigFilePath: `${base}/tsconfig.json`, skipAddingFilesFromTsConfig: true })
  return project.addSourceFilesAtPaths(`${base}/${glob}`).map((file) => ({
    path: file.getFilePath().slice(base.length + 1),
    text: file.getFullText(),
    errors: file
      .getPreEmitDiagnostics()
      .map(({ compilerObject: { code, messageText } }) => `error TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  }))
}
