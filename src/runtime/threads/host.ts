/** How many threads the host offers, and why no more. */

/** Threads that may share a program here; `why` says in one line why it can only be one. */
export interface Offer {
  readonly threads: number
  readonly why: string | null
}

/** What is used of Node; it is asked for when needed, so that a bundle for a page has no trace of it. */
interface NodeModules {
  readonly 'node:os': { readonly availableParallelism: () => number }
  readonly 'node:worker_threads': { readonly Worker: new (source: string, options: object) => NodeWorker }
}
export interface NodeWorker {
  readonly postMessage: (message: unknown) => void
  readonly on: (event: 'error' | 'exit', listener: (cause: unknown) => void) => void
  readonly unref: () => void
  readonly terminate: () => unknown
}
interface NodeProcess {
  readonly versions?: { readonly node?: string }
  readonly getBuiltinModule?: (name: string) => unknown
}
const node: NodeProcess | null = typeof process !== 'undefined' && typeof process.versions?.node === 'string' ? process : null

/** A module of Node's; null in a page, and in a Node that can't be asked. */
export const nodeModule = <N extends keyof NodeModules>(name: N): NodeModules[N] | null =>
  (node?.getBuiltinModule?.(name) as NodeModules[N] | undefined) ?? null

/** `(module (memory 1 1 shared) (func (drop (i32.atomic.load (i32.const 0)))))`: valid where the host has threads. */
const atomicsProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 11, 1, 9, 0, 65, 0, 254, 16, 2, 0, 26, 11,
])

export const offer = (): Offer => {
  const lack = lacking()
  return lack === null ? { threads: parallelism(), why: null } : { threads: 1, why: `threads: ${lack}, so one thread runs each step` }
}

const lacking = (): string | null => {
  // a page without the two headers may have the constructor and can't hand the memory on
  if (node === null && (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated === false)
    return 'this page is not cross-origin isolated (it needs the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy)'
  if (typeof SharedArrayBuffer === 'undefined') return 'this host has no shared memory'
  if (!WebAssembly.validate(atomicsProbe)) return 'this host has no WebAssembly threads'
  if (node !== null && node.getBuiltinModule === undefined) return 'this Node is older than 20.16'
  if (node === null && typeof Worker === 'undefined') return 'this host has no workers'
  return null
}

const parallelism = (): number =>
  nodeModule('node:os')?.availableParallelism() ?? (typeof navigator === 'undefined' ? 1 : (navigator.hardwareConcurrency ?? 1))

/** Whether this thread may sleep: the main thread of a page may not. */
export const maySleep = (): boolean => {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0)
    return true
  } catch {
    return false
  }
}
