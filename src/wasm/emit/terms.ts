/** The nest of k: what runs for each term of a sum, while pointers walk. */
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'

/** A pointer to f32 or i32, and the elements from one k to the next along each axis. */
export interface Walker {
  readonly pointer: Local
  readonly steps: readonly number[]
}

/**
 * Runs `term` for each k, the first axis outermost, as often as its extent says, which may be known only when it runs. One k a
 * turn, since V8 unrolls by itself and spills when it is told to.
 */
export const emitTerms = (
  code: Code,
  [extent, ...inner]: readonly (number | Local)[],
  walkers: readonly Walker[],
  term: () => void,
): void => {
  if (extent === undefined) return term()
  const counter = code.local('i32')
  const turn = (): void => {
    emitTerms(
      code,
      inner,
      walkers.map(({ pointer, steps }) => ({ pointer, steps: steps.slice(1) })),
      term,
    )
    for (const { pointer, steps } of walkers) {
      // the axes further in have moved it by the whole of the next one
      const [first = 0, next = 0] = steps
      const bytes = (first - (typeof inner[0] === 'number' ? inner[0] * next : 0)) * 4
      if (bytes !== 0) code.get(pointer).i32(bytes).op('i32.add').set(pointer)
    }
  }
  if (typeof extent === 'number') code.for(counter, 0, extent, 1, turn)
  else code.i32(0).set(counter).upTo(counter, extent, turn)
  code.release(counter)
}
