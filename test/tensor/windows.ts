/** Random convolutions: an image, a kernel, and all that may be said of how it slides. */
import fc from 'fast-check'

export interface Case {
  readonly shape: readonly [b: number, h: number, w: number, c: number]
  readonly kernel: readonly [number, number]
  readonly filters: number
  readonly stride: readonly [number, number]
  readonly dilation: readonly [number, number]
  readonly padding: 'same' | 'valid' | readonly [readonly [number, number], readonly [number, number]]
  readonly groups: number
  readonly seed: number
}
export const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max })
const pair = (max: number, min = 1): fc.Arbitrary<[number, number]> => fc.tuple(upTo(max, min), upTo(max, min))

/** Images of at most `side`, with at most `border` around them. */
export const casesWithin = ({ side, border }: { readonly side: number; readonly border: number }): fc.Arbitrary<Case> =>
  fc
    .record({
      shape: fc.tuple(upTo(2), upTo(side), upTo(side), upTo(3)),
      kernel: pair(3),
      filters: upTo(3),
      stride: pair(3),
      dilation: pair(2),
      padding: fc.oneof(fc.constantFrom('same' as const, 'valid' as const), fc.tuple(pair(border, 0), pair(border, 0))),
      groups: upTo(3),
      seed: fc.nat(1000),
    })
    .map((each) => ({
      ...each,
      shape: [each.shape[0], each.shape[1], each.shape[2], each.shape[3] * each.groups] as const,
      filters: each.filters * each.groups,
    }))
