/** Data sets that are read a block at a time: the same samples as in memory, whatever the blocks. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../src/data/data-source.ts'
import { streamed } from '../../src/data/stream/stream.ts'
import { key } from '../../src/tensor/random.ts'
import { toArray } from '../../src/tensor/read.ts'
import { dim } from '../../src/tensor/size.ts'
import { rightOf } from '../train/values.ts'
import { counted, sourceOf } from './sources.ts'

const sized = fc.record({ length: fc.integer({ min: 1, max: 40 }), blockRows: fc.integer({ min: 1, max: 12 }) })

describe('a stream', () => {
  it('loads what its source has, and parts of it are those of the set in memory', async () => {
    const cases = fc.record({ sized, at: fc.nat(40), ahead: fc.nat(3) })
    await fc.assert(
      fc.asyncProperty(cases, async ({ sized: { length, blockRows }, at, ahead }) => {
        const memory = counted(length)
        const stream = streamed<[2], [1]>(sourceOf(memory, blockRows)).prefetch(ahead)
        const count = Math.min(at, length)
        expect(values(rightOf(await stream.load()))).toEqual(values(memory))
        const [first, rest] = stream.split(count)
        expect(values(rightOf(await first.load()))).toEqual(values(memory.take(count)))
        expect(values(rightOf(await rest.load()))).toEqual(values(memory.split(count)[1]))
        const middle = rest.take(Math.floor(rest.length / 2))
        expect(values(rightOf(await middle.load()))).toEqual(values(memory.split(count)[1].take(middle.length)))
      }),
    )
  })
  it('is shuffled by a key: every sample once, in the same order for the same key', async () => {
    await fc.assert(
      fc.asyncProperty(sized, async ({ length, blockRows }) => {
        const stream = streamed<[2], [1]>(sourceOf(counted(length), blockRows))
        const order = async (seed: number) => values(rightOf(await stream.shuffled(key(seed)).load()))[1] as readonly number[]
        const once = await order(1)
        expect(await order(1)).toEqual(once)
        expect([...once].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i))
      }),
    )
  })
  it('gives batches, whole ones for a number, all for a dim', async () => {
    await fc.assert(
      fc.asyncProperty(sized, fc.integer({ min: 1, max: 9 }), async ({ length, blockRows }, size) => {
        const memory = counted(length)
        const stream = streamed<[2], [1]>(sourceOf(memory, blockRows))
        const seen: number[] = []
        for await (const got of stream.batches(dim('n', size))) seen.push(...toArray(rightOf(got)[1]).flat())
        expect(seen).toEqual(Array.from({ length }, (_, i) => i))
        let batches = 0
        for await (const got of stream.batches(3)) {
          expect(rightOf(got)[0].shape).toEqual([3, 2])
          batches += 1
        }
        expect(batches).toBe(Math.floor(length / 3))
      }),
    )
  })
})

describe('what is read is checked, and told with the number of its sample', () => {
  const memory = counted(20)
  const source = sourceOf(memory, 6)
  it('a block that cannot be read', async () => {
    const gone = { tag: 'Unreadable', message: 'disk: gone' } as const
    const stream = streamed<[2], [1]>({
      ...source,
      read: (from, count) => (from === 12 ? TE.left(gone) : source.read(from, count)),
    })
    expect(await stream.load()).toEqual(E.left(gone))
    expect(E.isRight(await stream.take(12).load())).toBe(true)
  })
  it('a source that throws, or gives another number of samples', async () => {
    const throwing = streamed<[2], [1]>({ ...source, read: () => () => Promise.reject(new Error('no such table')) })
    expect(await throwing.load()).toEqual(E.left({ tag: 'Unreadable', message: 'stream: no such table' }))
    const short = streamed<[2], [1]>({ ...source, read: (from, count) => source.read(from, count - 1) })
    expect(await short.load()).toEqual(E.left({ tag: 'Unreadable', message: 'stream: 6 samples were to be read from sample 0 on, 5 came' }))
  })
})

const values = (given: { readonly length: number } & Parameters<typeof columnsOf>[0]): readonly (readonly number[])[] =>
  columnsOf(given).map((column) => [...column.values])
