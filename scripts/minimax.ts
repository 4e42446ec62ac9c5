/** Best approximations by polynomials: the exchange algorithm of E. Remez (1934), in correctly rounded arithmetic only. */

export interface Target {
  /** The function, and the weight its error is multiplied by, on [from, to]. */
  readonly value: (x: number) => number
  readonly weight: (x: number) => number
  readonly from: number
  readonly to: number
  readonly degree: number
}
export interface Approximation {
  /** From the constant term up. */
  readonly coefficients: readonly number[]
  /** The largest weighted error. */
  readonly error: number
}

const gridSize = 4000
const exchanges = 40
/** How far the extreme errors may differ in size when the exchange ends. */
const settled = 1e-3

/** The polynomial whose largest weighted error is least. Throws where the exchange does not settle. */
export const minimax = (target: Target): Approximation => {
  const grid = chebyshev(target, gridSize)
  let reference = chebyshev(target, target.degree + 2)
  for (let i = 0; i < exchanges; i++) {
    const coefficients = levelled(target, reference)
    const errors = grid.map((x) => target.weight(x) * (target.value(x) - polynomial(coefficients, x)))
    const peaks = alternating(errors, target.degree + 2)
    const sizes = peaks.map((at) => Math.abs(errors[at] as number))
    if (Math.max(...sizes) - Math.min(...sizes) < settled * Math.max(...sizes)) return { coefficients, error: Math.max(...sizes) }
    reference = peaks.map((at) => grid[at] as number)
  }
  throw new Error(`the exchange did not settle for degree ${target.degree} on [${target.from}, ${target.to}]`)
}

/** c0 + c1 x + c2 x^2 + ... by Horner's rule */
export const polynomial = (coefficients: readonly number[], x: number): number => coefficients.reduceRight((sum, c) => sum * x + c, 0)

/** Points that lie denser at the ends, ascending; an even number never holds the middle. */
const chebyshev = ({ from, to }: Target, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * (1 - halfTurn((i + 0.5) / count))) / 2)

/** cos(pi t) for t in [0, 1]: its series at an eighth of the angle, doubled three times. */
const halfTurn = (t: number): number => {
  const angle = (Math.PI * t) / 8
  let value = polynomial([1, -1 / 2, 1 / 24, -1 / 720, 1 / 40320, -1 / 3628800], angle * angle)
  for (let i = 0; i < 3; i++) value = 2 * value * value - 1
  return value
}

/** The polynomial whose weighted errors on the reference are of one size with alternating signs. */
const levelled = (target: Target, reference: readonly number[]): readonly number[] => {
  const rows = reference.map((x, i) => {
    const powers = [1]
    while (powers.length <= target.degree) powers.push((powers.at(-1) as number) * x)
    return [...powers, (i % 2 === 0 ? 1 : -1) / target.weight(x), target.value(x)]
  })
  return solve(rows).slice(0, -1)
}

/** Gaussian elimination with pivots; the last column is the right side. */
const solve = (given: readonly (readonly number[])[]): readonly number[] => {
  const rows = given.map((row) => [...row])
  const at = (row: number, column: number): number => rows[row]?.[column] as number
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows.reduce((best, _, i) => (i > k && Math.abs(at(i, k)) > Math.abs(at(best, k)) ? i : best), k)
    ;[rows[k], rows[pivot]] = [rows[pivot] as number[], rows[k] as number[]]
    for (let i = k + 1; i < rows.length; i++) {
      const factor = at(i, k) / at(k, k)
      rows[i] = (rows[i] as number[]).map((value, column) => value - factor * at(k, column))
    }
  }
  const solution = rows.map(() => 0)
  for (let k = rows.length - 1; k >= 0; k--) {
    const rest = solution.reduce((sum, value, column) => (column > k ? sum - at(k, column) * value : sum), at(k, rows.length))
    solution[k] = rest / at(k, k)
  }
  return solution
}

/** The positions of the largest errors of `count` neighbouring stretches of one sign. */
const alternating = (errors: readonly number[], count: number): readonly number[] => {
  const peaks: number[] = []
  errors.forEach((error, at) => {
    const last = peaks.at(-1)
    if (last === undefined || (errors[last] as number) * error < 0) peaks.push(at)
    else if (Math.abs(error) > Math.abs(errors[last] as number)) peaks[peaks.length - 1] = at
  })
  if (peaks.length < count) throw new Error(`the error alternates ${peaks.length} times, expected ${count}`)
  const size = (at: number | undefined): number => Math.abs(errors[at as number] as number)
  while (peaks.length > count) {
    if (size(peaks[0]) < size(peaks.at(-1))) peaks.shift()
    else peaks.pop()
  }
  return peaks
}
