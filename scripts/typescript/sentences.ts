/** The sentences that say why shapes do not fit: constants with `{holes}`, as `types/say.ts` fills them. */
import { Node, Project, SyntaxKind } from 'ts-morph'

export interface Sentence {
  /** `matmul: the right side needs rank >= 2, got {b}` */
  readonly text: string
  /** Where it stands, relative to the root: `types/matmul.ts lowRight`. */
  readonly place: string
}

/** Those of these files that a type speaks, or `say`. */
export const readSentences = (root: string, globs: readonly string[]): readonly Sentence[] => {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true, compilerOptions: { noLib: true } })
  const files = project.addSourceFilesAtPaths(globs.map((glob) => `${root}/${glob}`))
  const spoken = new Set(
    files.flatMap((file) => file.getDescendantsOfKind(SyntaxKind.TypeQuery).map((query) => query.getExprName().getText())),
  )
  const said = new Set(
    files.flatMap((file) =>
      file
        .getDescendantsOfKind(SyntaxKind.CallExpression)
        .filter((call) => call.getExpression().getText() === 'say')
        .map((call) => call.getArguments()[0]?.getText()),
    ),
  )
  return files.flatMap((file) => {
    const path = file.getFilePath().slice(root.length + 1)
    const constants = file.getVariableDeclarations().flatMap((declaration) => {
      const value = declaration.getInitializer()
      const name = declaration.getName()
      if (!Node.isStringLiteral(value) || !(spoken.has(name) || said.has(name)) || !isSentence(value.getLiteralText())) return []
      return [{ text: value.getLiteralText(), place: `${path} ${name}` }]
    })
    const literals = file.getDescendantsOfKind(SyntaxKind.LiteralType).flatMap((type) => {
      const value = type.getLiteral()
      return Node.isStringLiteral(value) && isSentence(value.getLiteralText())
        ? [{ text: value.getLiteralText(), place: `${path}:${type.getStartLineNumber()}` }]
        : []
    })
    return [...constants, ...literals]
  })
}

const isSentence = (text: string): boolean => /^[\w{}]+: ./.test(text)
