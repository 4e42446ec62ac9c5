/** The library as users have it, declarations alone, in a folder of its own; and what programs against it cost each compiler. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Version } from './compilers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const modules = join(root, 'node_modules')
const compilers: { readonly [V in Version]: string } = {
  '5.9': join(modules, 'typescript-5.9/lib/tsc.js'),
  '6.0': join(modules, 'typescript/lib/tsc.js'),
  '7.0': join(modules, 'typescript-7.0/bin/tsc'),
}
/** What `strict` users have. Types of Node are left out: they are a constant that has nothing to do with us. */
const options = {
  ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: true, noEmit: true },
  ...{ module: 'NodeNext', moduleResolution: 'NodeNext', target: 'ES2022', lib: ['ES2023', 'DOM'], types: [] },
  paths: { shapewright: ['../../dist/src/index.d.ts'], 'shapewright/ops': ['../../dist/src/ops.d.ts'] },
}

export interface Published {
  /** Writes a program, `main.ts` in a project of its own, and gives the project's folder. */
  readonly project: (name: string, text: string) => string
  readonly remove: () => void
}

export const publish = (): Published => {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-types-'))
  const build = ['-p', join(root, 'tsconfig.build.json'), '--emitDeclarationOnly', '--outDir', join(folder, 'dist')]
  execFileSync(process.execPath, [compilers['6.0'], ...build], { cwd: root, stdio: 'inherit' })
  symlinkSync(modules, join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return {
    project: (name, text) => {
      const place = join(folder, 'programs', name)
      mkdirSync(place, { recursive: true })
      writeFileSync(join(place, 'main.ts'), text)
      writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['main.ts'] }))
      return place
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export interface CheckCost {
  readonly instantiations: number
  /** Seconds in the checker alone. */
  readonly check: number
  readonly total: number
  readonly errors: number
}

/** One run of a compiler over a project. */
export const checkCost = (version: Version, project: string): CheckCost => {
  const args = ['--max-old-space-size=3000', compilers[version], '-p', project, '--extendedDiagnostics', '--pretty', 'false']
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 180_000 })
  const told = (label: string): number => {
    const value = new RegExp(`^${label}:\\s+([\\d.]+)`, 'm').exec(stdout)?.[1]
    if (value === undefined) throw new Error(`TypeScript ${version} did not tell its ${label}: ${stdout.slice(0, 500)}`)
    return Number(value)
  }
  return {
    instantiations: told('Instantiations'),
    check: told('Check time'),
    total: told('Total time'),
    errors: stdout.match(/error TS\d+/g)?.length ?? 0,
  }
}
