/** What is larger than memory: 2.2 GB of samples that nobody stores train within a small part of that, and go on to the bit. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { dense, fit, input, key, meanSquaredError, pipe, type Scores, sgd } from 'shapewright'
import { expect, it } from 'vitest'
import { columnType, columnWith } from '../../src/data/column.ts'
import { type RowSource, streamed } from '../../src/data/stream/stream.ts'
import { numbers, rightOf } from '../train/values.ts'

const width = 1024
const length = 540_672
/** 1,024 numbers a sample, which follow from its own: made where they are asked for, as another thread or a disk would. */
const endless = (reads: { count: number; most: number; open: number }): RowSource => {
  const inputs = columnType([width], {}, 'f32')
  const targets = columnType([1], {}, 'f32')
  // one row in front of which every sample begins somewhere
  const noise = Float32Array.from({ length: 2 * width }, (_, i) => ((i * 2654435761) % 4294967296) / 4294967296 - 0.5)
  return {
    length,
    inputs,
    targets,
    blockRows: 512,
    read: (from, count) =>
      TE.fromTask(async () => {
        reads.count += 1
        reads.open += 1
        reads.most = Math.max(reads.most, reads.open)
        await new Promise((turn) => setImmediate(turn))
        const values = new Float32Array(count * width)
        const goals = new Float32Array(count)
        for (let i = 0; i < count; i++) {
          const begin = (from + i) % width
          values.set(noise.subarray(begin, begin + width), i * width)
          goals[i] = noise[begin] as number
        }
        reads.open -= 1
        return { inputs: columnWith(inputs, values), targets: columnWith(targets, goals) }
      }),
  }
}

it('trains on 2.2 GB in bounded memory, and to the same bits when it is stopped', { timeout: 300_000 }, async () => {
  expect(length * (width + 1) * 4).toBeGreaterThan(2.2e9)
  const reads = { count: 0, most: 0, open: 0 }
  const data = streamed<[1024], [1]>(endless(reads))
  const model = pipe(input([width]), dense(1))
  const options = { data, loss: meanSquaredError, optimizer: sgd({ learningRate: 0.01 }), batchSize: 256, epochs: 1, key: key(5) }
  const before = process.memoryUsage().rss
  let most = 0
  const clock = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 10)
  const whole = rightOf(await fit(model, options)())
  clearInterval(clock)
  // two windows of 32 MB, a chunk of 16 MB, blocks under way, and what the collector has not yet looked at
  expect(most).toBeGreaterThan(0)
  expect((most - before) / 2 ** 20).toBeLessThan(350)
  expect(reads.count).toBe(length / 512)
  expect(reads.most).toBeLessThanOrEqual(8)
  let steps = 0
  const stop = (event: { tag: string }) => (event.tag === 'Step' && ++steps === 1500 ? 'stop' : undefined)
  const half = rightOf(await fit(model, { ...options, stepEvery: 1, onEvent: stop })())
  expect(half.underway?.step).toBe(1500)
  reads.count = 0
  const rest = rightOf(await fit(model, { ...options, from: half })())
  // what is behind is not read again, but for the window that it stopped in
  expect(reads.count).toBeLessThan(length / 512 / 2)
  const last = ({ history, params }: { history: readonly Scores[]; params: unknown }) => [history, numbers(params)]
  expect(last(rest)).toEqual(last(whole))
})
