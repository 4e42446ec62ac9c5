/** Other shapes for the same elements; parts, and tensors joined. */
import fc from 'fast-check'
import {
  type Application,
  type Applications,
  applied,
  axis,
  badDim,
  dtype,
  list,
  made,
  oddAxis,
  pair,
  type Size,
  type Sizes,
  sameOr,
  shape,
  shapeOf,
  size,
  text,
  weighted,
  wideAxis,
  wideSize,
} from './words.ts'

/** Dims multiplied together, or taken apart, in part: half of the time the elements are the same. */
const regrouped = (a: Sizes): fc.Arbitrary<Sizes> =>
  fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 4 }), size).map(([how, at, other]) => {
    const [x, y] = [a[at], a[at + 1]]
    if (how === 0 && typeof x === 'number' && typeof y === 'number') return [...a.slice(0, at), x * y, ...a.slice(at + 2)]
    if (how === 1 && typeof x === 'number' && x % 2 === 0) return [...a.slice(0, at), x / 2, 2, ...a.slice(at + 1)]
    if (how === 2) return a.toReversed()
    if (how === 3) return [...a.slice(0, at), 1, ...a.slice(at)]
    if (how === 4 && typeof x === 'string' && typeof y === 'string' && !/\d/.test(x + y))
      return [...a.slice(0, at), `${y}*${x}`, ...a.slice(at + 2)]
    if (how === 5 && typeof x === 'string' && /^[a-z]\*[a-z]$/.test(x))
      return [...a.slice(0, at), ...x.split('*').toReversed(), ...a.slice(at + 1)]
    return a.toSpliced(at, 1, other)
  })
const safe = (dims: Sizes): boolean => dims.every((dim) => typeof dim === 'string' || Number.isSafeInteger(dim))
const reshape: Applications = weighted<Application>(
  [
    10,
    fc
      .tuple(shape, dtype)
      .chain(([a, d]) => fc.tuple(fc.constant(a), fc.constant(d), regrouped(a), fc.array(fc.nat({ max: 5 }), { maxLength: 2 })))
      .filter(([, , b]) => safe(b))
      .chain(([a, d, b, open]) =>
        applied(`reshape(${list(open.reduce<Sizes>((to, at) => (at < to.length ? to.toSpliced(at, 1, -1) : to), b))})`, made(a, d)),
      ),
  ],
  [
    3,
    fc
      .tuple(shape, fc.constantFrom("'f32'", "'f32'", "'i32'"), fc.boolean())
      .chain(([a, d, inside]) => fc.tuple(fc.constant(a), fc.constant(d), fc.constant(inside), regrouped(a), fc.nat({ max: 5 })))
      .filter(([a, , , b]) => safe(a) && safe(b))
      .map(([a, d, inside, b, at]) => {
        const to = `reshape(${list(at < b.length ? b.toSpliced(at, 1, -1) : b)})`
        return `pipe(input(${list(a)}, ${d}), ${inside ? `block(${to})` : to})`
      }),
  ],
  [
    1,
    fc
      .tuple(shape, badDim)
      .filter(([, n]) => n !== -1)
      .map(([a, n]) => `pipe(${made(a)}, reshape([${text(n)}, -1]))`),
  ],
  [
    1,
    fc
      .tuple(shape, wideSize)
      .map(([a, n]) => ({ code: `reshape([${n}])(${made(a)})`, sentence: "reshape: a size is not a literal; write dim('name', n)" })),
  ],
)

const permute: Applications = weighted<Application>(
  [
    7,
    fc.tuple(shape, dtype).chain(([a, d]) =>
      fc
        .shuffledSubarray([...a.keys()], { minLength: a.length })
        .chain((p) => fc.tuple(...p.map((at) => fc.constantFrom(at, at - a.length))))
        .chain((p) => applied(`permute(${list(p)})`, made(a, d))),
    ),
  ],
  [4, shape.chain((a) => fc.array(axis(a.length), { maxLength: a.length + 1 }).map((p) => `pipe(${made(a)}, permute(${list(p)}))`))],
  [
    1,
    fc
      .tuple(shape, wideAxis)
      .map(([a, at]) => ({ code: `pipe(${made(a)}, permute([${at}]))`, sentence: 'permute: the axis is not a literal' })),
  ],
)

const plain = (op: string): Applications => fc.tuple(shapeOf(size), dtype).chain(([a, d]) => applied(op, made(a, d)))
const transpose: Applications = weighted([2, plain('transpose')], [1, shapeOf(size, 0, 1).map((a) => `transpose(${made(a)})`)])
const flatten: Applications = weighted(
  [6, plain('flatten')],
  [
    2,
    fc
      .tuple(shapeOf(fc.constantFrom<Size>(1, 2, 28), 0, 4), fc.constantFrom("'f32'", "'i32'"))
      .chain(([a, d]) => applied('flatten', `input(${list(a)}, ${d})`)),
  ],
  [2, dtype.map((d) => `flatten(zeros([], '${d}'))`)],
)

const expandDims: Applications = weighted<Application>(
  [
    9,
    fc
      .tuple(shape, dtype)
      .chain(([a, d]) => weighted([7, axis(a.length + 1).map(text)], [2, oddAxis]).chain((at) => applied(`expandDims(${at})`, made(a, d)))),
  ],
  [
    1,
    fc
      .tuple(shape, wideAxis)
      .map(([a, at]) => ({ code: `pipe(${made(a)}, expandDims(${at}))`, sentence: 'expandDims: the axis is not a literal' })),
  ],
)
const squeeze: Applications = weighted<Application>(
  [
    9,
    fc.tuple(shapeOf(weighted<Size>([2, fc.constant(1)], [1, size])), dtype).chain(([a, d]) => {
      const ones = [...a.keys()].filter((at) => a[at] === 1)
      const right = fc.subarray(ones).chain((some) => fc.tuple(...some.map((at) => fc.constantFrom(at, at - a.length))).map(list))
      const wild = fc.oneof(axis(a.length).map(text), fc.array(axis(a.length), { maxLength: 2 }).map(list))
      return fc.oneof(right, wild).chain((at) => applied(`squeeze(${at})`, made(a, d)))
    }),
  ],
  [
    1,
    fc
      .tuple(shape, wideAxis)
      .map(([a, at]) => ({ code: `pipe(${made(a)}, squeeze(${at}))`, sentence: 'squeeze: the axis is not a literal' })),
  ],
)

const broadcastTo: Applications = weighted<Application>(
  [
    9,
    fc
      .tuple(pair, dtype)
      .chain(([[a, b], d]) =>
        a.length <= b.length ? applied(`broadcastTo(${list(b)})`, made(a, d)) : applied(`broadcastTo(${list(a)})`, made(b, d)),
      ),
  ],
  [2, pair.map(([a, b]) => `pipe(${made(a)}, broadcastTo(${list(b)}))`)],
  [1, fc.tuple(shape, badDim).map(([a, n]) => `pipe(${made(a)}, broadcastTo(${list([n, ...a])}))`)],
  [
    1,
    fc.tuple(shape, wideSize).map(([a, n]) => ({
      code: `broadcastTo([${n}])(${made(a)})`,
      sentence: "broadcastTo: a size is not a literal; write dim('name', n)",
    })),
  ],
)

const bound = (dim: Size): fc.Arbitrary<string> =>
  typeof dim === 'string'
    ? weighted([6, fc.constant('null')], [1, fc.constantFrom('0', '-1')])
    : weighted(
        [4, fc.integer({ min: -Math.min(dim, 9), max: Math.min(dim, 9) }).map(text)],
        [3, fc.constant('null')],
        [1, fc.constantFrom('-9', '13', '1.5')],
      )
const slice: Applications = weighted<Application>(
  [
    9,
    fc
      .tuple(shape, dtype, fc.nat({ max: 9 }))
      .chain(([a, d, odd]) =>
        fc.tuple(fc.constant([a, d, odd] as const), fc.tuple(...a.map(bound)), fc.tuple(...a.map(bound)), fc.nat({ max: a.length })),
      )
      .map(
        ([[a, d, odd], from, to, count]) =>
          `pipe(${made(a, d)}, slice([${from.slice(0, count)}], [${odd === 0 ? to : to.slice(0, count)}]))`,
      ),
  ],
  [
    5,
    fc
      .tuple(shape, fc.nat({ max: 5 }))
      .map(
        ([a, n]) =>
          `pipe(${made(a)}, slice([${a.slice(0, n).map((dim) => (typeof dim === 'string' ? 'null' : 0))}], [${a.slice(0, n).map((dim) => (typeof dim === 'string' ? 'null' : dim))}]))`,
      ),
  ],
  [
    1,
    fc
      .tuple(shape, wideAxis)
      .map(([a, at]) => ({ code: `pipe(${made(a)}, slice([${at}], [null]))`, sentence: 'slice: a start or an end is not a literal' })),
  ],
)

/** Shapes that differ along one axis, but for one time in eight. */
const concat: Applications = weighted<Application>(
  [
    14,
    fc
      .tuple(shapeOf(size, 1), dtype, dtype, fc.nat({ max: 12 }))
      .chain(([a, d, e, odd]) =>
        fc.tuple(
          fc.constant([a, d, e, odd] as const),
          fc.nat({ max: a.length - 1 }),
          fc.boolean(),
          fc.array(fc.tuple(fc.constantFrom<Size>(1, 2, 3, 5), ...a.map(sameOr)), { maxLength: 2 }),
        ),
      )
      .map(([[a, d, e, odd], at, back, rest]) => {
        const first = odd < 11 ? a.toSpliced(at, 1, typeof a[at] === 'number' ? (a[at] as number) : 2) : a
        const others = rest.map(([other, ...dims]) => made((odd < 9 ? first : dims).toSpliced(at, 1, other), odd === 0 ? e : d))
        return `concat([${[made(first, d), ...others].join(', ')}], ${back ? at - a.length : at})`
      }),
  ],
  [
    2,
    fc
      .tuple(shape, size, fc.integer({ min: -6, max: 5 }))
      .map(([a, n, at]) => `concat([${made(a)}, ${made(a.toSpliced(0, 1, n))}], ${at})`),
  ],
  [1, shape.map((a) => `concat([${made(a)}, ${made(a)}])`)],
  [1, fc.tuple(shape, wideAxis).map(([a, at]) => ({ code: `concat([${made(a)}], ${at})`, sentence: 'concat: the axis is not a literal' }))],
)

const low = weighted([6, fc.nat({ max: 3 })], [1, fc.constantFrom(-1, 1.5)])
const pad: Applications = weighted<Application>(
  [
    9,
    fc
      .tuple(shape, dtype, fc.nat({ max: 7 }))
      .chain(([a, d, odd]) => fc.tuple(fc.constant([a, d, odd] as const), fc.array(fc.tuple(low, low), { minLength: 5, maxLength: 5 })))
      .map(([[a, d, odd], padding]) => {
        const pairs = a.map((dim, i) => (typeof dim === 'string' && odd > 0 ? '[0, 0]' : `[${padding[i]}]`))
        return `pipe(${made(a, d)}, pad([${(odd === 1 ? pairs.slice(1) : pairs).join(', ')}]))`
      }),
  ],
  [3, shape.map((a) => `pipe(${made(a)}, pad([${a.map((dim, i) => (typeof dim === 'string' ? '[0, 0]' : `[${i}, 1]`)).join(', ')}]))`)],
  [
    1,
    shapeOf(size, 1).chain((a) =>
      wideAxis.map((n) => ({
        code: `pipe(${made(a)}, pad([[${n}, 0]${', [0, 0]'.repeat(a.length - 1)}]))`,
        sentence: 'pad: the padding is not a literal',
      })),
    ),
  ],
)

export const movement: Readonly<Record<string, Applications>> = {
  reshape,
  permute,
  transpose,
  flatten,
  expandDims,
  squeeze,
  broadcastTo,
  slice,
  concat,
  pad,
}
