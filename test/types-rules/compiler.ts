/** Asks TypeScript what it makes of lines of code that were never written to a file. */
import ts from 'typescript'

/** What the compiler says of one line: the type of its expression, and its complaints with all that explains them. */
export interface Answer {
  readonly type: string
  readonly errors: readonly string[]
}

/** One answer for each expression, each checked on a line of its own below the preamble. */
export const ask = (preamble: string, expressions: readonly string[]): readonly Answer[] => {
  const name = `${process.cwd()}/test/types-rules/asked.ts`
  const first = preamble.split('\n').length
  const text = `${preamble}\n${expressions.map((code, i) => `export const asked${i} = ${code}`).join('\n')}\n`
  const program = openProgram(name, text)
  const source = program.getSourceFile(name) as ts.SourceFile
  const checker = program.getTypeChecker()
  const errors = expressions.map((): string[] => [])
  for (const { start, messageText } of program.getSemanticDiagnostics(source)) {
    const line = source.getLineAndCharacterOfPosition(start ?? 0).line - first
    const message = ts.flattenDiagnosticMessageText(messageText, '\n')
    if (errors[line] === undefined) throw new Error(`the preamble does not compile: ${message}`)
    errors[line].push(message)
  }
  const types = new Map<string, string>()
  source.forEachChild((node) => {
    if (!ts.isVariableStatement(node)) return
    const [declaration] = node.declarationList.declarations
    if (declaration === undefined) return
    const type = checker.typeToString(checker.getTypeAtLocation(declaration.name), undefined, ts.TypeFormatFlags.NoTruncation)
    types.set(declaration.name.getText(source), type)
  })
  return expressions.map((_, i) => ({ type: types.get(`asked${i}`) ?? '', errors: errors[i] ?? [] }))
}

const openProgram = (name: string, text: string): ts.Program => {
  const { config } = ts.readConfigFile(`${process.cwd()}/tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd())
  const settings = { ...options, noUnusedLocals: false, noErrorTruncation: true, types: [] }
  const host = ts.createCompilerHost(settings)
  const read = host.getSourceFile
  host.getSourceFile = (file, languageVersion, ...rest) =>
    file === name ? ts.createSourceFile(file, text, languageVersion, true) : read(file, languageVersion, ...rest)
  const exists = host.fileExists
  host.fileExists = (file) => file === name || exists(file)
  return ts.createProgram([name], settings, host)
}
