/** Bytes -> a module of the host's engine, or the reason why this host can't. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Target } from '../compiler/target.ts'
import { InternalError } from '../graph/internal-error.ts'
import { pageBytes } from '../wasm/emit/emit.ts'
import { type CompileError, type Lacking, tooLarge, unsupported } from './executable.ts'
import { offer } from './threads/host.ts'

/** The largest memory that a 32-bit WebAssembly program can have. */
const mostPages = 65536

/** `(module (func (drop (v128.const ..))))`: valid where the host has 128-bit SIMD. */
const simdProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 26,
  11,
])

/** `(module (func (local v128) .. (drop (f32x4.relaxed_madd ..))))`: valid where the host has relaxed SIMD. */
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 16, 1, 14, 1, 1, 123, 32, 0, 32, 0, 32, 0, 253, 133, 2, 26, 11,
])

const noRelaxed = 'fastMath: this host has no relaxed SIMD, so products and sums are rounded one by one'

export interface HostTarget {
  readonly target: Target
  readonly lacking: Lacking
}
/** The target that was asked for, as far as this host has it: relaxed SIMD and threads came to engines later than SIMD. */
export const hostTarget = (asked: Target): HostTarget => {
  const hasEngine = typeof WebAssembly !== 'undefined'
  const isRelaxed = asked.fastMath && hasEngine && WebAssembly.validate(relaxedProbe)
  const { threads, why } = asked.threads > 1 && hasEngine ? offer() : { threads: 1, why: null }
  // a number is taken at its word wherever there can be threads; without one the host says how many
  const wanted = asked.threads === Number.POSITIVE_INFINITY ? threads : asked.threads
  return {
    target: { ...asked, fastMath: isRelaxed, threads: why === null ? wanted : 1 },
    lacking: { threads: why, fastMath: asked.fastMath && !isRelaxed ? noRelaxed : null },
  }
}

/** Why this host can't run a program of this size, or null. Asked before it is emitted: an instruction's offset has 32 bits too. */
export const hostFault = (arenaBytes: number): CompileError | null => {
  if (typeof WebAssembly === 'undefined') return unsupported('WebAssembly')
  if (!WebAssembly.validate(simdProbe)) return unsupported('WebAssembly SIMD')
  return arenaBytes > mostPages * pageBytes ? tooLarge(arenaBytes, 'a WebAssembly memory has at most 4096 MB') : null
}

/**
 * Up to here a module is compiled at once. Engines compile a function when it is first called, so that handing so few bytes to
 * another thread and waiting for an answer takes longer than the work: 10 ms in place of 0.4 where all cores are busy.
 */
const mostAtOnce = 1 << 17

/** Bytes that an engine refuses are our mistake. Some browsers compile nothing on a page's own thread: then it is done elsewhere. */
export const compileModule =
  (bytes: Uint8Array<ArrayBuffer>): TE.TaskEither<CompileError, WebAssembly.Module> =>
  async () => {
    try {
      return E.right(moduleAtOnce(bytes) ?? (await WebAssembly.compile(bytes)))
    } catch (cause) {
      throw new InternalError(`the engine refused the module: ${cause instanceof Error ? cause.message : cause}`, 'emit -> compile')
    }
  }

const moduleAtOnce = (bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module | null => {
  if (bytes.length > mostAtOnce) return null
  try {
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    if (cause instanceof RangeError) return null
    throw cause
  }
}
