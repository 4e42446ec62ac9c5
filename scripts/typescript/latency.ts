/** How long an editor waits after an edit: for what is under the cursor, and for the errors of the file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { startLanguageServer } from './language-server.ts'

/** Milliseconds. */
export interface Latency {
  readonly hover: number
  readonly errors: number
}
/** A text a keystroke, each with the number of errors it should have; `name` is what the cursor is on. */
export interface Edits {
  /** The folder of a project, whose one file is `main.ts`. */
  readonly project: string
  readonly name: string
  readonly texts: readonly { readonly text: string; readonly errors: number }[]
}

const timed = async <T>(work: () => T | Promise<T>): Promise<readonly [T, number]> => {
  const start = performance.now()
  const result = await work()
  return [result, performance.now() - start]
}
const mustHave = (found: readonly string[], expected: number): void => {
  if (found.length !== expected) throw new Error(`the language service sees ${found.length} errors, there are ${expected}: ${found[0]}`)
}

/** TypeScript 6's language service. */
export const serviceLatencies = async ({ project, name, texts }: Edits): Promise<readonly Latency[]> => {
  const [path, tsconfig] = [join(project, 'main.ts'), join(project, 'tsconfig.json')]
  const { options } = ts.parseJsonConfigFileContent(JSON.parse(readFileSync(tsconfig, 'utf8')), ts.sys, project)
  let current = { version: 0, text: '' }
  // an editor holds the files that it has read: the service asks for each of them after every edit
  const read = new Map<string, ts.IScriptSnapshot | undefined>()
  const snapshotOf = (file: string): ts.IScriptSnapshot | undefined => {
    if (!read.has(file)) {
      const text = ts.sys.readFile(file)
      read.set(file, text === undefined ? undefined : ts.ScriptSnapshot.fromString(text))
    }
    return read.get(file)
  }
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [path],
    getScriptVersion: (file) => (file === path ? String(current.version) : '1'),
    getScriptSnapshot: (file) => (file === path ? ts.ScriptSnapshot.fromString(current.text) : snapshotOf(file)),
    getCurrentDirectory: () => project,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    ...{ fileExists: ts.sys.fileExists, readFile: ts.sys.readFile, directoryExists: ts.sys.directoryExists },
  })
  const latencies: Latency[] = []
  for (const { text, errors } of texts) {
    current = { version: current.version + 1, text }
    const [, hover] = await timed(() => service.getQuickInfoAtPosition(path, text.indexOf(name)))
    const [found, wait] = await timed(() => [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)])
    mustHave(
      found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
      errors,
    )
    latencies.push({ hover, errors: wait })
  }
  return latencies
}

/** TypeScript 7's language server. */
export const serverLatencies = async ({ project, name, texts }: Edits): Promise<readonly Latency[]> => {
  const path = join(project, 'main.ts')
  const server = await startLanguageServer(project)
  const latencies: Latency[] = []
  for (const [i, { text, errors }] of texts.entries()) {
    if (i === 0) server.open(path, text)
    else server.change(path, text)
    const before = text.slice(0, text.indexOf(name)).split('\n')
    const [, hover] = await timed(() => server.hover(path, before.length - 1, before.at(-1)?.length ?? 0))
    const [found, wait] = await timed(() => server.errors(path))
    mustHave(found, errors)
    latencies.push({ hover, errors: wait })
  }
  server.stop()
  return latencies
}
