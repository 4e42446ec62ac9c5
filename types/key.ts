/** Random keys: a key is an argument, and a tree, so that it may live in a program's state. */
import type { Tensor } from './tensor.ts'

/** The two words of a Threefry-2x32 key. */
export interface Key {
  readonly bits: Tensor<[2], 'i32'>
}
