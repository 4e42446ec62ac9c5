/** The scores of whole epochs, as numbers side by side: an object for each costs as much as a small model's epoch, and is made at the end. */
import type { EpochScores, Scores } from './progress.ts'

export interface History {
  /** Adds an epoch: what its samples' loss and metrics sum up to, in the order of a program's results, and the learning rate. */
  readonly add: (sums: Float64Array, samples: number, validation: Scores | null) => void
  /** Leaves only the first epochs of those that were added. */
  readonly cut: (epochs: number) => void
  /** Those of the epoch that was added last. */
  readonly last: () => EpochScores
  /** Those of all epochs, the ones of an earlier run first. */
  readonly all: () => readonly EpochScores[]
}

/** `first` is the number of epochs behind, of which there may be scores. */
export const historyOf = (before: readonly EpochScores[], first: number, metricNames: readonly string[]): History => {
  const width = 2 + metricNames.length
  const validations: (Scores | null)[] = []
  let means = new Float64Array(64 * width)
  let count = 0
  const scores = (i: number): EpochScores => {
    const loss = means[i * width] as number
    const metrics = metricsOf(metricNames, means, i * width + 1)
    const validation = i < validations.length ? (validations[i] ?? null) : null
    const rate = means[(i + 1) * width - 1] as number
    return Object.freeze({ epoch: first + i + 1, loss, metrics, validation, learningRate: Number.isNaN(rate) ? null : rate })
  }
  return {
    add: (sums, samples, validation) => {
      if (means.length === count * width) {
        const longer = new Float64Array(2 * means.length)
        longer.set(means)
        means = longer
      }
      for (let i = 0; i < width - 1; i++) means[count * width + i] = (sums[i] as number) / samples
      means[(count + 1) * width - 1] = sums[width - 1] as number
      if (validation !== null) validations[count] = validation
      count += 1
    },
    cut: (epochs) => {
      count = Math.min(count, epochs)
      validations.length = Math.min(validations.length, epochs)
    },
    last: () => scores(count - 1),
    all: () => {
      // as long as it gets: to grow costs as much as half of what is made
      const all = new Array<EpochScores>(before.length + count)
      for (let i = 0; i < before.length; i++) all[i] = before[i] as EpochScores
      for (let i = 0; i < count; i++) all[before.length + i] = scores(i)
      return Object.freeze(all)
    },
  }
}

/** Metrics by name, out of a list from the place `from` on. */
const metricsOf = (names: readonly string[], values: Float64Array, from: number): Scores['metrics'] =>
  names.length === 0 ? none : Object.freeze(Object.fromEntries(names.map((name, i) => [name, values[from + i] as number])))
const none: Scores['metrics'] = Object.freeze({})
