/** What a program is compiled for: one record that travels from the options of users to the emitters. */
import { ShapeError } from '../../types/shape-error.ts'
import type { TargetOptions } from '../../types/target.ts'
import { shown } from '../tensor/argument.ts'

export interface Target {
  /** Threads that may share a kernel, the caller's own among them; infinity for as many as the host has. */
  readonly threads: number
  /** Whether a product and a sum may be rounded once, together. */
  readonly fastMath: boolean
  /** Microseconds that a kernel lasts, by estimate, before it is divided; 0 divides all that can be. */
  readonly grain: number
}

/** The same bits on every host. */
export const strictTarget: Target = Object.freeze({ threads: 1, fastMath: false, grain: 3 })

/** What options ask for. Throws where JavaScript gave something else than they take. */
export const targetOf = (op: string, { fastMath = false, threads = Number.POSITIVE_INFINITY }: TargetOptions): Target => {
  if (typeof fastMath !== 'boolean') throw new ShapeError(`${op}: fastMath must be true or false, got ${shown(fastMath)}`)
  if (typeof threads !== 'number') throw new ShapeError(`${op}: threads must be a number, got ${shown(threads)}`)
  return { ...strictTarget, fastMath, threads }
}

/** Why a number of threads can't be asked for, or null. */
export const threadsFault = (op: string, { threads = 1 }: TargetOptions): string | null =>
  Number.isSafeInteger(threads) && threads >= 1 ? null : `${op}: threads must be a whole number from 1 on, got ${threads}`

/** Equal for targets that give the same program. */
export const targetKey = ({ threads, fastMath, grain }: Target): string => `${threads} ${grain} ${fastMath ? 'fast' : 'strict'}`
