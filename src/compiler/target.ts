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
  /** Bytes that a program's arena may have. No part of the key: the program is the same. */
  readonly memoryLimit: number
}

/** The same bits on every host. */
export const strictTarget: Target = Object.freeze({
  threads: 1,
  fastMath: false,
  grain: 3,
  memoryLimit: Number.POSITIVE_INFINITY,
})

/** What options ask for. Throws where JavaScript gave something else than they take. */
export const targetOf = (op: string, { fastMath = false, threads = most, memoryLimit = most }: TargetOptions): Target => {
  if (typeof fastMath !== 'boolean') throw new ShapeError(`${op}: fastMath must be true or false, got ${shown(fastMath)}`)
  if (typeof threads !== 'number') throw new ShapeError(`${op}: threads must be a number, got ${shown(threads)}`)
  if (typeof memoryLimit !== 'number') throw new ShapeError(`${op}: memoryLimit must be a number of bytes, got ${shown(memoryLimit)}`)
  return { ...strictTarget, fastMath, threads, memoryLimit }
}
const most = Number.POSITIVE_INFINITY

/** Why a number of threads or of bytes can't be asked for, or null. */
export const optionsFault = (op: string, { threads = 1, memoryLimit = 1 }: TargetOptions): string | null => {
  if (!(Number.isSafeInteger(threads) && threads >= 1)) return `${op}: threads must be a whole number from 1 on, got ${threads}`
  // infinity is a limit too: the one that is meant where none is said
  return memoryLimit >= 1 ? null : `${op}: memoryLimit must be a number of bytes from 1 on, got ${memoryLimit}`
}

/** Equal for targets that give the same program. */
export const targetKey = ({ threads, fastMath, grain }: Target): string => `${threads} ${grain} ${fastMath ? 'fast' : 'strict'}`
