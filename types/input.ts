/** `input(shape, dtype)`: where a model begins. */
import type { Dims, DType, Shape, Size } from './dim.ts'
import { noDTypeMessage } from './dtype.ts'
import type { Typed } from './model.ts'
import type { Last } from './same.ts'
import { type Say, say } from './say.ts'
import { dimsOf, type FirstFault, isBound, type Lax, type ShapeMessage } from './size.ts'

export const unsized = "input: the last dim {last} has no size; write dim('{last}', n)"
export const wideType = 'input: the dtype is not a literal'

/** A layer's weights take their size from the last dim, so a bare name may not stand there, unless the input is over tokens. */
export type InputMessage<S> = Lax extends true
  ? ShapeMessage<'input', S>
  : FirstFault<S> extends null
    ? Last<S> extends infer L extends string
      ? [L] extends [never]
        ? null
        : Say<typeof unsized, { last: L }>
      : null
    : ShapeMessage<'input', S>
export type RefuseInput<S extends readonly Size[]> = InputMessage<S> extends null ? never : readonly [...S]
/** What an input gives. */
export type InputOutput<S extends Shape, D extends DType> = [D] extends ['f32'] ? S : Typed<S, D>

/** The dims of an input as they were given, or the message. */
export const inputShape = (shape: readonly Size[], dtype: unknown): Dims | string => {
  const dims = dimsOf('input', shape)
  if (typeof dims === 'string') return dims
  if (dtype !== 'f32' && dtype !== 'i32' && dtype !== 'bool') return noDTypeMessage('input', dtype)
  const last = shape.at(-1)
  return dtype === 'f32' && typeof last === 'string' && !isBound(last) ? say(unsized, { last }) : dims
}
