/**
 * npm run tune: measures what the register tiles of contractions and direct loops cost here, prints it beside what is committed, and with
 * `-- --write` makes it the committed table. `-- strict` or `-- fast` measures that half alone: the fast one needs an engine
 * with relaxed SIMD, and is best measured in the newest.
 */
import { writeFileSync } from 'node:fs'
import { type CostTable, costTable, type TileCosts } from '../src/compiler/layout/cost-table.ts'
import { strictTarget, type Target } from '../src/compiler/target.ts'
import { hostTarget } from '../src/runtime/compile-module.ts'
import { directCost, tileCosts, transformCost } from './tune/tiles.ts'

const path = 'src/compiler/layout/cost-table.ts'
const halves = ['strict', 'fast'] as const
type Half = (typeof halves)[number]

const asked = process.argv.slice(2).filter((word): word is Half => halves.some((half) => half === word))
const targets: Readonly<Record<Half, Target>> = { strict: strictTarget, fast: { ...strictTarget, fastMath: true } }

const measure = (half: Half): TileCosts => {
  if (asked.length > 0 && !asked.includes(half)) return costTable[half]
  if (hostTarget(targets[half]).target.fastMath !== targets[half].fastMath) {
    console.log('this engine has no relaxed SIMD: the fast half stays as it was')
    return costTable[half]
  }
  return { engine: `V8 ${process.versions.v8}`, tiles: tileCosts(targets[half]) }
}

const show = (half: Half, { tiles }: TileCosts): void => {
  console.log(`${half}: multiply-adds of a lane in a nanosecond, by rows (down) and vectors (across), k long; in brackets as committed`)
  tiles.forEach((row, r) => {
    const rates = row.map((cost, v) => {
      if (cost === null) return ''
      const known = costTable[half].tiles[r]?.[v] ?? null
      const rate = (perK: number): string => ((4 * (r + 1) * (v + 1)) / perK).toFixed(1)
      return `${rate(cost.perK)}${known === null ? '' : ` (${rate(known.perK)})`}`
    })
    console.log(`  ${r + 1}  ${rates.map((text) => text.padStart(12)).join('')}`)
  })
}

const measureDirect = (): CostTable['direct'] =>
  asked.length > 0 && !asked.includes('strict') ? costTable.direct : { engine: `V8 ${process.versions.v8}`, ...directCost(targets.strict) }
const showDirect = ({ perTile, perK }: CostTable['direct']): void => {
  const known = costTable.direct
  console.log(`direct: ${perTile} ns (${known.perTile}) for four sums beside each other, ${perK} ns (${known.perK}) for each term of them`)
}

const measureTransform = (): CostTable['transform'] =>
  asked.length > 0 && !asked.includes('strict')
    ? costTable.transform
    : { engine: `V8 ${process.versions.v8}`, perVector: transformCost(targets.strict) }

/** The file's text up to the table itself stays as it is. */
const tableText = (table: CostTable): string => {
  const cost = (c: TileCosts['tiles'][number][number]): string => (c === null ? 'null' : `{ perTile: ${c.perTile}, perK: ${c.perK} }`)
  const half = ({ engine, tiles }: TileCosts): string =>
    `{\n    engine: '${engine}',\n    tiles: [\n${tiles.map((row) => `      [${row.map(cost).join(', ')}],`).join('\n')}\n    ],\n  }`
  return `export const costTable: CostTable = {\n  strict: ${half(table.strict)},\n  fast: ${half(table.fast)},\n  direct: { engine: '${table.direct.engine}', perTile: ${table.direct.perTile}, perK: ${table.direct.perK} },\n  transform: { engine: '${table.transform.engine}', perVector: ${table.transform.perVector} },\n}\n`
}

const main = async (): Promise<void> => {
  const table = { strict: measure('strict'), fast: measure('fast'), direct: measureDirect(), transform: measureTransform() }
  showDirect(table.direct)
  console.log(`transform: ${table.transform.perVector} ns (${costTable.transform.perVector}) for four channels of a tile`)
  for (const half of halves) show(half, table[half])
  if (!process.argv.includes('--write')) return
  const { readFileSync } = await import('node:fs')
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.slice(0, text.indexOf('export const costTable')) + tableText(table))
  console.log(`written: ${path}; \`npx biome check --write\` lays it out`)
}

await main()
