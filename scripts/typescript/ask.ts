/**
 * Asks a compiler what it makes of expressions that were never written to a file: TypeScript 7's own process where the
 * machine has one, else TypeScript 6. The first's interface is called unstable: it is spoken to here alone.
 */
import ts from 'typescript'
import { API, type Diagnostic as Found, type Snapshot } from 'typescript-7.0/unstable/sync'

/** What the compiler says of one expression. */
export interface Answer {
  /** The type of the expression; empty where there are errors. */
  readonly type: string
  /** Each error with all that explains it, a line each, outermost first. */
  readonly errors: readonly string[]
}
export interface Compiler {
  readonly version: '7.0' | '6.0'
  /** One answer for each expression, in order. */
  readonly ask: (expressions: readonly string[]) => readonly Answer[]
  readonly close: () => void
}

/**
 * A compiler that knows the preamble: imports and declarations, which stand above the expressions and must compile. `told`
 * is a type function of the preamble, by which the type of an expression is told.
 */
export const openCompiler = (preamble: string, told: string | null = null, version?: Compiler['version']): Compiler => {
  if (version === '6.0') return opened('6.0', preamble, told, morph())
  try {
    return opened('7.0', preamble, told, native())
  } catch (error) {
    if (version === '7.0') throw error
    return opened('6.0', preamble, told, morph())
  }
}

/** The answers to a few expressions. */
export const ask = (preamble: string, expressions: readonly string[]): readonly Answer[] => {
  const compiler = openCompiler(preamble)
  try {
    return compiler.ask(expressions)
  } finally {
    compiler.close()
  }
}

/** An error of the file that is asked about: where it starts, and its lines. */
interface Complaint {
  readonly start: number
  readonly text: string
}
/** One version of the file, checked. */
interface Checked {
  readonly complaints: readonly Complaint[]
  readonly typesAt: (positions: readonly number[]) => readonly string[]
}
interface Engine {
  readonly check: (text: string) => Checked
  readonly close: () => void
}

const root = process.cwd()
/** Neither of them is on any disk. */
const path = `${root}/test/asked.ts`
const configPath = `${root}/test/asked.json`
const settings = { noErrorTruncation: true, noUnusedLocals: false, noUnusedParameters: false, types: [] }
/** `NoTruncation` and `InTypeAlias`: all of the type, and not the name of an alias. */
const printed = 1 | 8_388_608

const opened = (version: Compiler['version'], preamble: string, told: string | null, { check, close }: Engine): Compiler => ({
  version,
  close,
  ask: (expressions) => {
    const { text, lines } = written(preamble, told, expressions)
    const { complaints, typesAt } = check(text)
    const errors = expressions.map((): string[] => [])
    for (const { start, text } of complaints) {
      const found = errors[lines.findLastIndex((line) => line.start <= start)]
      if (found === undefined) throw new Error(`the preamble does not compile: ${text}`)
      found.push(text)
    }
    const fine = lines.filter((_, i) => errors[i]?.length === 0)
    const types = typesAt(fine.map(({ name }) => name))
    const typeOf = new Map(fine.map((line, i) => [line, types[i] as string]))
    return lines.map((line, i) => ({ type: typeOf.get(line) ?? '', errors: errors[i] as string[] }))
  },
})

/** Where an expression's line begins, and where the name stands whose type is asked for. */
interface Line {
  readonly start: number
  readonly name: number
}
const written = (preamble: string, told: string | null, expressions: readonly string[]) => {
  let text = `${preamble}\n`
  const lines = expressions.map((code, i): Line => {
    const start = text.length
    text += `export const asked${i} = ${code}\n`
    if (told === null) return { start, name: start + 'export const '.length }
    text += `export type Told${i} = ${told}<typeof asked${i}>\n`
    return { start, name: text.lastIndexOf(`Told${i} =`) }
  })
  return { text, lines }
}

/** TypeScript 7: a process of its own, which keeps everything but the file between two questions. */
const native = (): Engine => {
  let text = ''
  const config = JSON.stringify({ extends: `${root}/tsconfig.json`, compilerOptions: settings, include: [], files: [path] })
  // Its heap takes no flag of Node's.
  process.env.GOMEMLIMIT ??= '2GiB'
  const api = new API({
    cwd: root,
    fs: {
      readFile: (name) => (name === path ? text : name === configPath ? config : undefined),
      fileExists: (name) => (name === path || name === configPath ? true : undefined),
    },
  })
  let snapshot: Snapshot | null = null
  return {
    check: (next) => {
      text = next
      const last = snapshot
      snapshot = api.updateSnapshot(last === null ? { openProjects: [configPath] } : { fileChanges: { changed: [path] } })
      last?.dispose()
      const [project] = snapshot.getProjects()
      if (project === undefined) throw new Error('TypeScript 7 opened no project')
      const { program, checker } = project
      return {
        complaints: program.getSemanticDiagnostics(path).map((found) => ({ start: found.pos, text: linesOf(found).join('\n') })),
        typesAt: (positions) =>
          checker
            .getTypeAtPosition(path, positions)
            .map((type) => (type === undefined ? '' : checker.typeToString(type, undefined, printed))),
      }
    },
    close: () => api.close(),
  }
}
const linesOf = ({ text, messageChain = [] }: Found): readonly string[] => [text, ...messageChain.flatMap(linesOf)]

/** TypeScript 6: its source files are kept, but each question has a checker of its own. */
const morph = (): Engine => {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const host = ts.createCompilerHost({ ...options, ...settings })
  const { getSourceFile, fileExists } = host
  let text = ''
  host.getSourceFile = (name, language, ...rest) =>
    name === path ? ts.createSourceFile(name, text, language, true) : getSourceFile.call(host, name, language, ...rest)
  host.fileExists = (name) => name === path || fileExists.call(host, name)
  let last: ts.Program | undefined
  return {
    check: (next) => {
      text = next
      const program = ts.createProgram([path], { ...options, ...settings }, host, last)
      last = program
      const source = program.getSourceFile(path) as ts.SourceFile
      const checker = program.getTypeChecker()
      const names = new Map<number, ts.Node>()
      source.forEachChild((node) => {
        const declared = ts.isVariableStatement(node) ? node.declarationList.declarations : ts.isTypeAliasDeclaration(node) ? [node] : []
        for (const { name } of declared) names.set(name.getStart(source), name)
      })
      return {
        complaints: program
          .getSemanticDiagnostics(source)
          .map(({ start = 0, messageText }) => ({ start, text: ts.flattenDiagnosticMessageText(messageText, '\n') })),
        typesAt: (positions) =>
          positions.map((at) => checker.typeToString(checker.getTypeAtLocation(names.get(at) as ts.Node), undefined, printed)),
      }
    },
    close: () => {},
  }
}
