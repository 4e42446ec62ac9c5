/** What a program is compiled for: one record that travels from the options of users to the emitters. */
import { ShapeError } from '../../types/shape-error.ts'
import type { TargetOptions } from '../../types/target.ts'
import { shown } from '../tensor/argument.ts'

export interface Target {
  /** Workers that share each kernel, the caller's own thread among them. */
  readonly threads: number
  /** Whether a product and a sum may be rounded once, together. */
  readonly fastMath: boolean
}

/** The same bits on every host. */
export const strictTarget: Target = Object.freeze({ threads: 1, fastMath: false })

/** What options ask for. Throws where JavaScript gave something else than they take. */
export const targetOf = (op: string, { fastMath = false }: TargetOptions): Target => {
  if (typeof fastMath !== 'boolean') throw new ShapeError(`${op}: fastMath must be true or false, got ${shown(fastMath)}`)
  return { ...strictTarget, fastMath }
}

/** Equal for targets that give the same program. */
export const targetKey = ({ threads, fastMath }: Target): string => `${threads} ${fastMath ? 'fast' : 'strict'}`
