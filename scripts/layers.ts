/** The rules of ARCHITECTURE.md about modules, as functions from modules to breaches. */
import { posix } from 'node:path'
import type { Import, Module } from './typescript/modules.ts'

export interface Breach {
  readonly path: string
  readonly line: number
  readonly what: string
}

/** Rooms, lowest first; rooms of one rank do not know each other. */
export const ranks: readonly (readonly string[])[] = [
  ['types'],
  ['graph'],
  ['tensor'],
  ['autodiff'],
  ['model', 'optim'],
  ['compiler'],
  ['wasm'],
  ['runtime'],
  ['compile'],
  ['formats'],
  ['data'],
  ['train'],
  ['files'],
  ['index'],
]
/** Files that stand elsewhere than their folder says: the table of contents of the compiler uses every room up to the runtime. */
const outOfFolder: Readonly<Record<string, string>> = {
  'src/compiler/compile.ts': 'compile',
  'src/index.ts': 'index',
  'src/inferred.ts': 'index',
  'src/ops.ts': 'index',
}
/** The files that do not run in a page, and a room of such: only they may import Node's modules, and only they may import each other. */
const nodeFiles: readonly string[] = ['index', 'fashion-mnist', 'images/index', 'images/folder', 'labelled-images', 'mnist'].map(
  (name) => `src/data/${name}.ts`,
)
const needsNode = (path: string): boolean => nodeFiles.includes(path) || path.startsWith('src/files/')
const packages = /^(fp-ts\/lib\/\w+\.js|io-ts)$/
/** Packages that a user installs for one subpath of the library: only the files that start like this may import them, and each other. */
const optional: Readonly<Record<string, RegExp>> = {
  'src/data/csv/': /^papaparse$/,
  'src/data/images/': /^fast-png$/,
  'src/data/parquet/': /^hyparquet(-compressors)?$/,
  'src/files/types/': /^ts-morph$/,
  'src/formats/onnx/': /^pbf$/,
}
const subpathOf = (path: string): string | null => Object.keys(optional).find((start) => path.startsWith(start)) ?? null
const longest = 400
/** Lists of public names, one a line: as long as there are names. */
const lists: readonly string[] = ['src/index.ts', 'src/ops.ts']

/** Every breach, in order of files. */
export const breaches = (modules: readonly Module[]): readonly Breach[] =>
  [
    ...modules.flatMap(tooLong),
    ...modules.flatMap(defaultExport),
    ...modules.flatMap(foreignImports),
    ...modules.flatMap((module) => upwardImports(module, modules)),
    ...cycles(modules),
  ].sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))

/** `src/graph/node.ts:3: graph may not import tensor (src/tensor/random.ts)` */
export const showBreach = ({ path, line, what }: Breach): string => `${path}:${line}: ${what}`

const tooLong = ({ path, lines }: Module): readonly Breach[] =>
  lines > longest && !lists.includes(path) ? [{ path, line: longest + 1, what: `${lines} lines, at most ${longest}` }] : []

const defaultExport = ({ path, defaultExportLine: line }: Module): readonly Breach[] =>
  line === null ? [] : [{ path, line, what: 'a default export; export it by name' }]

const isRelative = ({ specifier }: Import): boolean => specifier.startsWith('.')

const foreignImports = ({ path, imports }: Module): readonly Breach[] =>
  imports
    .filter((each) => !isRelative(each))
    .flatMap(({ specifier, line }) => {
      if (!specifier.startsWith('node:'))
        return packages.test(specifier) || optional[subpathOf(path) ?? '']?.test(specifier)
          ? []
          : [{ path, line, what: `'${specifier}' is neither relative nor fp-ts/lib/*.js nor io-ts` }]
      return needsNode(path) ? [] : [{ path, line, what: `'${specifier}' in a file that also runs in a page` }]
    })

/** The room of a file, or null where no room is known. */
const roomOf = (path: string): string | null => {
  const [top, second] = path.split('/')
  const room = outOfFolder[path] ?? (top === 'src' ? second : top)
  return ranks.some((rank) => rank.includes(room ?? '')) ? (room ?? null) : null
}
const rankOf = (room: string): number => ranks.findIndex((rank) => rank.includes(room))
const target = (from: Module, specifier: string): string => posix.join(posix.dirname(from.path), specifier)

const upwardImports = (module: Module, modules: readonly Module[]): readonly Breach[] => {
  const { path } = module
  const room = roomOf(path)
  if (room === null) return [{ path, line: 1, what: 'stands in no room of ARCHITECTURE.md' }]
  return module.imports.filter(isRelative).flatMap(({ specifier, line }) => {
    const to = target(module, specifier)
    if (!modules.some((each) => each.path === to)) return [{ path, line, what: `'${specifier}' is no module of src or types` }]
    if (needsNode(to) && !needsNode(path)) return [{ path, line, what: `${to} needs Node, this file also runs in a page` }]
    const subpath = subpathOf(to)
    if (subpath !== null && subpath !== subpathOf(path))
      return [{ path, line, what: `${to} needs a package that is not installed everywhere` }]
    const other = roomOf(to)
    const allowed = other === null || other === room || rankOf(other) < rankOf(room)
    return allowed ? [] : [{ path, line, what: `${room} may not import ${other} (${to})` }]
  })
}

/** One breach a cycle: depth first, the way back to a module that is still open. */
const cycles = (modules: readonly Module[]): readonly Breach[] => {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const done = new Set<string>()
  const found: Breach[] = []
  const visit = (module: Module, open: readonly string[]): void => {
    done.add(module.path)
    const trail = [...open, module.path]
    for (const { specifier, line } of module.imports.filter(isRelative)) {
      const to = target(module, specifier)
      const next = byPath.get(to)
      if (trail.includes(to))
        found.push({ path: module.path, line, what: `import cycle: ${[...trail.slice(trail.indexOf(to)), to].join(' -> ')}` })
      else if (next !== undefined && !done.has(to)) visit(next, trail)
    }
  }
  for (const module of modules) if (!done.has(module.path)) visit(module, [])
  return found
}
