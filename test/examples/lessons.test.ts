import { execFile } from 'node:child_process'
import { describe, expect, it } from 'vitest'

interface Ended {
  readonly status: number
  readonly lines: readonly string[]
  readonly complaint: string
}
/** Runs a lesson as its npm script does. */
const lesson = (name: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', `examples/${name}.ts`, ...args],
      { env: { ...process.env, NODE_OPTIONS: '' } },
      (error, output, complaint) =>
        resolve({
          status: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          lines: output.trimEnd().split('\n'),
          complaint,
        }),
    )
  })

describe('01-xor', () => {
  it.concurrent.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('solves it from seed %i', async (seed) => {
    const { status, lines } = await lesson('01-xor', '--seed', `${seed}`, '--json')
    const { predictions, right } = JSON.parse(lines[0] ?? '') as { readonly predictions: readonly number[]; readonly right: boolean }
    expect([status, lines.length, right]).toEqual([0, 1, true])
    expect(predictions.every((value, i) => Math.abs(value - (i === 1 || i === 2 ? 1 : 0)) < 0.05)).toBe(true)
  })
  it('reads well', async () => {
    const { lines } = await lesson('01-xor')
    expect(lines.map((line) => line.replace(/\d\.\d+/, 'p'))).toEqual(['0 xor 0 = p', '0 xor 1 = p', '1 xor 0 = p', '1 xor 1 = p'])
  })
  it('refuses options in one line', async () => {
    expect(await lesson('01-xor', '--seed', 'x')).toEqual({
      status: 2,
      lines: [''],
      complaint: '--seed x: expected a whole number from 0 on\n',
    })
  })
})

describe('02-mnist', () => {
  it('trains, tests and ends with a line of JSON', async () => {
    const { status, lines, complaint } = await lesson(
      '02-mnist',
      '--hidden',
      '12',
      '--batch',
      '256',
      '--epochs',
      '1',
      '--optimizer',
      'momentum',
      '--json',
    )
    expect([status, complaint]).toEqual([0, ''])
    const last = JSON.parse(lines.at(-1) ?? '') as Readonly<Record<string, number | string>>
    expect(Object.keys(last)).toEqual([
      'testAccuracy',
      'finalLoss',
      'steps',
      'microsecondsPerStep',
      'compileMilliseconds',
      'arenaBytes',
      'wasmBytes',
      'weightsSha256',
    ])
    expect(last.steps).toBe(Math.ceil(55_000 / 256))
    expect(last.testAccuracy).toBeGreaterThan(0.5)
    expect(last.weightsSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(lines.at(-3)).toBe('truth       7 2 1 0 4 1 4 9 5 9')
    expect(lines.at(-2)).toMatch(/^prediction {2}(\d ){9}\d$/)
  })
  it('refuses options in one line', async () => {
    expect((await lesson('02-mnist', '--optimizer', 'lion')).complaint).toBe(
      '--optimizer lion: expected one of adam, adamw, rmsprop, adagrad, nesterov, momentum, sgd\n',
    )
    expect((await lesson('02-mnist', '--batch', '0')).complaint).toBe('--batch 0: expected a whole number from 1 to 55000\n')
  })
})

describe('03-by-hand', () => {
  it('prints the loss every hundred steps, and it falls', async () => {
    const { status, lines } = await lesson('03-by-hand', '--steps', '1000')
    const losses = lines.slice(0, 10).map((line) => Number(/^step \d+00: loss ([\d.]+)$/.exec(line)?.[1]))
    expect([status, lines.length]).toEqual([0, 14])
    expect(losses.every((loss, i) => i === 0 || loss < (losses[i - 1] ?? 0))).toBe(true)
    expect(losses.at(-1)).toBeLessThan(0.005)
  })
})
