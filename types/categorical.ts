/** `categorical(key)`: a class for each row of logits. `[..., classes] -> [...]` */
import type { Dims, Shape } from './dim.ts'
import type { DTypeFault } from './dtype.ts'
import { type Say, say } from './say.ts'

const lowRank = 'categorical: expected logits [..., classes], got {shape}'

/** The shape of the classes, or the message. */
export type CategoricalShape<S, D> =
  DTypeFault<'categorical', 'f32', D> extends infer Fault extends string
    ? Fault
    : S extends [...infer R extends Shape, infer _]
      ? R
      : Say<typeof lowRank, { shape: S }>

export const categoricalShape = (shape: Dims): Dims | string => (shape.length === 0 ? say(lowRank, { shape }) : shape.slice(0, -1))
