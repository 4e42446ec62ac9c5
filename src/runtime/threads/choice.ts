/** Whether a step is shared, tried from time to time: where the other processors are busy, threads wait for each other longer than they save. */

/** A step that is either shared or done by this thread alone; the bits are the same. */
export interface Ways {
  readonly shared: () => void
  readonly alone: () => void
}

/** Steps up to the first trial, and from one to the next: looking at a clock leaves some bytes on the heap, so it is not done often. */
export const first = 256
export const between = 2048
/** How often a trial takes each way: the best time counts, since the first may wake a sleeper. */
export const tries = 2

/** Takes the way that was faster the last time; the shared one until there has been a trial. */
export const faster = ({ shared, alone }: Ways, now: () => number = () => performance.now()): (() => void) => {
  // numbers in arrays, since captured ones are boxed at every change: the step within a round, and whether it is shared
  const round = new Int32Array([between - first, 1])
  const best = new Float64Array(2)
  const trial = (step: number): void => {
    if (step === 0) best.fill(Number.POSITIVE_INFINITY)
    const isShared = step < tries ? 1 : 0
    const start = now()
    if (isShared === 1) shared()
    else alone()
    best[isShared] = Math.min(best[isShared] as number, now() - start)
    if (step === 2 * tries - 1) round[1] = (best[1] as number) <= (best[0] as number) ? 1 : 0
  }
  return () => {
    const step = round[0] as number
    round[0] = (step + 1) % between
    if (step >= between - 2 * tries) trial(step - (between - 2 * tries))
    else if (round[1] === 1) shared()
    else alone()
  }
}
