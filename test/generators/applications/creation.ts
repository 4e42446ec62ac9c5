/** Making tensors and sizes: from shapes, from nested arrays, from keys. */
import fc from 'fast-check'
import { type Application, type Applications, badDim, list, type Size, type Sizes, shape, size, text, weighted, wideSize } from './words.ts'

/** A list of sizes as code: right, with one that is bad, or with one that is wide. */
const sizes = (wide: (bad: string) => Application, whole: (given: string) => string, dims: fc.Arbitrary<Sizes> = shape): Applications =>
  weighted<Application>(
    [11, dims.map((a) => whole(list(a)))],
    [6, fc.tuple(dims, badDim, fc.nat()).map(([a, bad, at]) => whole(list(a.toSpliced(at % (a.length + 1), 1, bad))))],
    [2, fc.tuple(dims, badDim, badDim).map(([a, b, c]) => whole(list([b, ...a, c])))],
    [
      3,
      fc.tuple(dims, wideSize, fc.nat()).map(([a, bad, at]) =>
        wide(
          `[${a
            .map(text)
            .toSpliced(at % (a.length + 1), 1, bad)
            .join(', ')}]`,
        ),
      ),
    ],
  )
const wideShape = (op: string, code: string): Application => ({ code, sentence: `${op}: a size is not a literal; write dim('name', n)` })
/** `op(shape)`, with more before and after. */
const creator = (op: string, before = '', after: fc.Arbitrary<string> = fc.constant('')): Applications =>
  after.chain((more) =>
    sizes(
      (given) => wideShape(op, `${op}(${before}${given}${more})`),
      (given) => `${op}(${before}${given}${more})`,
    ),
  )
const dtypes = fc.constantFrom('', '', ", 'f32'", ", 'i32'", ", 'bool'")

const iota: Applications = weighted(
  [2, creator('iota')],
  [3, fc.tuple(shape, fc.integer({ min: -5, max: 4 })).map(([a, at]) => `iota(${list(a)}, ${at})`)],
)

interface Nested extends ReadonlyArray<Nested | number | boolean> {}
const code = (nested: Nested | number | boolean): string => (typeof nested === 'object' ? `[${nested.map(code).join(', ')}]` : `${nested}`)
const filled = (a: readonly number[], value: number | boolean): Nested | number | boolean =>
  a.length === 0 ? value : Array.from({ length: a[0] as number }, () => filled(a.slice(1), value))
const few = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 })
const nested: Applications = fc
  .tuple(few, fc.constantFrom<number | boolean>(1, 0.5, true), fc.nat({ max: 5 }), fc.constantFrom('', '', ", 'f32'"))
  .map(([a, value, odd, type]) => {
    const whole = filled(a, value)
    if (typeof whole !== 'object') return `tensor(${code(whole)}${type})`
    const [first, ...rest] = whole
    const broken = [
      whole,
      [...whole, filled(a.slice(2), value)],
      [...whole, whole],
      [...whole, filled(a.slice(1), typeof value === 'boolean' ? 2 : true)],
    ]
    const cut = typeof first === 'object' && first.length > 0 ? [first.slice(1), ...rest] : whole
    return `tensor(${code(broken[odd] ?? (odd === 4 ? cut : whole))}${type})`
  })
const flat: Applications = fc
  .tuple(fc.array(fc.constantFrom<Size>(1, 2, 3, 'h3', 'h4'), { maxLength: 4 }), fc.constantFrom('', '', ", 'i32'"))
  .map(
    ([a, type]) => `tensor([${Array(a.reduce<number>((n, d) => n * Number(String(d).replace('h', '')), 1)).fill(1)}], ${list(a)}${type})`,
  )
const bad: Applications = sizes(
  (given) => wideShape('tensor', `tensor([1], ${given})`),
  (given) => `tensor([1], ${given})`,
  fc.constant([1]),
).filter((each) => typeof each !== 'string' || /-\d|\.|e/.test(each))

const dimName = fc.constantFrom('a', 'b', 'batch', 'time', 'a*b', '2*a')
const bound: Applications = weighted<Application>(
  [5, fc.tuple(dimName, fc.nat({ max: 99 })).map(([name, n]) => `dim('${name}', ${n})`)],
  [1, fc.tuple(dimName, fc.constantFrom('3 as number', '2 ** 4', '(3 as 3 | 4)')).map(([name, n]) => `dim('${name}', ${n})`)],
  [
    5,
    fc
      .tuple(dimName, fc.constantFrom('string', 'any', "'a' | 'b'"), fc.nat({ max: 99 }))
      .map(([name, type, n]) => ({ code: `dim('${name}' as ${type}, ${n})`, sentence: 'dim: the name is not a literal' })),
  ],
)

const oneHot: Applications = weighted<Application>(
  [
    9,
    fc
      .tuple(shape, fc.constantFrom('i32', 'i32', 'i32', 'f32', 'bool'), size)
      .map(([a, d, n]) => `pipe(zeros(${list(a)}, '${d}'), oneHot(${text(n)}))`),
  ],
  [2, fc.tuple(shape, badDim).map(([a, n]) => `pipe(zeros(${list(a)}, 'i32'), oneHot(${text(n)}))`)],
  [
    1,
    fc.tuple(shape, wideSize).map(([a, n]) => ({
      code: `oneHot(${n})(zeros(${list(a)}, 'i32'))`,
      sentence: "oneHot: the size is not a literal; write oneHot(dim('name', n))",
    })),
  ],
)

const draws = fc.constantFrom('', '', ', {}')
export const creation: Readonly<Record<string, Applications>> = {
  zeros: creator('zeros', '', dtypes),
  ones: creator('ones', '', dtypes),
  full: creator('full', '', fc.constantFrom(', 0', ', 1', ", 1, 'i32'", ", 1, 'bool'")),
  iota,
  tensor: weighted([6, nested], [2, flat], [2, bad]),
  dim: bound,
  normal: creator('normal', 'key(0), ', draws),
  uniform: creator('uniform', 'key(0), ', draws),
  bernoulli: creator('bernoulli', 'key(0), ', fc.constantFrom('', ', 0.25')),
  oneHot,
  spec: creator('spec', '', dtypes),
}
