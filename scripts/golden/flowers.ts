/**
 * Measured flowers that nobody measured: `npx tsx scripts/golden/flowers.ts` writes examples/shared/flowers.csv. Each measure is its
 * species' mean plus a deviation times the sum of twelve uniform numbers less six, which is near enough to a normal one. So the
 * best that anybody can do is known: the species whose mean is nearest, in deviations, and with how common it is.
 */
import { writeFileSync } from 'node:fs'
import { deviation, likeliest, species } from '../../examples/shared/flowers.ts'

/** Numbers from 0 to below 1: the constants of Numerical Recipes. */
const uniforms = (seed: number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
const uniform = uniforms(2026)
const bell = (): number => Array.from({ length: 12 }, uniform).reduce((sum, each) => sum + each, -6)

const rows = Array.from({ length: 600 }, () => {
  const draw = uniform()
  const [name, { mean }] = Object.entries(species).find(([, { until }]) => draw < until) ?? ['', { mean: [] }]
  const measures = mean.map((centre) => (centre + deviation * bell()).toFixed(1))
  return [...measures, name === 'marsh' ? '"marsh"' : name]
})
writeFileSync(
  'examples/shared/flowers.csv',
  `${[['petal length', 'petal width', 'sepal length', 'sepal width', 'species'], ...rows].map((row) => row.join(',')).join('\n')}\n`,
)
const right = rows.filter((row) => likeliest(row.slice(0, 4).map(Number)) === row[4]?.replaceAll('"', '')).length
console.log(`${rows.length} flowers, of which the rule they were drawn by names ${right}`)
