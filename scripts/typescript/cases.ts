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
/** A statement that can be left out, unless something speaks of what it declares. */
export interface Piece {
  readonly start: number
  readonly end: number
  readonly firstLine: number
  readonly lastLine: number
  readonly declares: readonly string[]
}
export interface CaseFile {
  readonly path: string
  readonly text: string
  readonly mistakes: readonly Mistake[]
  /** Values and checks that stand at the top level without such a comment. */
  readonly accepted: number
  /** All that can be left out. */
  readonly pieces: readonly Piece[]
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
    pieces: file.getStatements().filter(isPiece).map(pieceOf),
  }
}

const isProgram = (statement: Statement): boolean =>
  statement.isKind(SyntaxKind.ExpressionStatement) || (statement.isKind(SyntaxKind.VariableStatement) && !statement.hasDeclareKeyword())

/** Types stay where they are: what they say is asked through statements. */
const isPiece = (statement: Statement): boolean =>
  statement.isKind(SyntaxKind.ExpressionStatement) || statement.isKind(SyntaxKind.VariableStatement)
const pieceOf = (statement: Statement): Piece => ({
  start: statement.getStart(),
  end: statement.getEnd(),
  firstLine: statement.getStartLineNumber(),
  lastLine: statement.getEndLineNumber(),
  declares: declaredBy(statement),
})
const declaredBy = (statement: Statement): readonly string[] =>
  statement.isKind(SyntaxKind.VariableStatement)
    ? statement.getDeclarations().flatMap(
        (each) =>
          each
            .getNameNode()
            .getText()
            .match(/[\w$]+/g) ?? [],
      )
    : []

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
