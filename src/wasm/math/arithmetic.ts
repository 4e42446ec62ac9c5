/** Products and sums of lanes: each rounded by itself (strict), or both in one rounding where the host can (fused). */
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'

/** An emitter: takes its operands from the stack, the last one on top, and leaves its result. */
export type Emitter = (code: Code) => void

/** A vector in a local, one number in every lane, or code that leaves a vector. */
export type Operand = Local | number | (() => void)
export type Lanes = 'f32x4' | 'f64x2'

/** Takes a from the stack and leaves a * factor + addend. */
export type MultiplyAdd = (code: Code, factor: Operand, addend: Operand, lanes?: Lanes) => Code

/** Two roundings: the same bits on every host. */
export const strict: MultiplyAdd = (code, factor, addend, lanes = 'f32x4') =>
  push(push(code, factor, lanes).op(`${lanes}.mul`), addend, lanes).op(`${lanes}.add`)

/** One rounding or two, as the host likes. */
export const fused: MultiplyAdd = (code, factor, addend, lanes = 'f32x4') =>
  push(push(code, factor, lanes), addend, lanes).op(`${lanes}.relaxed_madd`)

const push = (code: Code, operand: Operand, lanes: Lanes): Code => {
  if (typeof operand === 'number') return lanes === 'f32x4' ? code.v128f(operand) : code.v128d(operand)
  if (typeof operand !== 'function') return code.get(operand)
  operand()
  return code
}

/** Leaves c0 + c1 x + c2 x^2 + ..., from the highest coefficient down. */
export const horner = (code: Code, madd: MultiplyAdd, x: Local, coefficients: readonly number[], lanes: Lanes = 'f32x4'): Code => {
  const descending = coefficients.toReversed()
  return descending.slice(1).reduce((sum, coefficient) => madd(sum, x, coefficient, lanes), push(code, descending[0] ?? 0, lanes))
}
