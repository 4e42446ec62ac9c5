/** What comes from the untyped world: each application decodes or asserts what fits, so that only shapes and dtypes can be refused. */
import fc from 'fast-check'
import {
  type Application,
  type Applications,
  badSize,
  list,
  made,
  type Size,
  type Sizes,
  shape,
  shapeOf,
  text,
  weighted,
  wideSize,
} from './words.ts'

const types = fc.constantFrom('f32', 'f32', 'i32', 'bool')
const wideType = fc.constantFrom("('f32' as 'f32' | 'i32')", "('i32' as 'i32' | 'bool')", "('f32' as any)")
/** Sizes that are a name in what is asked for, the same name for the same size. */
const named = (a: Sizes): Sizes => a.map((dim) => (dim === 2 ? 'a' : dim === 3 ? 'b' : dim))
const withBad = fc.tuple(shape, badSize, fc.nat()).map(([a, bad, at]): Sizes => a.toSpliced(at % (a.length + 1), 1, bad))
const withWide = fc.tuple(shape, wideSize, fc.nat()).map(
  ([a, wide, at]) =>
    `[${a
      .map(text)
      .toSpliced(at % (a.length + 1), 1, wide)
      .join(', ')}]`,
)

/** `right` says what is done with a shape that is right. */
const asked = (op: string, wrong: (call: string) => string, right: (a: Sizes, asked: Sizes, dtype: string) => string): Applications =>
  weighted<Application>(
    [11, fc.tuple(shape, types, fc.boolean()).map(([a, dtype, byName]) => right(a, byName ? named(a) : a, dtype))],
    [6, withBad.map((a) => wrong(`${op}(${list(a)})`))],
    [3, withWide.map((code) => ({ code: wrong(`${op}(${code})`), sentence: `${op}: a size is not a literal; write dim('name', n)` }))],
    [
      1,
      fc
        .tuple(shape, wideType)
        .map(([a, dtype]) => ({ code: wrong(`${op}(${list(a)}, ${dtype})`), sentence: `${op}: the dtype is not a literal` })),
    ],
  )

/** A layer's size: what may stand last in an input. */
const last = fc.constantFrom<Size>(1, 2, 3, 6, 'h3', 'h4')
const inputs = fc.tuple(shapeOf(fc.constantFrom<Size>(1, 2, 3, 'n', 'h3'), 0, 3), last).map(([front, d]): Sizes => [...front, d])
const params: Applications = weighted<Application>(
  [
    5,
    fc.tuple(inputs, last, last).map(([a, m, n]) => {
      const model = `pipe(input(${list(a)}), dense(${text(m)}, 'first'), relu, dense(${text(n)}))`
      return `paramsOf(${model}).decode(${model}.init(key(0)))`
    }),
  ],
  [3, fc.tuple(inputs, badSize, fc.nat()).map(([a, bad, at]) => `paramsOf(input(${list(a.toSpliced(at % a.length, 1, bad))}))`)],
  [1, inputs.map((a) => `paramsOf(input(${list([...a, 'open'])}))`)],
)

const count = (dim: Size): number => (typeof dim === 'number' ? dim : Number(dim.slice(1)))
/** What a file has for a dense layer. */
const denseArrays: DenseArrays = (name, from, to) => arrays({ [`${name}.weight`]: [from, to], [`${name}.bias`]: [to] })
type DenseArrays = (name: string, from: number, to: number) => string
const arrays = (shapes: Readonly<Record<string, readonly number[]>>): string =>
  Object.entries(shapes)
    .map(([name, dims]) => {
      const values = `new Float32Array(${dims.reduce((n, size) => n * size, 1)})`
      return `['${name}', { type: 'f32' as const, shape: [${dims.join(', ')}], values: ${values} }] as const`
    })
    .join(', ')
/** What is asked of a model whose layers have names, and of what a file has for it. */
const weights = (call: (model: string, arrays: string) => string, denseArraysOf: DenseArrays = denseArrays): Applications =>
  weighted<Application>(
    [
      5,
      fc.tuple(inputs, last, last).map(([a, m, n]) => {
        const arrays = `${denseArraysOf('first', count(a.at(-1) as Size), count(m))}, ${denseArraysOf('last', count(m), count(n))}`
        return call(`pipe(input(${list(a)}), dense(${text(m)}, 'first'), relu, dense(${text(n)}, 'last'))`, `[${arrays}]`)
      }),
    ],
    [3, fc.tuple(inputs, badSize, fc.nat()).map(([a, bad, at]) => call(`input(${list(a.toSpliced(at % a.length, 1, bad))})`, '[]'))],
    [1, inputs.map((a) => call(`input(${list([...a, 'open'])})`, '[]'))],
  )
/** Parameters of one dense layer given to another: every second time they do not fit. */
const given: Applications = fc
  .tuple(fc.constantFrom(2, 3), fc.constantFrom(2, 3), fc.constantFrom("'x'", "'y'"))
  .map(([a, b, name]) => `tensorsFrom(pipe(input([2]), dense(${a}, 'x')), pipe(input([2]), dense(${b}, ${name})).init(key(0)))`)

export const codecs: Readonly<Record<string, Applications>> = {
  tensorOf: asked(
    'tensorOf',
    (call) => call,
    (a, b, dtype) => `tensorOf(${list(b)}, '${dtype}').decode(${made(a, dtype)})`,
  ),
  assertShape: asked(
    'assertShape',
    (call) => `pipe(zeros([2]), ${call})`,
    (a, b, dtype) => `pipe(${made(a, dtype)}, assertShape(${list(b)}, '${dtype}'))`,
  ),
  paramsOf: params,
  paramsFrom: weights((model, arrays) => `paramsFrom(${model}, new Map(${arrays}))`),
  fromPyTorch: weights(
    (model, arrays) => `fromPyTorch(${model}, new Map(${arrays}))`,
    (name, from, to) => arrays({ [`${name}.weight`]: [to, from], [`${name}.bias`]: [to] }),
  ),
  fromKeras: weights(
    (model, arrays) => `fromKeras(${model}, new Map(${arrays}))`,
    (name, from, to) => arrays({ [`${name}/kernel`]: [from, to], [`${name}/bias`]: [to] }),
  ),
  tensorsFrom: fc.oneof(
    weights((model) => `tensorsFrom(${model}, ${model}.init(key(0)))`),
    given,
  ),
}
