/** Schedules: learning rates that follow the count of steps, computed inside the step. */
import type { Known } from '../../types/options.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show } from '../../types/show.ts'
import type { Tensor } from '../../types/tensor.ts'
import { add, cast, constant, div, less, maximum, minimum, mul, pow, select, sub, unary } from '../graph/expression.ts'
import { isNode } from '../graph/make.ts'
import { type Node, nodeOf, tensorOf } from '../graph/node.ts'
import type { Count } from './optimizer.ts'
import { faultsOf, nothingElse, notNegative, positive, steps } from './option.ts'

/** From the count of steps behind, 0 in the first step, to the rate of the next. `i32 [] -> []` */
export interface Schedule {
  (count: Count): Tensor<[]>
  /** What is wrong with its options, a sentence each. */
  readonly faults?: readonly string[]
}
/** A learning rate may be a number. */
export type Rate = number | Schedule

/**
 * The same rate in every step.
 *
 * @example
 * toArray(constantSchedule(0.5)(scalar(7, 'i32'))) // => 0.5
 */
export const constantSchedule = (value: number): Schedule =>
  scheduleOf(faultsOf(positive('constantSchedule', 'the value', value)), () => constant(value))

/** Options of `stepDecay`. */
export interface StepDecayOptions {
  readonly initial: number
  readonly factor: number
  /** In steps. */
  readonly every: number
}
/**
 * initial factor^floor(count / every)
 *
 * @example
 * toArray(stepDecay({ initial: 1, factor: 0.5, every: 10 })(scalar(20, 'i32'))) // => 0.25
 */
export const stepDecay = <const O extends StepDecayOptions>(options: Known<'stepDecay', O, StepDecayOptions>): Schedule => {
  const { initial, factor, every, ...others } = options as StepDecayOptions
  return scheduleOf(faultsOf(decayFaults('stepDecay', initial, factor, every), nothingElse('stepDecay', others)), (count) =>
    mul(initial, pow(factor, real(div(count, every)))),
  )
}

/** Options of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  readonly initial: number
  readonly factor: number
  /** In steps; 1 unless said. */
  readonly every?: number
}
/**
 * initial factor^(count / every)
 *
 * @example
 * toArray(exponentialDecay({ initial: 1, factor: 0.25, every: 10 })(scalar(5, 'i32'))) // => 0.5
 */
export const exponentialDecay = <const O extends ExponentialDecayOptions>(
  options: Known<'exponentialDecay', O, ExponentialDecayOptions>,
): Schedule => {
  const { initial, factor, every = 1, ...others } = options as ExponentialDecayOptions
  return scheduleOf(faultsOf(decayFaults('exponentialDecay', initial, factor, every), nothingElse('exponentialDecay', others)), (count) =>
    mul(initial, pow(factor, div(real(count), every))),
  )
}

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  readonly initial: number
  /** After so many steps the rate is `final`, and stays. */
  readonly steps: number
  /** 0 unless said. */
  readonly final?: number
}
/**
 * final + (initial - final) (1 + cos(pi count / steps)) / 2 (Loshchilov and Hutter 2017, SGDR, equation 5, one period)
 *
 * @example
 * toArray(cosineDecay({ initial: 1, steps: 10 })(scalar(5, 'i32'))) // => 0.5
 */
export const cosineDecay = <const O extends CosineDecayOptions>(options: Known<'cosineDecay', O, CosineDecayOptions>): Schedule => {
  const { initial, steps: period, final = 0, ...others } = options as CosineDecayOptions
  return scheduleOf(
    faultsOf(
      positive('cosineDecay', 'the initial rate', initial),
      notNegative('cosineDecay', 'the final rate', final),
      steps('cosineDecay', 'steps', period),
      nothingElse('cosineDecay', others),
    ),
    (count) => {
      const angle = mul(real(minimum(count, period)), Math.PI / period)
      return add(mul(add(unary('cos', angle), 1), (initial - final) / 2), final)
    },
  )
}

/** Options of `warmUp`. */
export interface WarmUpOptions {
  readonly steps: number
  /** What follows; its count begins after the warm-up. */
  readonly rate: Rate
}
/**
 * `steps` smaller steps first: rate(0) (count + 1) / (steps + 1), then rate(count - steps)
 *
 * @example
 * toArray(warmUp({ steps: 3, rate: 1 })(scalar(1, 'i32'))) // => 0.5
 */
export const warmUp = <const O extends WarmUpOptions>(options: Known<'warmUp', O, WarmUpOptions>): Schedule => {
  const { steps: first, rate, ...others } = options as WarmUpOptions
  return scheduleOf(faultsOf(steps('warmUp', 'steps', first), rateFaults('warmUp', rate), nothingElse('warmUp', others)), (count) => {
    const after = rateAt('warmUp', rate, tensorOf(maximum(sub(count, first), 0)))
    return mul(after, minimum(mul(real(add(count, 1)), 1 / (first + 1)), 1))
  })
}

/** Options of `piecewiseConstant`. */
export interface PiecewiseConstantOptions {
  /** Counts of steps, ascending. */
  readonly boundaries: readonly number[]
  /** One more than boundaries. */
  readonly values: readonly number[]
}
/**
 * values[i] until boundaries[i] steps are behind, the last value from then on.
 *
 * @example
 * toArray(piecewiseConstant({ boundaries: [10, 20], values: [3, 2, 1] })(scalar(10, 'i32'))) // => 2
 */
export const piecewiseConstant = <const O extends PiecewiseConstantOptions>(
  options: Known<'piecewiseConstant', O, PiecewiseConstantOptions>,
): Schedule => {
  const { boundaries, values, ...others } = options as PiecewiseConstantOptions
  return scheduleOf(faultsOf(piecewiseFaults(boundaries, values), nothingElse('piecewiseConstant', others)), (count) =>
    boundaries.reduceRight<Node>(
      (later, boundary, i) => select(less(count, boundary), constant(values[i] as number), later),
      constant(values.at(-1) as number),
    ),
  )
}

/** The rate of a step, an f32 scalar. */
export const rateAt = (kind: string, rate: Rate, count: Count): Node => {
  if (typeof rate === 'number') return constant(rate)
  const value: unknown = rate(count)
  if (isNode(value) && value.shape.length === 0 && value.dtype === 'f32') return value
  throw new ShapeError(`${kind}: a schedule must give an f32 scalar, got ${isNode(value) ? `${value.dtype} ${show(value.shape)}` : value}`)
}
export const rateFaults = (kind: string, rate: Rate): readonly string[] =>
  typeof rate === 'function' ? (rate.faults ?? []) : faultsOf(positive(kind, 'the learning rate', rate))

const scheduleOf = (faults: readonly string[], f: (count: Node) => Node): Schedule =>
  Object.freeze(Object.assign((count: Count): Tensor<[]> => tensorOf(f(nodeOf(count))), { faults: Object.freeze(faults) }))
const real = (count: Node): Node => cast(count, 'f32')
const decayFaults = (kind: string, initial: number, factor: number, every: number): readonly string[] =>
  faultsOf(positive(kind, 'the initial rate', initial), positive(kind, 'the factor', factor), steps(kind, 'every', every))
const piecewiseFaults = (boundaries: readonly number[], values: readonly number[]): readonly string[] => {
  const kind = 'piecewiseConstant'
  const ascending = boundaries.every((boundary, i) => i === 0 || boundary > (boundaries[i - 1] as number))
  return faultsOf(
    values.length === boundaries.length + 1
      ? null
      : `${kind}: ${boundaries.length} boundaries need ${boundaries.length + 1} values, got ${values.length}`,
    boundaries.flatMap((boundary) => steps(kind, 'a boundary', boundary) ?? []),
    ascending ? null : `${kind}: the boundaries must ascend, got [${boundaries.join(', ')}]`,
    values.flatMap((value) => notNegative(kind, 'a value', value) ?? []),
  )
}
