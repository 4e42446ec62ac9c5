/** How the flowers of flowers.csv were drawn, and the best that anybody can tell of one. */

interface Species {
  /** Petal length and width, sepal length and width, in centimetres. */
  readonly mean: readonly number[]
  /** A number from 0 to 1 below this, and not below that of the species before, is this species. */
  readonly until: number
}
export const species: Readonly<Record<string, Species>> = {
  alpine: { mean: [1.6, 0.5, 5.0, 3.4], until: 0.55 },
  meadow: { mean: [3.2, 1.3, 5.7, 2.9], until: 0.85 },
  marsh: { mean: [4.3, 1.9, 6.4, 3.0], until: 1 },
}
/** Of every measure. */
export const deviation = 0.45

/** The species that is likeliest to have these measures: by the distance from its mean, and by how common it is. */
export const likeliest = (measures: readonly number[]): string => {
  let before = 0
  const scores = Object.entries(species).map(([name, { mean, until }]) => {
    const share = until - before
    before = until
    const distance = mean.reduce((sum, centre, i) => sum + ((measures[i] ?? 0) - centre) ** 2, 0)
    return { name, score: Math.log(share) - distance / (2 * deviation ** 2) }
  })
  return scores.reduce((best, each) => (each.score > best.score ? each : best)).name
}
