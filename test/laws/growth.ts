/** How much steps leave on the heap. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export const steps = 10_000
/** The engine puts code and feedback of its own on the heap at times; a step that makes garbage does so in every round. */
const rounds = 50
/**
 * A look at the clock leaves its numbers on the heap, 88 bytes from code that the engine has not optimised and up to 16 from code
 * that it has: in so many steps there is one, where short steps are counted.
 */
export const look = { bytes: 112, steps: 4096 }

/** What was added to the heap, less what the engine's own code takes: a page that it opens for some of it counts as used at once. */
const added = (step: () => void, count: number): number => {
  const code = codeBytes()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < count; i++) step()
  const grown = process.memoryUsage().heapUsed - before
  return grown - (codeBytes() - code)
}
const codeBytes = (): number =>
  getHeapSpaceStatistics().reduce(
    (sum, { space_name, space_used_size }) => (/^(code|trusted)_/.test(space_name) ? sum + space_used_size : sum),
    0,
  )

/**
 * The least that 10,000 steps in a row added to the heap, in bytes, beyond what no step at all adds: asking for the heap puts the answer
 * on it. A round in which the engine collected garbage counts for nothing. It is not asked to: it would forget what it knows of the loop.
 */
export const growth = (step: () => void, times = rounds): number => {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < times && least > 0; i++) {
    const grown = added(step, steps) - added(step, 0)
    if (grown >= 0) least = Math.min(least, grown)
  }
  return least
}
