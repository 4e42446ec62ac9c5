/** What the fuzzer asks of a reader: see `targets.ts` for the table, `inputs.ts` for what is tried. */
import type fc from 'fast-check'
import type { Either } from 'fp-ts/lib/Either.js'

export interface FuzzTarget {
  readonly name: string
  /** Real files that mutations start from: small ones, of a few KB at most, since each of the inputs is as long. */
  readonly seeds: () => Promise<readonly Uint8Array[]>
  /** Structured random files, right and wrong ones: what mutations do not reach, as bytes behind a checksum. */
  readonly files?: fc.Arbitrary<Uint8Array>
  /** Reads under `smallLimit`: Left or Right, never a throw, a hang, or memory beyond the limit. */
  readonly read: (
    bytes: Uint8Array,
  ) => Promise<Either<{ readonly message: string }, unknown>> | Either<{ readonly message: string }, unknown>
  /** Why what was read is a wrong answer, or null: it does not write back to the same, or another reader disagrees. */
  readonly wrong?: (bytes: Uint8Array, value: unknown) => string | null | Promise<string | null>
}

/** The limit, in bytes, that targets read under. */
export const smallLimit = 2 ** 20

/** The most that one reading may ask for in all: what a limit allows a few times over (raw, swapped, transposed), and copies of the input. */
export const allowance = (inputBytes: number): number => 8 * smallLimit + 64 * inputBytes
