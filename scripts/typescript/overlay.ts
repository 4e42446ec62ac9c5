/** TypeScript 7 as a server, whose interface is not stable yet: the files of a project, with one of them in other words. */
import { existsSync, readFileSync } from 'node:fs'
import type { Diagnostic as Found } from 'typescript-7.0/unstable/sync'
import { API } from 'typescript-7.0/unstable/sync'
import type { Diagnostic } from './diagnostic.ts'

export interface Overlay {
  /** From now on the file at this path (relative to the root) has this text; nothing is written. Null: as it was. */
  readonly put: (path: string, text: string | null) => void
  /** The errors of one file. Only what it uses is checked. */
  readonly errorsOf: (path: string, text: string) => readonly Diagnostic[]
  readonly close: () => void
}

export const openOverlay = (root: string, tsconfig: string): Overlay => {
  const texts = new Map<string, string>()
  const read = new Map<string, string>()
  /** What a file said when it was first read: someone may edit the tree meanwhile. */
  const first = (path: string): string | undefined => {
    if (!path.startsWith(`${root}/`) || path.includes('/node_modules/')) return undefined
    const known = read.get(path)
    if (known !== undefined || !existsSync(path)) return known
    const text = readFileSync(path, 'utf8')
    read.set(path, text)
    return text
  }
  const api = new API({ cwd: root, fs: { readFile: (path) => texts.get(path) ?? first(path) } })
  let snapshot = api.updateSnapshot({ openProjects: [tsconfig] })
  const changed = new Set<string>()
  /** Only a question needs the program: what was put and taken back meanwhile is one change. */
  const current = (): typeof snapshot => {
    if (changed.size === 0) return snapshot
    const next = api.updateSnapshot({ fileChanges: { changed: [...changed] } })
    changed.clear()
    snapshot.dispose()
    snapshot = next
    return snapshot
  }
  return {
    put: (path, text) => {
      const file = `${root}/${path}`
      if (text === null) texts.delete(file)
      else texts.set(file, text)
      changed.add(file)
    },
    errorsOf: (path, text) => {
      const [project] = current().getProjects()
      if (project === undefined) throw new Error(`${tsconfig}: no project`)
      return project.program.getSemanticDiagnostics(`${root}/${path}`).map((found) => diagnosticOf(found, path, text))
    },
    close: () => api.close(),
  }
}

const diagnosticOf = (found: Found, path: string, text: string): Diagnostic => {
  const before = text.slice(0, found.pos).split('\n')
  return {
    path,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    code: found.code,
    length: found.end - found.pos,
    lines: linesOf(found, ''),
  }
}
const linesOf = ({ text, messageChain = [] }: Found, indent: string): readonly string[] => [
  `${indent}${text}`,
  ...messageChain.flatMap((each) => linesOf(each, `${indent}  `)),
]
