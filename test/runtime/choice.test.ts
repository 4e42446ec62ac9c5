/** The choice between a shared step and one alone: by trials, which take both ways. */
import { describe, expect, it } from 'vitest'
import { between, faster, first, tries } from '../../src/runtime/threads/choice.ts'

/** Which ways so many steps take, when each takes so long. */
const taken = (steps: number, costs: (step: number) => { readonly shared: number; readonly alone: number }): string => {
  let [time, step, ways] = [0, 0, '']
  const run = faster(
    {
      shared: () => {
        time += costs(step).shared
        ways += 's'
      },
      alone: () => {
        time += costs(step).alone
        ways += 'a'
      },
    },
    () => time,
  )
  for (; step < steps; step++) run()
  return ways
}
const trial = 's'.repeat(tries) + 'a'.repeat(tries)
const start = 's'.repeat(first - 2 * tries) + trial
const rest = between - 2 * tries

describe('a step', () => {
  it('is shared until a trial says that it is slower', () => {
    expect(taken(first + between, () => ({ shared: 3, alone: 2 }))).toBe(`${start}${'a'.repeat(rest)}${trial}`)
  })
  it('stays shared where that is faster', () => {
    expect(taken(first + between, () => ({ shared: 2, alone: 3 }))).toBe(`${start}${'s'.repeat(rest)}${trial}`)
  })
  it('is shared again when the other processor is idle again', () => {
    const costs = (step: number) => ({ shared: step < first ? 9 : 2, alone: 3 })
    expect(taken(first + 2 * between, costs)).toBe(`${start}${'a'.repeat(rest)}${trial}${'s'.repeat(rest)}${trial}`)
  })
})
