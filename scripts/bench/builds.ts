/** What has to be made before a line can run: bundles of scripts, programs of C sources. All of it under bench/peers/build. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'

export type Built = { readonly file: string } | { readonly missing: string }

const peers = join(import.meta.dirname, '../../bench/peers')
const into = join(peers, 'build')
/** The programs that were made in this run. */
const made = new Map<string, Built>()

const once = (name: string, make: () => Built): Built => {
  const known = made.get(name) ?? make()
  made.set(name, known)
  return known
}

/** A script with ours inside and packages outside: any Node runs it, and it starts at once. */
export const bundled = (path: string): Built =>
  once(path, () => {
    const file = join(into, `${basename(path).replace(/\.\w+$/, '')}.mjs`)
    buildSync({
      entryPoints: [path],
      outfile: file,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['@tensorflow/*', '@jax-js/*', 'brain.js'],
      logLevel: 'silent',
    })
    return { file }
  })

/** How C is compiled; `native`, since a BLAS picks its code for this machine too. */
export const flags = ['-O3', '-march=native', '-ffast-math']
/** Where a BLAS lies is a matter of the system's taste; where nobody says, it lies where the compiler looks. */
const openblas = (): readonly string[] => {
  try {
    const said = execFileSync('pkg-config', ['--cflags', '--libs', 'openblas'], { stdio: 'pipe', encoding: 'utf8' })
    return said.split(/\s+/).filter((word) => word !== '')
  } catch {
    return ['-lopenblas']
  }
}
const link = (sources: readonly string[], file: string, more: readonly string[]): void => {
  const paths = sources.map((name) => join(peers, 'c', name))
  execFileSync('cc', [...flags, ...paths, '-o', file, ...more, '-lpthread', '-lm'], { stdio: 'pipe' })
}

/** A program of C sources, over OpenBLAS or over nothing. */
export const compiled = (name: string, sources: readonly string[], over: 'openblas' | 'nothing'): Built =>
  once(name, () => {
    mkdirSync(into, { recursive: true })
    const file = join(into, name)
    try {
      link(sources, file, over === 'openblas' ? ['-DOPENBLAS', ...openblas()] : [])
      return { file }
    } catch (error) {
      return { missing: whyNot(error) }
    }
  })

const whyNot = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'no C compiler (cc)'
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
  if (/cblas\.h|-lopenblas/.test(said)) return 'no OpenBLAS for cc (libopenblas-dev)'
  return `cc failed: ${said.trim().split('\n')[0] ?? ''}`
}
