/** How contractions are cut into tiles: the choice is data, and so is the table that it is made by. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costTable } from '../../src/compiler/layout/cost-table.ts'
import type { Run } from '../../src/compiler/layout/laid.ts'
import { columnRuns, rowRuns } from '../../src/compiler/layout/runs.ts'
import { type Tiling, tilingOf } from '../../src/compiler/layout/tiling.ts'

const extent = (runs: readonly Run[]): number => runs.reduce((sum, { size, count }) => sum + size * count, 0)
const text = (runs: readonly Run[]): string => runs.map(({ size, count }) => `${size}*${count}`).join('+')
const shown = ({ rows, columns, outer, copies, block }: Tiling): string =>
  `${text(rows)} by ${text(columns)}, ${outer}${copies ? ', panel' : ''}${block === null ? '' : `, blocks of ${block}`}`

describe('runs', () => {
  it('cover their axis, as evenly as can be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 8 }), (length, most) => {
        const [rows, columns] = [rowRuns(length, most), columnRuns(length, most)]
        expect([extent(rows), extent(columns)]).toEqual([length, length])
        const sizes = rows.map(({ size }) => size)
        expect(Math.max(...sizes)).toBeLessThanOrEqual(most)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        expect(Math.max(...columns.map(({ size }) => size))).toBeLessThanOrEqual(4 * most)
        // whole vectors, but for the last tile
        for (const { size, count } of columns.slice(0, -1)) expect([size % 4, count > 0]).toEqual([0, true])
        if (length % 4 !== 0) expect(columns.at(-1)).toMatchObject({ count: 1 })
      }),
    )
  })
})

describe('the table', () => {
  it.each(['strict', 'fast'] as const)('%s has a price for every tile whose sums fit, and more work costs more', (half) => {
    const { tiles, engine } = costTable[half]
    expect(engine).toMatch(/^V8 \d/)
    tiles.forEach((row, r) => {
      row.forEach((cost, v) => {
        expect(cost === null).toBe((r + 1) * (v + 1) > 16)
        if (cost === null) return
        expect(cost.perK).toBeGreaterThan(0)
        // no tile is cheaper than a quarter of its multiply-adds at the rate of the best tile
        const rate = (4 * (r + 1) * (v + 1)) / cost.perK
        expect(rate).toBeLessThan(200)
      })
    })
  })
})

describe('the tiles of', () => {
  const shapes = {
    'X W, 32x784x256': { m: 32, k: 784, n: 256 },
    'XT dY, 784x32x256': { m: 784, k: 32, n: 256 },
    'X W, 32x256x10': { m: 32, k: 256, n: 10 },
    'X W, 128x784x512': { m: 128, k: 784, n: 512 },
    'one row, 1x784x256': { m: 1, k: 784, n: 256 },
    'small, 4x2x8': { m: 4, k: 2, n: 8 },
    'odd, 17x33x100': { m: 17, k: 33, n: 100 },
  }
  it('the workloads', async () => {
    const lines = Object.entries(shapes).flatMap(([name, sizes]) =>
      [false, true].map(
        (fast) => `${name}, ${fast ? 'fast' : 'strict'}: ${shown(tilingOf({ ...sizes, kAxes: [sizes.k], after: 3 }, false, fast))}`,
      ),
    )
    const turned = `dY WT, 128x512x512: ${shown(tilingOf({ m: 128, k: 512, kAxes: [512], n: 512, after: 3 }, true, false))}`
    await expect([...lines, turned].join('\n')).toMatchFileSnapshot('../golden/tilings.txt')
  })

  it('no shape cost much more than the best by the table: there is no cliff', () => {
    const sizes = [...Array.from({ length: 17 }, (_, i) => i + 1), 30, 33, 100]
    for (const half of ['strict', 'fast'] as const) {
      const { tiles } = costTable[half]
      const best = Math.min(...tiles.flatMap((row, r) => row.flatMap((c, v) => (c === null ? [] : [c.perK / ((r + 1) * (v + 1))]))))
      for (const m of sizes)
        for (const n of sizes) {
          const { rows, columns } = tilingOf({ m, n, k: 100, kAxes: [100], after: 2 }, false, half === 'fast')
          const spent = rows.reduce(
            (sum, r) =>
              sum +
              columns.reduce((s, c) => s + r.count * c.count * (tiles[r.size - 1]?.[Math.ceil(c.size / 4) - 1]?.perK ?? Number.NaN), 0),
            0,
          )
          const vectors = m * Math.ceil(n / 4)
          // few sums wait for each other: the latency of four additions bounds what any tile can do there
          expect(spent / (vectors * best)).toBeLessThan(vectors >= 64 ? 1.5 : vectors >= 16 ? 1.6 : vectors >= 6 ? 2.25 : 7)
        }
    }
  })
})
