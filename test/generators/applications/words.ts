/** The words that applications are written in: sizes, shapes, tensors, axes, as code. */
import fc from 'fast-check'

/** A literal, a name, or a name that `dim` binds: `h3` is `dim('h3', 3)`. */
export type Size = number | string
export type Sizes = readonly Size[]

/** Code that only the compiler can refuse: for JavaScript a number is a number, whatever its type. */
export interface WideApplication {
  readonly code: string
  /** What the compiler must say, by the rule. */
  readonly sentence: string
}
/** An expression. The names of `shapewright` are in scope, `ops` (`shapewright/ops`), and `right`, which opens an Either. */
export type Application = string | WideApplication
export type Applications = fc.Arbitrary<Application>

const small = fc.constantFrom<Size>(1, 2, 3, 4, 6)
const large = fc.constantFrom<Size>(784, 1000, 65_536, 999_999, 2 ** 31, 94_906_265, 2 ** 53 - 1)
const name = fc.constantFrom<Size>('n', 'm')
export const size: fc.Arbitrary<Size> = fc.oneof(
  { weight: 18, arbitrary: small },
  { weight: 5, arbitrary: name },
  { weight: 1, arbitrary: fc.constantFrom<Size>('n*m', '2*n', 'm*n', 'n*n', '0*n', '6*m*n') },
  { weight: 1, arbitrary: fc.constantFrom<Size>('h3', 'h4') },
  { weight: 2, arbitrary: fc.constantFrom<Size>(0, 5, 12) },
  { weight: 1, arbitrary: large },
)
/** What is no size. */
export const badSize: fc.Arbitrary<number> = fc.constantFrom(-1, -3, 2.5, 0.5, 1e21, 1e-7, 2 ** 53, -1e21)
/** What is no dim: also a name that is none, a product that is written otherwise. */
export const badDim: fc.Arbitrary<Size> = fc.oneof(
  { weight: 2, arbitrary: badSize },
  { weight: 1, arbitrary: fc.constantFrom<Size>('', '5', 'n*2', '1*n', '2*3*n', 'n*', '2*3', '02*n', '2.5*n', ' ') },
)
/** A size of which the compiler knows too little. */
export const wideSize: fc.Arbitrary<string> = fc.constantFrom('(3 as number)', '(3 as 3 | 4)', '(3 as any)', '(2 as 2 | 3)')

/** Ranks 0 to 5, most often 1 to 4. */
export const rank: fc.Arbitrary<number> = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 5) },
)
export const shapeOf = (dim: fc.Arbitrary<Size>, min = 0, max = 5): fc.Arbitrary<Sizes> =>
  rank.filter((n) => n >= min && n <= max).chain((n) => fc.array(dim, { minLength: n, maxLength: n }))
export const shape: fc.Arbitrary<Sizes> = shapeOf(size)

export const dtype: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constant('f32') },
  { weight: 1, arbitrary: fc.constantFrom('i32', 'bool') },
)

export const text = (dim: Size): string =>
  typeof dim === 'number' ? String(dim) : /^h\d$/.test(dim) ? `dim('${dim}', ${dim.slice(1)})` : `'${dim}'`
/** A list: of sizes, of axes. */
export const list = (dims: Sizes): string => `[${dims.map(text).join(', ')}]`
/** A tensor's type, as a parameter is annotated with it. */
export const typeOf = (dims: Sizes, type = 'f32'): string =>
  `Tensor<[${dims.map((dim) => (typeof dim === 'number' ? dim : `'${dim}'`)).join(', ')}]${type === 'f32' ? '' : `, '${type}'`}>`
/** A tensor of a shape. */
export const made = (dims: Sizes, type = 'f32'): string =>
  type === 'f32' ? `zeros(${list(dims)})` : `${type === 'bool' ? 'ones' : 'zeros'}(${list(dims)}, '${type}')`

/** An axis, right more often than not; one past each end. */
export const axis = (rank: number): fc.Arbitrary<number> => fc.integer({ min: -rank - 1, max: rank })
/** What is no axis at all, of any shape. */
export const oddAxis: fc.Arbitrary<string> = fc.constantFrom('1.5', '-2.5', '9', '-7')
export const wideAxis: fc.Arbitrary<string> = fc.constantFrom('(0 as number)', '(0 as 0 | 1)', '(0 as any)')

/** `op(x)` or `pipe(x, op)`: the same, and both are written. */
export const applied = (op: string, x: string): fc.Arbitrary<string> => fc.constantFrom(`pipe(${x}, ${op})`, `${op}(${x})`)
export const weighted = <T>(...choices: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<T>])[]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))

/** A shape that often broadcasts with the given one: leading dims dropped, others 1, seldom another. */
export const partner = (a: Sizes): fc.Arbitrary<Sizes> =>
  fc
    .tuple(
      fc.nat({ max: a.length }),
      fc.array(fc.constantFrom('keep', 'keep', 'keep', 'keep', 'one', 'other'), { minLength: 5, maxLength: 5 }),
      size,
    )
    .map(([drop, changes, other]) => a.slice(drop).map((dim, i) => (changes[i] === 'one' ? 1 : changes[i] === 'other' ? other : dim)))
/** Two shapes that broadcast as often as not, either first. */
export const pair: fc.Arbitrary<readonly [Sizes, Sizes]> = shape
  .chain((a) => fc.tuple(fc.constant(a), fc.oneof({ weight: 5, arbitrary: partner(a) }, { weight: 1, arbitrary: shape }), fc.boolean()))
  .map(([a, b, swap]) => (swap ? [b, a] : [a, b]))

/** A dim that is the given one, but for one time in eight. */
export const sameOr = (dim: Size): fc.Arbitrary<Size> => weighted<Size>([7, fc.constant(dim)], [1, size])
