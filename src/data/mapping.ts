/** What a function over a batch of samples may take and give. */
import type { Classes, TargetTensor } from '../../types/classes.ts'
import type { Kept, MappedInput, MappedTarget } from '../../types/mapped.ts'
import type { Typed } from '../../types/model.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { DataError, InputTensor } from './data-source.ts'

/** A function over a batch of samples `X` with targets `Y`, or one with a message where it gives what is none. */
export type MapTo<X, Y, A, B, C extends number> = (
  x: InputTensor<'batch', X>,
  y: TargetTensor<'batch', Y>,
) => readonly [inputs: Kept<A, MappedInput<A>>, targets: Kept<B, MappedTarget<Y, B, C>>]

export interface MapOptions<out C extends number> {
  /** How many classes there are of the class numbers that the function gives as targets. */
  readonly classes: C
}

/** Why nothing came of it; `message` says it in one line. */
export type MapError = CompileError | DataError

/** The values of one sample as a predicate sees them: one number, or all, last axis fastest. What has a type holds tokens. */
export type SampleValues<X> =
  X extends Classes<infer _, infer S>
    ? Values<S, Int32Array>
    : X extends Typed<infer S, infer _>
      ? Values<S, Int32Array>
      : Values<X, Float32Array>
type Values<S, Elements> = S extends [] ? number : Elements
