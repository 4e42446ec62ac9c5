/** Tensors stacked, split and tiled. */
import fc from 'fast-check'
import {
  type Application,
  type Applications,
  applied,
  axis,
  dtype,
  list,
  made,
  oddAxis,
  type Size,
  type Sizes,
  sameOr,
  shape,
  shapeOf,
  size,
  text,
  weighted,
  wideAxis,
} from './words.ts'

/** Shapes that are one another's, but for one time in four. */
const stack: Applications = weighted<Application>(
  [
    14,
    fc
      .tuple(shape, dtype, dtype, fc.nat({ max: 12 }))
      .chain(([a, d, e, odd]) =>
        fc.tuple(
          fc.constant([a, d, e, odd] as const),
          weighted([9, axis(a.length + 1).map(text)], [1, oddAxis]),
          fc.array(fc.tuple(...a.map(sameOr)), { maxLength: 2 }),
        ),
      )
      .map(([[a, d, e, odd], at, rest]) => {
        const others = rest.map((dims: Sizes) => made(odd < 9 ? a : dims, odd === 0 ? e : d))
        return `stack([${[made(a, d), ...others].join(', ')}], ${at})`
      }),
  ],
  [3, fc.tuple(shape, dtype).map(([a, d]) => `stack([${made(a, d)}, ${made(a, d)}])`)],
  [1, fc.tuple(shape, size).map(([a, n]) => `stack([${made(a)}, ${made([...a, n])}])`)],
  [1, fc.tuple(shape, wideAxis).map(([a, at]) => ({ code: `stack([${made(a)}], ${at})`, sentence: 'stack: the axis is not a literal' }))],
)

/** Sizes that add up, as often as not: the axis in two or three, one of them now and then another. */
const sizesOf = (whole: number): fc.Arbitrary<string> =>
  fc.tuple(fc.nat({ max: whole }), fc.nat({ max: whole }), fc.nat({ max: 9 })).map(([a, b, odd]) => {
    const [first, last] = [Math.min(a, b), Math.max(a, b)]
    const sizes = odd < 4 ? [last, whole - last] : [first, last - first, whole - last]
    return list(odd === 8 ? [...sizes, 1] : odd === 9 ? [-1, ...sizes] : sizes)
  })
const countOf = (whole: number): fc.Arbitrary<string> => {
  const divisors = [1, 2, 3, 4, 5, 6, 12].filter((n) => whole % n === 0)
  return weighted([6, fc.constantFrom(...divisors).map(text)], [3, fc.constantFrom('0', '2', '5', '7', '-1', '1.5', '513', '1e21')])
}
const splitSize = weighted<Size>([8, fc.constantFrom<Size>(1, 2, 3, 4, 6, 12, 0)], [1, size])
const split: Applications = weighted<Application>(
  [
    14,
    fc
      .tuple(shapeOf(splitSize, 1), dtype)
      .chain(([a, d]) =>
        fc
          .tuple(fc.nat({ max: a.length - 1 }), fc.boolean())
          .chain(([at, back]) =>
            (typeof a[at] === 'number' && (a[at] as number) <= 12
              ? fc.oneof(sizesOf(a[at] as number), countOf(a[at] as number))
              : fc.constantFrom('2', '[1, 2]')
            ).chain((parts) => applied(`split(${parts}, ${back ? at - a.length : at})`, made(a, d))),
          ),
      ),
  ],
  [2, fc.tuple(shapeOf(splitSize), dtype).chain(([a, d]) => applied('split(2)', made(a, d)))],
  [1, fc.tuple(shape, oddAxis).map(([a, at]) => `pipe(${made(a)}, split(1, ${at}))`)],
  [1, fc.tuple(shape, wideAxis).map(([a, at]) => ({ code: `split(2, ${at})(${made(a)})`, sentence: 'split: the axis is not a literal' }))],
  [
    1,
    fc
      .tuple(shape, fc.constantFrom('(2 as number)', '(2 as 2 | 3)', '[1, 2 as number]', '([1] as number[])'))
      .map(([a, n]) => ({ code: `split(${n})(${made(a)})`, sentence: 'split: a number or a size of parts is not a literal' })),
  ],
)

const repeat = weighted<Size>([9, fc.constantFrom<Size>(1, 2, 3)], [1, fc.constantFrom<Size>(0, -1, 1.5, 2 ** 53, 1e21)])
const tile: Applications = weighted<Application>(
  [
    10,
    fc
      .tuple(shape, dtype, fc.array(repeat, { maxLength: 5 }), fc.nat({ max: 7 }))
      .chain(([a, d, repeats, odd]) =>
        applied(
          `tile(${list(repeats.map((n, i) => (odd > 0 && typeof a[a.length - repeats.length + i] === 'string' ? 1 : n)))})`,
          made(a, d),
        ),
      ),
  ],
  [
    1,
    fc
      .tuple(shape, fc.constantFrom('[2 as number]', '[1 as 1 | 2]', '([2] as number[])'))
      .map(([a, n]) => ({ code: `tile(${n})(${made(a)})`, sentence: 'tile: a number of repeats is not a literal' })),
  ],
)

export const parts: Readonly<Record<string, Applications>> = { stack, split, tile }
