/** Medians, and ratios of what was measured in the same round. */

/** What one line took in each round, in microseconds a step; null where it sat a round out. */
export type Rounds = readonly (number | null)[]

export interface Timing {
  readonly median: number
  readonly minimum: number
  readonly maximum: number
  readonly rounds: number
}

/** The middle, or the mean of the two middle ones. */
export const median = (samples: readonly number[]): number => {
  const sorted = [...samples].sort((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2
}

/** Null where nothing was measured. */
export const timingOf = (rounds: Rounds): Timing | null => {
  const samples = rounds.filter((sample) => sample !== null)
  if (samples.length === 0) return null
  return { median: median(samples), minimum: Math.min(...samples), maximum: Math.max(...samples), rounds: samples.length }
}

/** The median of above / below over the rounds in which both were measured; null where there is none. */
export const ratioOf = (above: Rounds | undefined, below: Rounds | undefined): number | null => {
  const ratios = (above ?? []).flatMap((sample, i) => {
    const other = below?.[i] ?? null
    return sample === null || other === null ? [] : [sample / other]
  })
  return ratios.length === 0 ? null : median(ratios)
}
