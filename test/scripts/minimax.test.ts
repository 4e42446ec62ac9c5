/** The exchange finds best approximations that are known. */
import { describe, expect, test } from 'vitest'
import { minimax, polynomial } from '../../scripts/minimax.ts'

describe('minimax', () => {
  test.each([2, 3, 5, 8])('x^%i is approximated to 2^(1 - n): the difference is a Chebyshev polynomial', (n) => {
    const power = (x: number): number => polynomial([...Array.from({ length: n }, () => 0), 1], x)
    const { error } = minimax({ value: power, weight: () => 1, from: -1, to: 1, degree: n - 1 })
    expect(error).toBeCloseTo(2 ** (1 - n), 5)
  })

  test('the best line to the square root on [0, 1] is x + 1/8', () => {
    const { coefficients, error } = minimax({ value: Math.sqrt, weight: () => 1, from: 0, to: 1, degree: 1 })
    expect(coefficients[0]).toBeCloseTo(1 / 8, 3)
    expect(coefficients[1]).toBeCloseTo(1, 3)
    expect(error).toBeCloseTo(1 / 8, 3)
  })

  test('a weight makes the error relative: the best constant for x on [1, 3] is then 3/2', () => {
    const { coefficients, error } = minimax({ value: (x) => x, weight: (x) => 1 / x, from: 1, to: 3, degree: 0 })
    expect(coefficients[0]).toBeCloseTo(1.5, 5)
    expect(error).toBeCloseTo(0.5, 5)
  })

  test('a function that the degree can not tell apart is refused', () => {
    expect(() => minimax({ value: () => 1, weight: () => 1, from: 0, to: 1, degree: 3 })).toThrow('alternates')
  })
})
