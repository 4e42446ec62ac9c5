/** The lines of the benchmark: ours, and every peer, with how it is started or why it can't be. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Built, bundled, compiled } from './builds.ts'
import type { Launch } from './protocol.ts'
import type { Workload } from './workloads.ts'

/** How to start a line, or one line that says why it can't be. */
export type Prepared = { readonly launch: Launch } | { readonly missing: string }

export interface Line {
  readonly id: string
  readonly threads: number
  readonly fastMath: boolean
  /** Whether its steps do the same arithmetic as ours, so that the losses must agree; else they must fall. */
  readonly same: boolean
  readonly prepare: () => Prepared
  /** Why it can't run a workload; null where it can. */
  readonly cannot: (workload: Workload) => string | null
}

const root = join(import.meta.dirname, '../..')
export const peersFolder = join(root, 'bench/peers')
const peerFile = (name: string): string => join(peersFolder, name)

const runsAll = (): null => null
const tooSmallToSplit = ({ loss, batch }: Workload): string | null =>
  loss === 'flags' || batch === 1 ? 'too small to split between threads' : null
/** W6 is there to be held against its own products. */
const notRecurrent = ({ network }: Workload): string | null => (network === 'lstm' ? 'is measured without a recurrent network' : null)
const all =
  (...reasons: readonly Line['cannot'][]): Line['cannot'] =>
  (workload) =>
    reasons.reduce<string | null>((why, reason) => why ?? reason(workload), null)
const one = { threads: 1, fastMath: false, same: true, cannot: notRecurrent }
const own = { ...one, cannot: runsAll }

const launched = (built: Built, command: (file: string) => Launch): Prepared =>
  'missing' in built ? built : { launch: command(built.file) }

// ours

/** The newest Node that is installed beside the peers, or null. */
const newestNode = (): string | null => {
  const installed = peerFile('node_modules/node/bin/node')
  return existsSync(installed) ? installed : null
}
const noNewest: Prepared = { missing: 'no newer Node: npm install in bench/peers' }
/** Node 20 has relaxed SIMD behind a flag that later ones do not know. */
const relaxed = process.version.startsWith('v20.') ? ['--experimental-wasm-relaxed-simd'] : []

const onNode = (command: string, more: readonly string[] = []): Prepared =>
  launched(bundled(join(import.meta.dirname, 'ours.ts')), (file) => ({ command, args: ['--expose-gc', ...more, file] }))
const strict = (): Prepared => onNode(process.execPath)
const newest = (): Prepared => {
  const node = newestNode()
  return node === null ? noNewest : onNode(node)
}
const fast = (): Prepared => {
  const node = newestNode()
  return node === null ? onNode(process.execPath, relaxed) : onNode(node)
}

const ownLines: readonly Line[] = [
  { ...own, id: 'ours', prepare: strict },
  { ...own, id: 'ours-t2', threads: 2, prepare: strict, cannot: tooSmallToSplit },
  { ...own, id: 'ours-newest', prepare: newest },
  { ...own, id: 'ours-fast', fastMath: true, prepare: fast },
  { ...own, id: 'ours-fast-t2', threads: 2, fastMath: true, prepare: fast, cannot: tooSmallToSplit },
]

// C over OpenBLAS

const c = (env: Readonly<Record<string, string>>): Prepared =>
  launched(compiled('step', ['step.c', 'mlp.c', 'cnn.c', 'xor.c'], 'openblas'), (command) => ({ command, args: [], env }))
const cLines: readonly Line[] = [
  { ...one, id: 'c-openblas', prepare: () => c({}) },
  { ...one, id: 'c-openblas-t2', threads: 2, prepare: () => c({}), cannot: all(notRecurrent, tooSmallToSplit) },
  {
    ...one,
    id: 'c-openblas-avx2',
    prepare: () => (process.arch === 'x64' ? c({ OPENBLAS_CORETYPE: 'Haswell' }) : { missing: 'AVX2 is of x64' }),
  },
  {
    ...one,
    id: 'c-openblas-avx512',
    prepare: () => (process.arch === 'x64' ? c({ OPENBLAS_CORETYPE: 'SkylakeX' }) : { missing: 'AVX-512 is of x64' }),
  },
]

// Python

const pythons = (): readonly string[] =>
  [process.env.PYTHON, peerFile('.venv/bin/python'), peerFile('.venv/Scripts/python.exe'), 'python3', '/usr/bin/python3'].flatMap((path) =>
    path === undefined ? [] : [path],
  )

/** A Python that has all these modules, or why there is none. Whether it has is asked without importing them, which takes seconds. */
const python = (
  modules: readonly string[],
  file: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Prepared => {
  const question = `import sys, importlib.util as u; sys.exit(0 if all(u.find_spec(m) for m in sys.argv[1:]) else 1)`
  const found = pythons().find((path) => runs(path, ['-c', question, ...modules]))
  if (found !== undefined) return { launch: { command: found, args: [peerFile(file), ...args], env } }
  const some = pythons().some((path) => runs(path, ['-c', '']))
  return { missing: some ? `no Python that has ${modules.join(' and ')}: pip install -r bench/peers/requirements.txt` : 'no Python' }
}
const runs = (command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 60_000 })
    return true
  } catch {
    return false
  }
}
const cores = (openmp: number, blas: number): Readonly<Record<string, string>> => ({
  OMP_NUM_THREADS: String(openmp),
  MKL_NUM_THREADS: String(blas),
  OPENBLAS_NUM_THREADS: String(blas),
})
/** Else every gradient of more than 128 KB is given back to the system, and faulted in again, in each step. */
const tuned = { MALLOC_MMAP_THRESHOLD_: '67108864', MALLOC_TRIM_THRESHOLD_: '268435456' }

const pythonLines: readonly Line[] = [
  { ...one, id: 'numpy', prepare: () => python(['numpy'], 'numpy_peer.py', cores(1, 1)) },
  {
    ...one,
    id: 'numpy-t2',
    threads: 2,
    prepare: () => python(['numpy'], 'numpy_peer.py', cores(2, 2)),
    cannot: all(notRecurrent, tooSmallToSplit),
  },
  { ...one, id: 'torch', prepare: () => python(['torch'], 'torch_peer.py', { ...cores(1, 1), ...tuned }) },
  {
    ...one,
    id: 'torch-t2',
    threads: 2,
    prepare: () => python(['torch'], 'torch_peer.py', { ...cores(2, 2), ...tuned }),
    cannot: all(notRecurrent, tooSmallToSplit),
  },
  { ...one, id: 'torch-untuned', prepare: () => python(['torch'], 'torch_peer.py', cores(1, 1), ['plain']) },
  { ...one, id: 'jax', prepare: () => python(['jax'], 'jax_peer.py', cores(1, 1)) },
  {
    ...one,
    id: 'jax-t2',
    threads: 2,
    prepare: () => python(['jax'], 'jax_peer.py', cores(2, 2)),
    cannot: all(notRecurrent, tooSmallToSplit),
  },
  { ...one, id: 'keras', prepare: () => python(['keras', 'jax'], 'keras_peer.py', { ...cores(1, 1), KERAS_BACKEND: 'jax' }) },
]

// JavaScript

const script = (packages: readonly string[], file: string, args: readonly string[] = []): Prepared => {
  const missing = packages.find((name) => !existsSync(peerFile(join('node_modules', name, 'package.json'))))
  if (missing !== undefined) return { missing: `${missing} is not installed: npm install in bench/peers` }
  return launched(bundled(peerFile(file)), (bundle) => ({ command: process.execPath, args: ['--expose-gc', bundle, ...args] }))
}
const tfjs = '@tensorflow/tfjs'
const noConvolutionGradient = ({ network, mode }: Workload): string | null =>
  network === 'cnn' && mode === 'train' ? 'has no gradient of a convolution (Conv2DBackpropFilter is no kernel of it)' : null
/** brain.js has one momentum or Adam for a whole network, the same activation in all layers, and neither batches nor images. */
const brainCannot = ({ network, mode, batch }: Workload): string | null =>
  network === 'cnn' ? 'has no convolution' : mode === 'infer' && batch > 1 ? 'takes one sample at a time' : null

const scriptLines: readonly Line[] = [
  { ...one, id: 'tfjs-cpu', prepare: () => script([tfjs], 'tfjs.mjs', ['cpu']) },
  {
    ...one,
    id: 'tfjs-wasm',
    prepare: () => script([tfjs, '@tensorflow/tfjs-backend-wasm'], 'tfjs.mjs', ['wasm']),
    cannot: all(notRecurrent, noConvolutionGradient),
  },
  { ...one, id: 'jaxjs', prepare: () => script(['@jax-js/jax'], 'jax-js.mjs') },
  { ...one, id: 'brain.js', same: false, prepare: () => script(['brain.js'], 'brain.mjs'), cannot: all(notRecurrent, brainCannot) },
]

export const lines: readonly Line[] = [...ownLines, ...cLines, ...pythonLines, ...scriptLines]
export const isOurs = ({ id }: Pick<Line, 'id'>): boolean => id === 'ours' || id.startsWith('ours-')

/** For the sweep: ours and C, on 1, 2, 4, ... threads, as many as there are cores. */
export const growing = (): readonly Line[] => {
  const counts = [4, 8, 16, 32, 64].filter((threads) => threads <= availableParallelism())
  const many = counts.flatMap((threads): readonly Line[] => [
    { ...own, id: `ours-t${threads}`, threads, prepare: strict, cannot: tooSmallToSplit },
    { ...one, id: `c-openblas-t${threads}`, threads, prepare: () => c({}), cannot: all(notRecurrent, tooSmallToSplit) },
  ])
  return [...ownLines.filter(({ id }) => id !== 'ours-newest'), ...cLines, ...many]
}
