/** Products that sum over an axis. */
import fc from 'fast-check'
import { type Applications, dtype, made, pair, sameOr, shapeOf, size, weighted } from './words.ts'

const product = (x: string, y: string): fc.Arbitrary<string> => fc.constantFrom(`matmul(${x}, ${y})`, `pipe(${x}, matmul(${y}))`)

const matmul: Applications = weighted(
  [
    6,
    fc
      .tuple(shapeOf(size, 0, 3), size, size, dtype, dtype)
      .chain(([rows, k, n, d, e]) => sameOr(k).chain((l) => product(made([...rows, k], d), made([l, n], e)))),
  ],
  [
    5,
    fc
      .tuple(pair, size, size, size, dtype)
      .filter(([[a, b]]) => a.length < 4 && b.length < 4)
      .chain(([[a, b], m, k, n, d]) => sameOr(k).chain((l) => product(made([...a, m, k], d), made([...b, l, n])))),
  ],
  [2, fc.tuple(shapeOf(size, 0, 2), shapeOf(size, 0, 3)).chain(([a, b]) => product(made(a), made(b)))],
)

export const contraction: Readonly<Record<string, Applications>> = { matmul }
