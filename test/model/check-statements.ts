/** Asks the compiler about many expressions at once: what is wrong with each, and what a type over it prints. */
import { dirname } from 'node:path'
import ts from 'typescript'

export interface Checked {
  /** Each error as its last line: the reason. */
  readonly errors: readonly string[]
  readonly type: string
}

/** `typeOf(name)` is the type asked for, over the name of the constant that holds an expression. */
export const checkStatements = (
  path: string,
  head: string,
  expressions: readonly string[],
  typeOf: (name: string) => string,
): readonly Checked[] => {
  const lines = expressions.map((expression, i) => `const e${i} = ${expression}; type T${i} = ${typeOf(`e${i}`)}`)
  const program = programOf(path, `${head}${lines.join('\n')}\n`)
  const file = program.getSourceFile(path) as ts.SourceFile
  const checker = program.getTypeChecker()
  const first = head.split('\n').length - 1
  const errors = program.getSemanticDiagnostics(file).map(({ start = 0, messageText }) => ({
    line: file.getLineAndCharacterOfPosition(start).line - first,
    reason: ts.flattenDiagnosticMessageText(messageText, '\n').split('\n').at(-1)?.trim() ?? '',
  }))
  const types = file.statements.filter(ts.isTypeAliasDeclaration)
  return expressions.map((_, i) => ({
    errors: errors.filter(({ line }) => line === i).map(({ reason }) => reason),
    type: checker.typeToString(
      checker.getTypeAtLocation(types[i] as ts.TypeAliasDeclaration),
      undefined,
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias,
    ),
  }))
}

/** A program of one file that is nowhere but in memory, under the project's options. */
const programOf = (path: string, text: string): ts.Program => {
  const config = ts.findConfigFile(dirname(path), ts.sys.fileExists) as string
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(config, ts.sys.readFile).config, ts.sys, dirname(config))
  const settings = { ...options, noErrorTruncation: true, noUnusedLocals: false }
  const host = ts.createCompilerHost(settings)
  const { getSourceFile, fileExists, readFile } = host
  host.getSourceFile = (name, version, ...rest) =>
    name === path ? ts.createSourceFile(name, text, version) : getSourceFile.call(host, name, version, ...rest)
  host.fileExists = (name) => name === path || fileExists.call(host, name)
  host.readFile = (name) => (name === path ? text : readFile.call(host, name))
  return ts.createProgram([path], settings, host)
}
