/** What a call costs a user's editor: type instantiations, beyond those of the imports. */
import type { Project } from 'ts-morph'

/** Instantiations while these statements are checked, after the same file without them. */
export const instantiations = (project: Project, path: string, imports: string, statements: string): number =>
  count(project, path, `${imports}\n${statements}`) - count(project, path, imports)

const count = (project: Project, path: string, text: string): number => {
  const file = project.createSourceFile(path, text, { overwrite: true })
  const program = project.getProgram().compilerObject
  program.getSemanticDiagnostics(file.compilerNode)
  return program.getInstantiationCount()
}
