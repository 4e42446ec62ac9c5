/** Who needs whom, while kernels are merged, against a walk through what is left. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { reachOf } from '../../src/compiler/fuse/reach.ts'

interface Knot {
  readonly users: Set<Knot>
}
/** Edges go from earlier knots to later ones. */
const knotsOf = (edges: readonly (readonly boolean[])[]): readonly Knot[] => {
  const knots = edges.map((): Knot => ({ users: new Set() }))
  edges.forEach((row, i) => {
    for (const [j, user] of knots.entries()) if (j > i && row[j] === true) knots[i]?.users.add(user)
  })
  return knots
}
const walk = (from: Knot): ReadonlySet<Knot> => {
  const seen = new Set(from.users)
  for (const knot of seen) for (const user of knot.users) seen.add(user)
  return seen
}
/** One knot for both, as no third stands between them. */
const merged = (knots: readonly Knot[], [first, second]: readonly [Knot, Knot]): Knot => {
  const both: Knot = { users: new Set([...first.users, ...second.users].filter((user) => user !== second && user !== first)) }
  for (const { users } of knots) if (users.delete(first) || users.has(second)) users.add(both).delete(second)
  both.users.delete(both)
  return both
}
const standsBetween = (first: Knot, second: Knot): boolean =>
  [...first.users].some((third) => third !== second && walk(third).has(second)) || (!first.users.has(second) && walk(second).has(first))

const matrix = fc.integer({ min: 2, max: 70 }).chain((n) =>
  fc.array(
    fc.array(
      fc.integer({ min: 0, max: 9 }).map((x) => x === 0),
      { minLength: n, maxLength: n },
    ),
    { minLength: n, maxLength: n },
  ),
)
const places = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 })

it('is what a walk finds, however many kernels are merged', () => {
  let merges = 0
  fc.assert(
    fc.property(matrix, places, (edges, pairs) => {
      let knots = knotsOf(edges)
      const { reaches, replace } = reachOf(knots, ({ users }) => users)
      for (const [i, j] of pairs) {
        const [first, second] = [knots[i % knots.length] as Knot, knots[j % knots.length] as Knot]
        if (first === second || standsBetween(first, second)) continue
        const rest = knots.filter((knot) => knot !== first && knot !== second)
        const both = merged(rest, [first, second])
        replace([first, second], both)
        knots = [...rest, both]
        merges += 1
      }
      for (const knot of knots) {
        const reached = walk(knot)
        for (const other of knots) if (other !== knot) expect(reaches(knot, other)).toBe(reached.has(other))
      }
    }),
    { numRuns: 100 },
  )
  expect(merges).toBeGreaterThan(200)
})
