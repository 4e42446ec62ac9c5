/** A profile says what every kernel does, and leaves no trace. Times are of the host, so that nothing is asked of them. */
import { inspect } from 'node:util'
import {
  compile,
  dataset,
  dense,
  dim,
  fit,
  input,
  key,
  matmul,
  mean,
  meanSquaredError,
  mul,
  type Profile,
  pipe,
  relu,
  samples,
  sgd,
  spec,
  sub,
  type Tensor,
  tensor,
  toArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { syncBytes } from '../../src/compiler/plan.ts'
import { rightOf } from '../train/values.ts'

type State = { readonly w: Tensor<[3, 2]>; readonly steps: Tensor<[], 'i32'> }
const start: State = {
  w: tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]),
  steps: tensor(7, 'i32'),
}
/** The state halves: what runs once too often shows. */
const halve = ({ w, steps }: State, x: Tensor<['rows', 3]>) => [{ w: mul(w, 0.5), steps }, pipe(x, matmul(w), relu, mean())] as const
const compiled = async () => rightOf(await compile(halve, { state: start, args: [spec(['rows', 3])], bind: { rows: [4, 3] } })())
const quick = { milliseconds: 2 }

describe('program.profile()', () => {
  it('has each kernel of each entry, with its work counted', async () => {
    const { entries, peakGflopsPerSecond } = (await compiled()).profile(quick)
    expect(entries.map(({ sizes }) => sizes)).toEqual([{ rows: 4 }, { rows: 3 }])
    for (const [i, rows] of [4, 3].entries()) {
      const product = entries[i]?.kernels.find(({ computes }) => computes.startsWith('matmul'))
      expect(product).toMatchObject({
        about: 'w',
        computes: 'matmul',
        flops: 2 * rows * 3 * 2,
        bytesRead: 4 * (rows * 3 + 6),
      })
      expect(entries[i]?.kernels.some(({ about, computes }) => about === 'w' && computes.startsWith('mul'))).toBe(true)
    }
    expect(peakGflopsPerSecond).toBeGreaterThan(0)
    const shares = entries[0]?.kernels.map(({ share }) => share) ?? []
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1)
  })

  it('leaves state and memory as they were', async () => {
    const program = await compiled()
    const x = tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], [dim('rows', 3), 3])
    program.step(x)
    const before = new Uint8Array(program.memory.buffer).slice()
    program.profile(quick)
    expect(new Uint8Array(program.memory.buffer)).toEqual(before)
    expect(toArray(program.read().w)).toEqual([
      [0.5, 1],
      [1.5, 2],
      [2.5, 3],
    ])
    expect(toArray(program.step(x))).toBeCloseTo(1.75)
  })

  it('has the threads that share a step, and their kernels with all of their work', async () => {
    const wide = (w: Tensor<[512, 512]>, x: Tensor<[64, 512]>) => [w, matmul(x, w)] as const
    const program = rightOf(await compile(wide, { state: zeros([512, 512]), args: [spec([64, 512])], threads: 2 })())
    const first = (): Profile => program.profile(quick)
    // workers take a program up in their own time
    while (first().threads < 2) await new Promise((turn) => setTimeout(turn, 10))
    const before = new Uint8Array(program.memory.buffer).slice()
    const { entries, threads } = first()
    expect(threads).toBe(2)
    expect(entries[0]?.kernels.map(({ computes, flops }) => ({ computes, flops }))).toEqual([
      { computes: 'matmul', flops: 2 * 64 * 512 * 512 },
    ])
    expect(entries[0]?.microseconds).toBeGreaterThan(0)
    expect(`${first()}`).toMatch(/^step, 2 threads {2}\S+ µs /)
    // the words by which threads meet lie at the end
    const end = program.report.arenaBytes - syncBytes
    expect(Buffer.compare(new Uint8Array(program.memory.buffer).subarray(0, end), before.subarray(0, end))).toBe(0)
  })

  it('is a table where it is shown', async () => {
    const profile = (await compiled()).profile(quick)
    const lines = `${profile}`.split('\n')
    expect(inspect(profile)).toBe(`${profile}`)
    expect(lines[0]).toMatch(/^step, rows 4 {2}\S+ µs .* of the peak of \S+ on one thread$/)
    expect(lines[1]?.trim().split(/ {2,}/)).toEqual([
      'kernel',
      'computes',
      'calls',
      'µs',
      'time',
      'MFLOP',
      'KB',
      'GFLOP/s',
      'GB/s',
      'of peak',
    ])
    expect(new Set(lines.slice(1, lines.indexOf('')).map((line) => line.length)).size).toBe(1)
    expect(Object.keys(profile)).toEqual(['entries', 'threads', 'peakGflopsPerSecond'])
  })

  it('is there for a fit, which goes on as if it had not been asked', async () => {
    const data = rightOf(dataset(samples([0, 1, 2, 3], [1]), samples([1, 3, 5, 7], [1])))
    const model = pipe(input([1]), dense(4, 'hidden'), relu, dense(1, 'output'))
    const options = { data, loss: meanSquaredError, optimizer: sgd({ learningRate: 0.01 }), batchSize: 2, epochs: 3, key: key(0) }
    const profiles: Profile[] = []
    const profiled = await fit(model, { ...options, onEvent: (e) => e.tag === 'Compiled' && profiles.push(e.profile(quick)) })()
    const plain = await fit(model, options)()
    expect(toArray(sub(rightOf(profiled).params.hidden.weight, rightOf(plain).params.hidden.weight))).toEqual([[0, 0, 0, 0]])
    expect(profiles[0]?.entries[0]?.kernels.map(({ about }) => about)).toContain('hidden.weight')
  })

  it('refuses options that are none', async () => {
    const program = rightOf(await compile((state: Tensor<[]>) => [state, state] as const, { state: zeros([]), args: [] })())
    // JavaScript asks for anything.
    const ask = (options: unknown) => () => program.profile(options as object)
    expect(ask(5)).toThrow('profile: expected options by name, got 5')
    expect(ask({ seconds: 1 })).toThrow("profile: there is no option 'seconds'")
    for (const milliseconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(ask({ milliseconds })).toThrow(`profile: milliseconds must be a number above 0, got ${milliseconds}`)
  })
})
