/** Reads the compile-time cases of a file: mistakes with their expected sentence, and statements that must be accepted. */
import { Project, type SourceFile, type Statement, SyntaxKind } from 'ts-morph'

/** A statement under a comment `// sentence @ text under the squiggle`. */
export interface Mistake {
  readonly path: string
  /** The statement. */
  readonly code: string
  readonly sentence: string
  readonly squiggle: string
  /** `// ~ ...`: the words are TypeScript's own, or another error follows from the first. */
  readonly loose: boolean
  readonly firstLine: number
  readonly lastLine: number
}
export interface CaseFile {
  readonly path: string
  readonly text: string
  readonly mistakes: readonly Mistake[]
  /** Values and checks that stand at the top level without such a comment. */
  readonly accepted: number
}

const comment = /^\/\/ (~ )?(.+) @ (.+)$/

export const readCases = (root: string, globs: readonly string[]): readonly CaseFile[] => {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true, compilerOptions: { noLib: true } })
  return project.addSourceFilesAtPaths(globs.map((glob) => `${root}/${glob}`)).map((file) => casesOf(file, root))
}

const casesOf = (file: SourceFile, root: string): CaseFile => {
  const path = file.getFilePath().slice(root.length + 1)
  const found = file.getStatements().map((statement) => mistakeOf(statement, path))
  return {
    path,
    text: file.getFullText(),
    mistakes: found.filter((each) => each !== null),
    accepted: file.getStatements().filter((statement, i) => found[i] === null && isProgram(statement)).length,
  }
}

const isProgram = (statement: Statement): boolean =>
  statement.isKind(SyntaxKind.ExpressionStatement) || (statement.isKind(SyntaxKind.VariableStatement) && !statement.hasDeclareKeyword())

const mistakeOf = (statement: Statement, path: string): Mistake | null => {
  const above = statement.getLeadingCommentRanges().at(-1)?.getText() ?? ''
  const match = comment.exec(above)
  if (match === null) return null
  const [, tilde, sentence = '', squiggle = ''] = match
  return {
    path,
    code: statement.getText(),
    sentence,
    squiggle,
    loose: tilde !== undefined,
    firstLine: statement.getStartLineNumber(),
    lastLine: statement.getEndLineNumber(),
  }
}
