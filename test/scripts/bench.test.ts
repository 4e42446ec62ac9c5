/** The benchmark's arithmetic, its report, and one tiny run of ours through its protocol; nobody's speed. */
import { describe, expect, it } from 'vitest'
import { dataOf } from '../../scripts/bench/data.ts'
import { type Line, lines } from '../../scripts/bench/lines.ts'
import { doubt, type Measured, measure } from '../../scripts/bench/measure.ts'
import { optionsOf, wanted } from '../../scripts/bench/options.ts'
import type { Peaks } from '../../scripts/bench/peaks.ts'
import { answerOf } from '../../scripts/bench/protocol.ts'
import { median, ratioOf, timingOf } from '../../scripts/bench/statistics.ts'
import { summaryOf } from '../../scripts/bench/summary.ts'
import { report, table, time } from '../../scripts/bench/table.ts'
import { contractionFlops, parameterCount, updateCost, type Workload, workloads } from '../../scripts/bench/workloads.ts'

const workload = (id: string): Workload => workloads.find((each) => each.id === id) ?? expect.unreachable()

const peaks = (mulAdd128: number): Peaks => ({ mulAdd128, fma128: mulAdd128 * 1.5, mulAdd256: null, fma256: mulAdd128 * 3, fma512: null })
const line = (id: string, rounds: readonly (number | null)[]) => ({ id, version: 'v', rounds, split: null, garbage: null, report: null })
const measured: Measured = {
  workload: workload('W1'),
  lines: [
    line('ours', [1000, 2000, 1200]),
    line('ours-t2', [500, 1000, 600]),
    line('c-openblas', [500, 500, 800]),
    line('c-openblas-t2', [400, 400, 400]),
    line('jax-js', [5000, null, null]),
  ],
  refusals: [{ id: 'numpy', why: 'no Python' }],
  peaks: [peaks(50), peaks(50), null],
  othersLoad: 0,
}

describe('statistics', () => {
  it('has medians of odd and even counts', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNaN()
    expect(timingOf([null, 4, 2, 9])).toEqual({ median: 4, minimum: 2, maximum: 9, rounds: 3 })
    expect(timingOf([null])).toBeNull()
  })

  it('takes ratios within rounds, not of medians', () => {
    expect(ratioOf([10, 20, 90], [5, 40, 30])).toBe(2)
    expect(ratioOf([10, null, 90], [null, 40, 30])).toBe(3)
    expect(ratioOf([null], [1])).toBeNull()
    expect(ratioOf(undefined, [1])).toBeNull()
  })
})

describe('costs', () => {
  it('counts the products of a step', () => {
    // value and weights' gradient of the first layer, and the inputs' gradient of the second too
    expect(contractionFlops(workload('W1'))).toBe(2 * 32 * (2 * 784 * 256 + 3 * 256 * 10))
    expect(contractionFlops(workload('W3'))).toBe(2 * 128 * (2 * 784 * 512 + 3 * 512 * 512 + 3 * 512 * 10))
    expect(contractionFlops(workload('W5'))).toBe(2 * 64 * (2 * 784 * 25 * 8 + 3 * 196 * 200 * 16 + 3 * 784 * 10))
    expect(contractionFlops(workload('W6'))).toBe(2 * 32 * (100 * (2 * 28 * 512 + 3 * 128 * 512) + 3 * 128 * 10))
    expect(contractionFlops(workload('I256'))).toBe(2 * 256 * (784 * 256 + 256 * 10))
  })

  it('counts parameters and what the optimizer moves', () => {
    expect(workloads.map(parameterCount)).toEqual([203530, 101770, 669706, 33, 11274, 81674, 203530, 203530])
    expect(updateCost(workload('W1')).bytes).toBe(28 * 203530)
    expect(updateCost(workload('W3')).bytes).toBe(20 * 669706)
    expect(updateCost(workload('I1'))).toEqual({ flops: 0, bytes: 0 })
  })
})

describe('data', () => {
  it('is the same in every run, and has as many numbers as the workload says', () => {
    const { parameters, inputs, targets } = dataOf(workload('I1'))
    expect(parameters.map(({ length }) => length)).toEqual([784 * 256, 256, 2560, 10])
    expect([inputs.length, targets.length]).toEqual([32 * 784, 32])
    expect(dataOf(workload('I1')).inputs).toEqual(inputs)
    expect(new Set(targets).size).toBeGreaterThan(3)
  })

  it('of exclusive or is its truth table', () => {
    const { inputs, targets } = dataOf(workload('W4'))
    expect([...inputs]).toEqual([0, 0, 1, 0, 0, 1, 1, 1])
    expect([...targets]).toEqual([0, 1, 1, 0])
  })
})

describe('the summary', () => {
  const summary = summaryOf([measured])
  it('has our share of the peak and ratios to C', () => {
    const gflops = contractionFlops(measured.workload) / 1000
    expect(summary.w1ShareOfPeak).toBeCloseTo((gflops / 1000 / 50 + gflops / 2000 / 50) / 2)
    expect(summary.w1ShareOfFmaPeak).toBeCloseTo((summary.w1ShareOfPeak as number) / 1.5)
    expect(summary.w1VsC1).toBe(2)
    expect(summary.w1Threads2VsC1).toBe(1)
    expect(summary.w1Threads2VsC2).toBe(1.5)
  })

  it('has null for what did not run', () => {
    expect(summary).toMatchObject({ w1VsC1Avx2: null, w1FastMathShareOfPeak: null, w1FastMathVsC1: null })
  })

  it('has every peer beside ours', () => {
    expect(summary.ratios).toEqual({ W1: { 'ours-t2': 0.5, 'c-openblas': 0.5, 'c-openblas-t2': 1 / 3, 'jax-js': 5 } })
    expect(summary.ratiosThreads2).toEqual({ W1: { 'c-openblas-t2': 2 / 3 } })
  })
})

describe('the report', () => {
  const machine = {
    cpu: 'a chip',
    cores: 2,
    memoryGigabytes: 4,
    system: 'linux x64',
    node: 'v20',
    cflags: '-O3',
    peaks: null,
    bandwidth: null,
  }
  const text = report({ date: '2026-01-02', machine, measured: [measured], sweep: [] })

  it('lines up its tables', () => {
    expect(table(['', 'x'], [['ours', '1.00']])).toBe('|      |    x |\n|------|-----:|\n| ours | 1.00 |')
    expect([time(1234.5), time(12.345), time(null)]).toEqual(['1,235', '12.35', ''])
  })

  it('has date, machine, times and ratios', () => {
    expect(text).toContain('2026-01-02. a chip, 2 cores, 4 GB')
    expect(text).toMatch(/\| c-openblas +\| +500 \| +500 \| +0\.50 \| +1\.00 \|/)
  })

  it('says when the machine was busy, and when OpenBLAS took old code', () => {
    const busy = { ...measured, othersLoad: 1.5, lines: measured.lines.map((each) => ({ ...each, version: 'OpenBLAS, core Prescott' })) }
    const warned = report({ date: '', machine, measured: [busy], sweep: [] })
    expect(warned).toContain('Others kept 1.5 cores busy')
    expect(warned).toContain('c-openblas, c-openblas-t2 ran its code for the oldest ones')
    expect(text).not.toMatch(/Others kept|oldest/)
  })

  it('names what did not run, with the reason', () => {
    expect(text).toContain('What did not:\n\n- numpy: no Python')
  })
})

describe('options', () => {
  it('are read from the command line', () => {
    expect(optionsOf(['--only', 'W1,sweep', '--peers', 'c,numpy', '--rounds', '3', '--time', '20', '--json'])).toEqual({
      only: ['W1', 'sweep'],
      peers: ['c', 'numpy'],
      rounds: 3,
      time: 20,
      json: true,
      write: false,
    })
    expect(optionsOf([])).toMatchObject({ only: null, peers: null })
  })

  it('are refused with a sentence', () => {
    expect(optionsOf(['--fast'])).toBe('unknown option --fast')
    expect(optionsOf(['--only'])).toBe('--only needs a value')
    expect(optionsOf(['--rounds', '0'])).toBe('--rounds needs a whole number above 0')
  })

  it('choose lines by the start of a name', () => {
    expect(['c-openblas', 'c-openblas-t2', 'numpy', 'brain.js'].filter((id) => wanted(['c', 'brain.js'], id))).toEqual([
      'c-openblas',
      'c-openblas-t2',
      'brain.js',
    ])
    expect(wanted(['none'], 'numpy')).toBe(false)
    expect(wanted(null, 'numpy')).toBe(true)
  })
})

describe('a check', () => {
  it('finds what computes something else, or does not learn', () => {
    expect(doubt([2.3, 2.2], [2.3001, 2.2001], { mode: 'train' })).toBeNull()
    expect(doubt([2.3, 2.1], [2.3, 2.2], { mode: 'train' })).toBe('computes something else: 2.1 where ours gives 2.2 (value 1)')
    expect(doubt([0.2, 0.3], null, { mode: 'train' })).toBe('its loss does not fall')
    expect(doubt([0.2, 0.3], null, { mode: 'infer' })).toBeNull()
    expect(doubt([0.2, Number.NaN], null, { mode: 'train' })).toBe('its values are not finite')
  })
})

describe('the protocol', () => {
  it('takes answers from what a library prints', () => {
    expect(answerOf('Hello from a library')).toBeNull()
    expect(answerOf('{"warning":1}')).toBeNull()
    expect(answerOf('{"ok":true,"microseconds":2}')).toEqual({ ok: true, answer: { ok: true, microseconds: 2 } })
    expect(answerOf('{"ok":false,"error":"no such op"}')).toEqual({ ok: false, why: 'no such op' })
  })

  /** Answers like a line whose losses are its own. */
  const wrongScript = `require('readline').createInterface({ input: process.stdin }).on('line', () =>
    console.log(JSON.stringify({ ok: true, version: '1', values: [9, 8, 7] })))`
  const ours = lines.find(({ id }) => id === 'ours') as Line
  const given: readonly Line[] = [
    ours,
    { ...ours, id: 'absent', prepare: () => ({ missing: 'not installed' }) },
    { ...ours, id: 'unable', cannot: () => 'has no such layer' },
    { ...ours, id: 'wrong', prepare: () => ({ launch: { command: process.execPath, args: ['-e', wrongScript] } }) },
    { ...ours, id: 'broken', prepare: () => ({ launch: { command: process.execPath, args: ['-e', 'throw new Error("no library")'] } }) },
  ]

  it('runs ours, and says of every other line why it does not run', async () => {
    const {
      lines: ran,
      refusals,
      peaks: reached,
    } = await measure(workload('W4'), given, { rounds: 2, time: 2, apart: true, garbageSeconds: 0.1 }, null, () => {})
    expect(ran.map(({ id }) => id)).toEqual(['ours'])
    expect(ran[0]?.rounds.every((microseconds) => (microseconds ?? 0) > 0)).toBe(true)
    expect(reached[0]?.mulAdd128).toBeGreaterThan(0)
    expect(ran[0]?.split?.kernels.length).toBe(ran[0]?.report?.kernels)
    expect(ran[0]?.split?.kernels.map(({ piece }) => piece)).toContain('optimizer')
    expect(refusals.map(({ id }) => id)).toEqual(['absent', 'unable', 'wrong', 'broken'])
    expect(refusals[0]?.why).toBe('not installed')
    expect(refusals[1]?.why).toBe('has no such layer')
    expect(refusals[2]?.why).toMatch(/^computes something else: 9 where ours gives/)
    expect(refusals[3]?.why).toBe('ended with 1: Error: no library')
  })
})
