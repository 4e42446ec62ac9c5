/** One register tile of a contraction: its sums stay in locals while k runs. */
import type { DType } from '../../../types/dim.ts'
import type { LaidContract } from '../../compiler/layout/laid.ts'
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import type { MultiplyAdd } from '../math/arithmetic.ts'
import type { Arithmetic } from '../math/vector-math.ts'
import { emitVector } from './panel.ts'
import { emitTerms } from './terms.ts'

/** The tile's corner in one operand: where it is, and the elements to the next row of x or column of y, and along each axis of k. */
export interface Operand {
  readonly pointer: Local
  readonly start: number
  readonly step: number
  readonly kSteps: readonly number[]
}
export interface Operands {
  readonly x: Operand
  readonly y: Operand
}
/** By row of the tile and by vector of its columns. */
export type Sums = readonly (readonly Local[])[]

/** sums[row][vector] += splat(x[row, k]) * y[k, vector] in the order of k: all of k, or as much of its first axis as `length` says. */
export const emitProducts = (
  code: Code,
  arithmetic: Arithmetic,
  { k, kAxes, dtype }: LaidContract,
  { x, y }: Operands,
  sums: Sums,
  columns: number,
  length: Local | null,
): void => {
  if (k === 0) return
  const sum = summing(arithmetic.multiplyAdd)[dtype]
  const splat = code.local('v128')
  const line = Array.from({ length: Math.ceil(columns / 4) }, () => code.local('v128'))
  const [px, py] = [code.local('i32'), code.local('i32')]
  code.get(x.pointer).set(px).get(y.pointer).set(py)
  const walkers = [
    { pointer: px, steps: x.kSteps },
    { pointer: py, steps: y.kSteps },
  ]
  emitTerms(code, length === null ? kAxes : [length, ...kAxes.slice(1)], walkers, () => {
    line.forEach((local, j) => {
      emitVector(code, py, (y.start + 4 * j * y.step) * 4, y.step * 4, Math.min(4, columns - 4 * j))
      code.set(local)
    })
    sums.forEach((row, i) => {
      code
        .get(px)
        .load('v128.load32_splat', (x.start + i * x.step) * 4)
        .set(splat)
      row.forEach((into, j) => {
        sum(code, splat, line[j] as Local, into)
      })
    })
  })
  code.release(splat, ...line, px, py)
}

type Summing = (code: Code, splat: Local, vector: Local, sum: Local) => void
/** sum += splat * vector. A bool is never contracted; it is listed so that the table is total. */
const summing = (multiplyAdd: MultiplyAdd): Readonly<Record<DType, Summing>> => ({
  f32: (code, splat, vector, sum) => multiplyAdd(code.get(splat), vector, sum).set(sum),
  i32: (code, splat, vector, sum) => code.get(splat).get(vector).op('i32x4.mul').get(sum).op('i32x4.add').set(sum),
  bool: (code, splat, vector, sum) => code.get(splat).get(vector).op('v128.and').get(sum).op('v128.or').set(sum),
})

export const zeroed = (code: Code, rows: number, vectors: number): Sums =>
  Array.from({ length: rows }, () =>
    Array.from({ length: vectors }, () => {
      const local = code.local('v128')
      code.v128f(0).set(local)
      return local
    }),
  )
