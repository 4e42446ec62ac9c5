/** Random calls of public functions, right and wrong, as code. */
import fc from 'fast-check'

type Size = number | string
type Sizes = readonly Size[]

const size = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Size>(1, 2, 3, 4, 6) },
  { weight: 2, arbitrary: fc.constantFrom<Size>('n', 'm') },
  { weight: 1, arbitrary: fc.constantFrom<Size>(0, 12, 5) },
)
const shape = (max = 4) => fc.array(size, { maxLength: max })
const list = (shape: Sizes) => `[${shape.map((dim) => (typeof dim === 'string' ? `'${dim}'` : dim)).join(', ')}]`
const dtype = fc.oneof({ weight: 8, arbitrary: fc.constant('f32') }, { weight: 1, arbitrary: fc.constantFrom('i32', 'bool') })
const made = (shape: Sizes, type = 'f32') => (type === 'f32' ? `zeros(${list(shape)})` : `zeros(${list(shape)}, '${type}')`)
const axis = (rank: number) => fc.integer({ min: -rank - 1, max: rank })
const axes = (rank: number) => fc.oneof(axis(rank).map(String), fc.array(axis(rank), { maxLength: 3 }).map(list), fc.constant('null'))

/** A shape that often broadcasts with the given one: leading dims dropped, others 1, seldom another. */
const partner = (a: Sizes): fc.Arbitrary<Sizes> =>
  fc
    .tuple(
      fc.nat({ max: a.length }),
      fc.array(fc.constantFrom('keep', 'keep', 'keep', 'one', 'other'), { minLength: 4, maxLength: 4 }),
      size,
    )
    .map(([drop, changes, other]) => a.slice(drop).map((dim, i) => (changes[i] === 'one' ? 1 : changes[i] === 'other' ? other : dim)))
const pairs = shape().chain((a) =>
  fc.tuple(fc.constant(a), fc.oneof({ weight: 5, arbitrary: partner(a) }, { weight: 1, arbitrary: shape() })),
)
const swapped = pairs.chain(([a, b]) => fc.constantFrom<readonly [Sizes, Sizes]>([a, b], [b, a]))

const binary = fc
  .tuple(
    fc.constantFrom('add', 'sub', 'maximum', 'pow', 'equal', 'less'),
    swapped,
    dtype,
    dtype,
    fc.constantFrom('direct', 'pipe', 'number'),
  )
  .map(([op, [a, b], d, e, form]) =>
    form === 'number'
      ? `${op}(${made(a, d)}, 1)`
      : form === 'direct'
        ? `${op}(${made(a, d)}, ${made(b, e)})`
        : `pipe(${made(a, d)}, ${op}(${made(b, e)}))`,
  )
const where = fc
  .tuple(swapped, shape(2), fc.constantFrom('bool', 'bool', 'bool', 'f32'), dtype, fc.boolean())
  .map(([[a, b], c, cd, d, swap]) =>
    swap ? `where(${made(c, cd)}, ${made(a, d)}, ${made(b, d)})` : `where(${made(a, cd)}, ${made(b, d)}, ${made(c, d)})`,
  )
const matmul = fc.tuple(swapped, size, size, size, dtype, fc.boolean(), fc.nat({ max: 3 })).map(([[a, b], m, k, n, d, direct, odd]) => {
  const left = odd === 1 ? [...a, k] : [...a, m, k]
  const right = odd === 2 ? b : [...(odd === 3 ? [] : b), k, n]
  return direct ? `matmul(${made(left, d)}, ${made(right)})` : `pipe(${made(left, d)}, matmul(${made(right)}))`
})
const reduce = fc
  .tuple(
    fc.constantFrom('sum', 'mean', 'max', 'variance', 'logSumExp'),
    shape(),
    dtype,
    fc.constantFrom('', ', { keepDims: true }', ', { keepDims: false }'),
  )
  .chain(([op, a, d, keep]) => axes(a.length).map((at) => `pipe(${made(a, d)}, ${op}(${at}${keep}))`))
const along = fc
  .tuple(fc.constantFrom('softmax', 'logSoftmax', 'argmax', 'expandDims'), shape(), dtype)
  .chain(([op, a, d]) => axis(a.length).map((at) => `pipe(${made(a, d)}, ${op}(${at}))`))
const squeeze = shape().chain((a) =>
  fc
    .oneof(axis(a.length).map(String), fc.array(axis(a.length), { maxLength: 2 }).map(list))
    .map((at) => `pipe(${made(a)}, squeeze(${at}))`),
)

/** Dims multiplied together, or taken apart, in part: half of the time the elements are the same. */
const regrouped = (a: Sizes): fc.Arbitrary<Sizes> =>
  fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 4 }), size).map(([how, at, other]) => {
    const [x, y] = [a[at], a[at + 1]]
    if (how === 0 && typeof x === 'number' && typeof y === 'number') return [...a.slice(0, at), x * y, ...a.slice(at + 2)]
    if (how === 1 && typeof x === 'number' && x % 2 === 0) return [...a.slice(0, at), x / 2, 2, ...a.slice(at + 1)]
    if (how === 2) return a.toReversed()
    return a.toSpliced(at, 1, other)
  })
const reshape = shape()
  .chain((a) => fc.tuple(fc.constant(a), regrouped(a), fc.array(fc.nat({ max: 5 }), { maxLength: 2 })))
  .map(
    ([a, b, open]) =>
      `pipe(${made(a)}, reshape(${list(open.reduce<Sizes>((to, at) => (at < to.length ? to.toSpliced(at, 1, -1) : to), b))}))`,
  )
const permute = shape().chain((a) =>
  fc
    .oneof(
      fc.shuffledSubarray([...a.keys()], { minLength: a.length }),
      fc.array(axis(a.length), { minLength: a.length, maxLength: a.length }),
    )
    .map((p) => `pipe(${made(a)}, permute(${list(p)}))`),
)
const plain = fc
  .tuple(fc.constantFrom('flatten', 'transpose', 'relu', 'neg', 'gelu', 'stopGradient'), shape(), dtype)
  .map(([op, a, d]) => `${op}(${made(a, d)})`)
const broadcastTo = swapped.map(([a, b]) => `pipe(${made(a)}, broadcastTo(${list(b)}))`)
const bound = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: -4, max: 4 }) }, { weight: 2, arbitrary: fc.constant(null) })
const slice = fc
  .tuple(shape(3), fc.array(bound, { maxLength: 3 }), fc.array(bound, { maxLength: 3 }))
  .map(([a, from, to]) => `pipe(${made(a)}, slice([${from.map(String)}], [${to.slice(0, from.length).map(String)}]))`)
const concat = pairs
  .chain(([a, b]) => fc.tuple(fc.constant([a, a, b]), axis(a.length), fc.constantFrom(1, 2, 2, 2, 3), dtype, size))
  .map(([[a, same, b], at, count, d, other]) => {
    const changed = (same as Sizes).map((dim, i, all) => (i === (at < 0 ? at + all.length : at) ? other : dim))
    return `concat([${[made(a as Sizes), made(changed, d), made(b as Sizes)].slice(0, count).join(', ')}], ${at})`
  })
const pad = shape(3)
  .chain((a) =>
    fc.tuple(
      fc.constant(a),
      fc.array(fc.tuple(fc.integer({ min: -1, max: 3 }), fc.nat({ max: 2 })), { minLength: a.length, maxLength: a.length }),
    ),
  )
  .map(
    ([a, padding]) =>
      `pipe(${made(a)}, pad([${padding.map(([low, high], i) => (typeof a[i] === 'string' && low < 2 ? '[0, 0]' : `[${low}, ${high}]`))}]))`,
  )
const oneHot = fc
  .tuple(shape(3), fc.constantFrom('i32', 'i32', 'f32'), fc.constantFrom('3', '0', "'n'", '-1', '2.5'))
  .map(([a, d, n]) => `pipe(${made(a, d)}, oneHot(${n}))`)
const cast = fc.tuple(shape(2), dtype, fc.constantFrom('f32', 'i32', 'bool')).map(([a, d, e]) => `pipe(${made(a, d)}, cast('${e}'))`)
const creation = fc
  .tuple(
    fc.constantFrom('zeros', 'ones'),
    fc.array(fc.oneof({ weight: 6, arbitrary: size }, { weight: 1, arbitrary: fc.constantFrom(-1, 2.5, -3) }), { maxLength: 3 }),
  )
  .map(([op, a]) => `${op}(${list(a)})`)

interface Nested extends ReadonlyArray<Nested | number | boolean> {}
const text = (nested: Nested | number | boolean): string => (typeof nested === 'object' ? `[${nested.map(text).join(', ')}]` : `${nested}`)
const filled = (a: readonly number[], value: number | boolean): Nested | number | boolean =>
  a.length === 0 ? value : Array.from({ length: a[0] as number }, () => filled(a.slice(1), value))
const nested = fc
  .tuple(fc.array(fc.nat({ max: 3 }), { maxLength: 3 }), fc.constantFrom<number | boolean>(1, 0.5, true), fc.nat({ max: 5 }))
  .map(([a, value, odd]) => {
    const whole = filled(a, value)
    const broken =
      odd === 0 && typeof whole === 'object'
        ? [...whole, filled(a.slice(2), value)]
        : odd === 1 && typeof whole === 'object'
          ? [...whole, whole]
          : whole
    return `tensor(${text(broken)})`
  })

const families = {
  binary,
  where,
  matmul,
  reduce,
  along,
  squeeze,
  reshape,
  permute,
  plain,
  broadcastTo,
  slice,
  concat,
  pad,
  oneHot,
  cast,
  creation,
  nested,
}

/** `count` different calls of each family, always the same ones. */
export const calls = (count: number): readonly string[] =>
  Object.values(families).flatMap((family) => [...new Set(fc.sample(family, { numRuns: count, seed: 7 }))])
