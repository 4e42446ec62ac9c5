import { describe, expect, it } from 'vitest'
import { memory } from '../../src/compiler/remember.ts'

describe('memory', () => {
  it('keeps the latest of each owner, and forgets what was not asked for longest', () => {
    const kept = memory<number>(2)
    const [a, b] = [{}, {}]
    kept.set(a, 'x', 1)
    kept.set(a, 'y', 2)
    kept.set(b, 'x', 3)
    expect(kept.get(a, 'x')).toBe(1)
    kept.set(a, 'z', 4)
    expect([kept.get(a, 'x'), kept.get(a, 'y'), kept.get(a, 'z'), kept.get(b, 'x')]).toEqual([1, undefined, 4, 3])
  })
})
