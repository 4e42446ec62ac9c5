import { describe, expect, it } from 'vitest'
import { memory } from '../../src/compiler/remember.ts'

describe('memory', () => {
  it('keeps the latest, and forgets what was not asked for longest', () => {
    const kept = memory<number>(2)
    kept.set('x', 1)
    kept.set('y', 2)
    expect(kept.get('x')).toBe(1)
    kept.set('z', 4)
    expect([kept.get('x'), kept.get('y'), kept.get('z')]).toEqual([1, undefined, 4])
    kept.set('x', 5)
    expect([kept.get('x'), kept.get('z')]).toEqual([5, 4])
  })
})
