/** What a call costs a user's editor: type instantiations, beyond those of the imports. */
import type { Project } from 'ts-morph'

export interface Spent {
  readonly instantiations: number
  readonly errors: number
}

/** What these statements cost, after the same file without them. */
export const spentOn = (project: Project, path: string, imports: string, statements: string): Spent => {
  const [whole, without] = [check(project, path, `${imports}\n${statements}`), check(project, path, imports)]
  return { instantiations: whole.instantiations - without.instantiations, errors: whole.errors }
}

const check = (project: Project, path: string, text: string): Spent => {
  const file = project.createSourceFile(path, text, { overwrite: true })
  const program = project.getProgram().compilerObject
  const errors = program.getSemanticDiagnostics(file.compilerNode).length
  return { instantiations: program.getInstantiationCount(), errors }
}
