/** Mutants that no case can kill, each with the reason: reviewed by hand. */
import type { Equivalent } from './mutate.ts'

export const equivalentMutants: readonly Equivalent[] = []
