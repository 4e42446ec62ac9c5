/** A short run of `npm run fuzz`, the same every day unless `LAW_SEED` says otherwise, and that each kind of fault is found. */
import { describe, expect, it } from 'vitest'
import { targets as faulty } from './broken.ts'
import { campaign, showFailure, showReport } from './campaign.ts'
import { targets } from './targets.ts'

const table = (file: string): URL => new URL(file, import.meta.url)
const seed = Number(process.env.LAW_SEED ?? 1)

describe.each(targets)('$name: no crash, no hang, no memory beyond the limit, no wrong answer', (target) => {
  it(`on 3,000 inputs of seed ${seed}`, async () => {
    const report = await campaign(target, { table: table('./targets.ts'), seed, runs: 3000 })
    console.log(showReport(report))
    expect(report.failures.map((failure) => showFailure(report.name, seed, failure))).toEqual([])
    expect(report.tried).toBe(3000)
    expect(report.right).toBeGreaterThan(0)
    expect(report.left).toBeGreaterThan(0)
  })
})

describe('the fuzzer notices a reader that', () => {
  const kinds = {
    throws: 'throw',
    rejects: 'throw',
    loops: 'hang',
    waits: 'hang',
    allocates: 'memory',
    fills: 'memory',
    errs: 'wrong',
    writes: 'wrong',
    rambles: 'wrong',
  } as const
  it.each(Object.entries(kinds))('%s', async (name, kind) => {
    const target = faulty.find((each) => each.name === name)
    if (target === undefined) throw new Error(name)
    const { failures } = await campaign(target, {
      table: table('./broken.ts'),
      seed: 1,
      runs: 200,
      patience: kind === 'hang' ? 1000 : 30_000,
      heap: 64,
    })
    expect(failures.map((failure) => failure.kind)).toContain(kind)
    if (kind === 'throw' || name === 'errs') expect(failures[0]?.bytes).toHaveLength(1)
  })
  it('and nothing where nothing is wrong', async () => {
    const fine = faulty.find(({ name }) => name === 'fine')
    if (fine === undefined) throw new Error('fine')
    expect((await campaign(fine, { table: table('./broken.ts'), seed: 1, runs: 500 })).failures).toEqual([])
  })
})
