/** What the modules of a folder say without being type-checked: their imports, default exports and lengths. */
import { resolve } from 'node:path'
import { Project, type SourceFile } from 'ts-morph'

export interface Import {
  readonly specifier: string
  readonly line: number
}
export interface Module {
  /** Relative to the root, with forward slashes. */
  readonly path: string
  readonly lines: number
  /** Of values, of types, re-exports, `import()` and `import('...').T` alike. */
  readonly imports: readonly Import[]
  readonly defaultExportLine: number | null
}

/** The modules under these folders of a root. */
export const readModules = (root: string, folders: readonly string[]): readonly Module[] => {
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: { noLib: true, noResolve: true },
  })
  return project
    .addSourceFilesAtPaths(folders.map((folder) => `${resolve(root)}/${folder}/**/*.ts`))
    .map((file) => moduleOf(file, resolve(root)))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

const moduleOf = (file: SourceFile, root: string): Module => ({
  path: file.getFilePath().slice(root.length + 1),
  lines: file.getFullText().trimEnd().split('\n').length,
  imports: file.getImportStringLiterals().map((literal) => ({ specifier: literal.getLiteralText(), line: literal.getStartLineNumber() })),
  defaultExportLine: file.getDefaultExportSymbol()?.getDeclarations()[0]?.getStartLineNumber() ?? null,
})
