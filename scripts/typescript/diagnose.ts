/** A child process: type-checks a project with the compiler inside ts-morph, which alone tells where a squiggle ends, and prints JSON. */
import { relative } from 'node:path'
import { type Diagnostic as Found, Project, ts } from 'ts-morph'
import type { Diagnostic } from './diagnostic.ts'

const diagnosticOf = (found: Found): Diagnostic => {
  const file = found.getSourceFile()
  const text = found.getMessageText()
  const flat = typeof text === 'string' ? text : ts.flattenDiagnosticMessageText(text.compilerObject, '\n')
  const { line, column } = file?.getLineAndColumnAtPos(found.getStart() ?? 0) ?? { line: 0, column: 0 }
  return {
    path: file === undefined ? '' : relative(process.cwd(), file.getFilePath()),
    line,
    column,
    code: found.getCode(),
    length: found.getLength() ?? null,
    lines: flat.split('\n'),
  }
}

const [tsConfigFilePath = 'tsconfig.json'] = process.argv.slice(2)
const project = new Project({ tsConfigFilePath })
process.stdout.write(JSON.stringify(project.getPreEmitDiagnostics().map(diagnosticOf)))
