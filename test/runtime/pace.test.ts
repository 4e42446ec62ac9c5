import { expect, it } from 'vitest'
import { pace } from '../../src/runtime/pace.ts'

/** Works in pieces of these milliseconds on a clock of its own; the times at which it rested. */
const rests = async (limit: number, pieces: readonly number[]): Promise<readonly number[]> => {
  let time = 0
  const at: number[] = []
  const { due, rest } = pace(
    limit,
    () => time,
    async () => {
      at.push(time)
    },
  )
  for (const piece of pieces) {
    time += piece
    if (due()) await rest()
  }
  return at
}

it('rests before a piece of work would end too late', async () => {
  expect(await rests(16, Array(20).fill(3))).toEqual([15, 30, 45, 60])
  expect(await rests(50, Array(12).fill(10))).toEqual([40, 80, 120])
  expect(await rests(16, [40, 40])).toEqual([40, 80])
  expect(await rests(16, [1, 1, 1])).toEqual([])
})
it('lets timers and messages in', async () => {
  const seen: string[] = []
  setTimeout(() => seen.push('timer'), 0)
  setImmediate(() => seen.push('immediate'))
  const started = performance.now()
  const { due, rest } = pace(5)
  while (performance.now() - started < 30) if (due()) await rest()
  expect(seen.toSorted()).toEqual(['immediate', 'timer'])
})
