/** Law 6: a training step makes no garbage; heap and WebAssembly memory are flat over 10,000 steps. */
import { adam, dataset, dense, input, key, meanSquaredError, pipe, pixels, samples, tanh } from 'shapewright'
import { describe, expect, it } from 'vitest'
import { build, compileTraced } from '../../src/compiler/compile.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import { trace } from '../../src/compiler/trace.ts'
import { streamed } from '../../src/data/stream/stream.ts'
import { between, tries } from '../../src/runtime/threads/choice.ts'
import { enlist } from '../../src/runtime/threads/crew.ts'
import { type RunOptions, runOf } from '../../src/train/run.ts'
import { sessionOf, startOf } from '../../src/train/session.ts'
import { stepOn } from '../../src/train/train.ts'
import { syncWords, waitingIn } from '../../src/wasm/emit/barrier.ts'
import { sourceOf } from '../data/sources.ts'
import { growth, look, steps } from './growth.ts'
import { sources } from './sources.ts'

describe('10,000 steps', () => {
  it.each(['xor 2-8-1, Adam', 'sequences: LSTM of 5 steps, Adam, two batch sizes'])(
    'leave heap and memory as they were: %s',
    async (name) => {
      const built = await build((sources[name] as (typeof sources)[string])())()
      if (built._tag === 'Left') throw new Error(built.left.tag)
      const { entries, memory } = built.right
      const arena = memory.buffer
      expect(growth(entries[0]?.run ?? expect.unreachable())).toBe(0)
      expect(memory.buffer).toBe(arena)
    },
  )

  it('leave heap and memory as they were, shared by two threads', async () => {
    const source = (sources['xor 2-8-1, Adam'] as (typeof sources)[string])()
    const compiled = await compileTraced(trace(source), source.bind, { ...strictTarget, threads: 2, grain: 0 })()
    if (compiled._tag === 'Left' || compiled.right.shared === null) throw new Error('not compiled for two threads')
    const { module, shared } = compiled.right
    const memory = new WebAssembly.Memory({ initial: shared.pages, maximum: shared.pages, shared: true })
    const { exports } = await WebAssembly.instantiate(module, { env: { memory, ...waitingIn(memory) } })
    const step = exports.step0 as (thread: number, threads: number) => void
    // every step shared: a machine would try now and then whether that is faster
    const job = enlist({ module, memory, entries: ['step0'], threads: 2, ready: shared.sync + syncWords.ready })
    new Int32Array(memory.buffer)[(shared.sync + syncWords.maySleep) / 4] = 1
    while (!job.isReady()) await new Promise((turn) => setTimeout(turn, 10))
    const run = (): void => {
      job.call(0)
      step(0, 2)
    }
    expect(growth(run, 5)).toBe(0)
  })

  it('leave heap and memory as they were, where the way that is faster is looked for', async () => {
    const built = await build((sources['xor 2-8-1, Adam'] as (typeof sources)[string])(), { ...strictTarget, threads: 2, grain: 0 })()
    if (built._tag === 'Left') throw new Error(built.left.tag)
    const { entries, memory, threads } = built.right
    const arena = memory.buffer
    const looks = 2 * 2 * tries * Math.ceil(steps / between)
    while (threads() < 2) await new Promise((turn) => setTimeout(turn, 10))
    expect(growth(entries[0]?.run ?? expect.unreachable(), 10)).toBeLessThanOrEqual(looks * look.bytes)
    expect(memory.buffer).toBe(arena)
  })

  it.each([
    ['whose samples lie in the arena', 2 ** 20],
    ['whose samples are brought in chunks', 1],
  ])('of the loop of fit, %s, leave the heap as it was', async (_, mostBytes) => {
    const data = dataset(pixels(new Uint8Array([0, 255, 7, 9, 255, 0]), [2]), samples([1, 0, 1], [1]))
    if (data._tag === 'Left') throw new Error(data.left.message)
    const options = {
      data: data.right,
      loss: meanSquaredError,
      optimizer: adam({ learningRate: 0.01 }),
      batchSize: 2,
      epochs: 1,
      key: key(0),
    }
    const run = runOf(pipe(input([2]), dense(8), tanh, dense(1)), options as unknown as RunOptions) // the loop stands below the types
    const session = await sessionOf(run, startOf(run), mostBytes)()
    if (session._tag === 'Left') throw new Error(session.left.tag)
    const { epoch, order } = session.right
    order.set([2, 0, 1])
    // an epoch of two steps, the smaller batch among them
    const twoSteps = () => {
      epoch.from = 0
      while (stepOn(session.right) === 'rest');
    }
    expect(growth(twoSteps)).toBeLessThanOrEqual(Math.ceil((2 * steps) / look.steps) * look.bytes)
    expect(epoch.from).toBe(3)
  })

  it('of the loop of fit, between reads of a set that is read a block at a time, leave the heap as it was', async () => {
    const memory = dataset(pixels(new Uint8Array([0, 255, 7, 9, 255, 0]), [2]), samples([1, 0, 1], [1]))
    if (memory._tag === 'Left') throw new Error(memory.left.message)
    const data = streamed(sourceOf(memory.right, 2))
    const options = { data, loss: meanSquaredError, optimizer: adam({ learningRate: 0.01 }), batchSize: 2, epochs: 1, key: key(0) }
    const run = runOf(pipe(input([2]), dense(8), tanh, dense(1)), options as unknown as RunOptions) // the loop stands below the types
    const session = await sessionOf(run, startOf(run), 2 ** 20)()
    if (session._tag === 'Left') throw new Error(session.left.tag)
    const { epoch, stock } = session.right
    stock.open(0, 0)
    if (!stock.bring(0, 2)) expect(await stock.wait()).toBeNull()
    const twoSteps = () => {
      epoch.from = 0
      while (stepOn(session.right) === 'rest');
    }
    expect(growth(twoSteps)).toBeLessThanOrEqual(Math.ceil((2 * steps) / look.steps) * look.bytes)
    expect(epoch.from).toBe(3)
  })

  it('would be caught leaving one small object each', () => {
    let last: unknown
    let count = 0
    expect(
      growth(() => {
        count++
        last = { count }
      }),
    ).toBeGreaterThanOrEqual(8 * steps)
    expect(last).toEqual({ count })
  })
})
