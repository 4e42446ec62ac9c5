/** Windows along the axes before the last, which holds channels. */

import type { Dim } from '../../types/dim.ts'
import { borderOf, type Sliding } from '../../types/window.ts'
import type { Node } from '../graph/node.ts'
import type { Windows } from '../graph/op.ts'

/** The windows over `x`: the last of the sliding axes stands before its channels. */
export const windowsOf = (x: Node, sliding: readonly Sliding[]): Windows => {
  const first = x.shape.length - 1 - sliding.length
  const borders = sliding.map((each, i) => borderOf(x.shape[first + i] as Dim, each))
  return {
    axes: sliding.map((_, i) => first + i),
    size: sliding.map(({ size }) => size),
    stride: sliding.map(({ stride }) => stride),
    dilation: sliding.map(({ dilation }) => dilation),
    low: borders.map(([low]) => low),
    high: borders.map(([, high]) => high),
  }
}
