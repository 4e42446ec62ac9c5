/** Padding: how much before and after each axis, `[low, high]`. */
import type { Add } from './arithmetic.ts'
import type { Dim, Dims, Shape } from './dim.ts'
import type { Same } from './same.ts'
import { type Say, say } from './say.ts'
import { badSize, type LongMessage, type SizeFault, type SizeMessage, sizeFault, sizeMessage, tooLong } from './size.ts'

const miscounted = 'pad: {count} pairs for {shape}'
const namedPad = 'pad: axis {axis} of {shape} is named; its padding must be [0, 0]'
const widePadding = 'pad: the padding is not a literal'

export type Padding = readonly (readonly [low: number, high: number])[]

export type PadShape<S extends Shape, P extends readonly unknown[]> = number extends P['length']
  ? typeof widePadding
  : Same<P['length'], S['length']> extends true
    ? Padded<S, P, S, []>
    : Say<typeof miscounted, { count: P['length']; shape: S }>
type Padded<S, P, Whole extends Shape, Done extends Shape> = [S, P] extends [
  [infer D, ...infer Ds],
  readonly [readonly [infer Low extends number, infer High extends number], ...infer Ps],
]
  ? PairFault<Low, High> extends infer E extends string
    ? E
    : [Low, High] extends [0, 0]
      ? Padded<Ds, Ps, Whole, [...Done, D]>
      : D extends number
        ? [Add<D, Add<Low, High>>] extends [never]
          ? LongMessage<'pad', Done['length'], D>
          : Padded<Ds, Ps, Whole, [...Done, Add<D, Add<Low, High>>]>
        : Say<typeof namedPad, { axis: Done['length']; shape: Whole }>
  : Done
type PairFault<Low, High> = 'wide' extends SizeFault<Low> | SizeFault<High>
  ? typeof widePadding
  : SizeFault<Low> extends null
    ? SizeFault<High> extends null
      ? null
      : SizeMessage<'pad', High>
    : SizeMessage<'pad', Low>

export const padShape = (shape: Dims, padding: Padding): Dims | string => {
  if (!Array.isArray(padding) || padding.length !== shape.length)
    return say(miscounted, { count: Array.isArray(padding) ? padding.length : 0, shape })
  const padded: Dim[] = []
  for (const [axis, dim] of shape.entries()) {
    const [low, high] = pair(padding[axis])
    const fault = sideMessage(low) ?? sideMessage(high)
    if (fault !== null) return fault
    if (typeof dim === 'string' && low + high > 0) return say(namedPad, { axis, shape })
    const size = typeof dim === 'string' ? dim : dim + (low + high)
    if (typeof size === 'number' && sizeFault(size) !== null) return say(tooLong, { op: 'pad', axis })
    padded.push(size)
  }
  return padded
}
const sideMessage = (size: unknown): string | null =>
  typeof size === 'number' ? sizeMessage('pad', size) : say(badSize, { op: 'pad', size })
/** What JavaScript gives may be no pair. */
const pair = (given: unknown): readonly [number, number] => (Array.isArray(given) ? [given[0], given[1]] : [Number.NaN, Number.NaN])
