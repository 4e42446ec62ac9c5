/** Choices from a list of numbers: whatever the numbers are, something is chosen, so that lists shrink freely. */
import { threefry } from '../../src/graph/threefry.ts'

export interface Choices {
  /** A whole number from 0 to n - 1. */
  readonly below: (n: number) => number
  readonly pick: <T>(items: readonly T[]) => T
  /** In another order. */
  readonly shuffle: <T>(items: readonly T[]) => readonly T[]
  /** Some of them, in order. */
  readonly some: <T>(items: readonly T[]) => readonly T[]
}

/** The numbers one after the other, then numbers that follow from them; zeros alone are followed by zeros. */
export const choicesOf = (numbers: readonly number[]): Choices => {
  const seed = numbers.reduce((sum, n) => (31 * sum + n) | 0, 0)
  let next = 0
  const following = (): number => (seed === 0 ? 0 : threefry([seed, 0], [0, next])[0] >>> 0)
  const below = (n: number): number => {
    if (!(n >= 1)) throw new Error(`no whole number from 0 to ${n - 1}`)
    return (numbers[next++] ?? following()) % n
  }
  return {
    below,
    pick: (items) => {
      if (items.length === 0) throw new Error('nothing to pick from')
      return items[below(items.length)] as (typeof items)[number]
    },
    shuffle: (items) => {
      const rest = [...items]
      return items.map(() => rest.splice(below(rest.length), 1)[0] as (typeof items)[number])
    },
    some: (items) => items.filter(() => below(2) === 1),
  }
}
