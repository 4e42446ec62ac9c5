/** Sequences and images: convolutions as layers and on tensors, pooling on models and on tensors. */
import fc from 'fast-check'
import { type Application, type Applications, applied, list, made, type Size, type Sizes, weighted } from './words.ts'

const few = weighted<Size>(
  [6, fc.constantFrom(3, 4, 5, 6, 8)],
  [2, fc.constantFrom(1, 2)],
  [1, fc.constantFrom('n', 'm')],
  [1, fc.constant(28)],
)
const channels = weighted<Size>([6, fc.constantFrom(1, 2, 4, 6)], [1, fc.constant('c')])
/** Channels of a model's input have a size. */
const sized = weighted<Size>([6, fc.constantFrom(1, 2, 4, 6)], [1, fc.constant('h3')])
const kernel = weighted([6, fc.constantFrom(1, 2, 3)], [1, fc.constantFrom(4, 5, 9)])
const badCount = fc.constantFrom('0', '-1', '2.5', '1e21')
const wideCount = fc.constantFrom('(3 as number)', '(2 as 2 | 3)', '(2 as any)')

/** How many axes a window slides along. */
type Rank = 1 | 2
const counts = (axes: Rank, count: fc.Arbitrary<number>): fc.Arbitrary<string> =>
  axes === 1 ? count.map(String) : weighted([3, count.map(String)], [1, fc.tuple(count, count).map(([a, b]) => `[${a}, ${b}]`)])
const border = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })).map(([low, high]) => `[${low}, ${high}]`)
const padding = (axes: Rank): fc.Arbitrary<string> =>
  weighted(
    [4, fc.constant("'same'")],
    [2, fc.constant("'valid'")],
    [2, fc.nat({ max: 2 }).map(String)],
    [2, axes === 1 ? border : fc.tuple(border, border).map(([a, b]) => `[${a}, ${b}]`)],
    [1, fc.constantFrom('-1', '0.5')],
  )
const small = weighted([5, fc.constant(1)], [2, fc.constantFrom(2, 3)])
/** Some of the options, as text. */
const some = (options: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<readonly string[]> =>
  fc
    .tuple(...Object.entries(options).map(([name, value]) => fc.tuple(fc.constant(name), fc.boolean(), value)))
    .map((all) => all.filter(([, has]) => has).map(([name, , value]) => `${name}: ${value}`))
const sliding = (axes: Rank) =>
  some({
    stride: weighted([8, counts(axes, small)], [1, badCount]),
    padding: padding(axes),
    dilation: weighted([12, counts(axes, small)], [1, badCount]),
    groups: weighted([6, fc.constantFrom('1', '1', '2')], [1, fc.constantFrom('3')], [1, badCount]),
  })
const record = (options: readonly string[]): string => (options.length === 0 ? '' : `, { ${options.join(', ')} }`)

const spatial = (axes: Rank, last: fc.Arbitrary<Size>): fc.Arbitrary<Sizes> =>
  fc.tuple(fc.array(few, { minLength: axes, maxLength: axes }), last).map(([image, c]) => [...image, c])
/** One dim too few, or too many. */
const odd = (axes: Rank, last: fc.Arbitrary<Size>): fc.Arbitrary<Sizes> =>
  fc
    .tuple(fc.constantFrom(0, axes - 1, axes + 1, axes + 2), fc.array(few, { minLength: 4, maxLength: 4 }), last)
    .map(([rank, image, c]) => [...image.slice(0, rank), c])

const layer = (op: string, axes: Rank): Applications => {
  const made = fc
    .tuple(
      weighted([8, fc.constantFrom('2', '4', '8', "dim('h4', 4)", '0')], [1, fc.constantFrom('-1', '2.5')]),
      weighted([12, counts(axes, kernel)], [1, badCount]),
      sliding(axes),
      weighted([8, fc.constant('')], [1, fc.constantFrom(", name: 'a'", ", name: 'a.b'", ', strides: 2')]),
    )
    .map(([filters, size, options, name]) => `${op}({ ${[`filters: ${filters}`, `kernel: ${size}`, ...options].join(', ')}${name} })`)
  const start = weighted([9, spatial(axes, sized)], [1, odd(axes, sized)]).map((shape) => `input(${list(shape)})`)
  return weighted<Application>(
    [9, fc.tuple(start, made).map(([first, each]) => `pipe(${first}, ${each})`)],
    [2, fc.tuple(start, made).map(([first, each]) => `pipe(${first}, block(${each}, relu))`)],
    [
      1,
      fc.tuple(start, fc.constantFrom('kernel', 'stride', 'dilation', 'groups'), wideCount).map(([first, option, n]) => ({
        code: `pipe(${first}, ${op}({ filters: 2, ${option === 'kernel' ? '' : 'kernel: 1, '}${option}: ${n} }))`,
        sentence: `${op}: ${option} is not a literal`,
      })),
    ],
  )
}

const lead = fc.array(weighted<Size>([3, fc.constantFrom(2, 7)], [1, fc.constant('batch')]), { maxLength: 2 })
const onTensor = (op: string, axes: Rank): Applications =>
  weighted(
    [
      6,
      fc
        .tuple(
          lead,
          spatial(axes, channels),
          fc.array(kernel, { minLength: axes, maxLength: axes }),
          fc.constantFrom(1, 1, 1, 2),
          sliding(axes),
        )
        .chain(([front, shape, sizes, groups, options]) => {
          const c = shape.at(-1) as Size
          const inGroup = typeof c === 'number' && c % groups === 0 ? c / groups : c
          const rest = options.filter((option) => !option.startsWith('groups'))
          const all = groups === 1 ? rest : [...rest, `groups: ${groups}`]
          return applied(`ops.${op}(${made([...sizes, inGroup, 4])}${record(all)})`, made([...front, ...shape]))
        }),
    ],
    [
      2,
      fc
        .tuple(
          weighted([2, spatial(axes, channels)], [1, odd(axes, channels)]),
          fc.array(channels, { minLength: axes + 1, maxLength: axes + 3 }),
          sliding(axes),
        )
        .chain(([shape, weight, options]) => applied(`ops.${op}(${made(weight)}${record(options)})`, made(shape))),
    ],
    [
      1,
      spatial(axes, channels).chain((shape) =>
        applied(`ops.${op}(${made([...shape.slice(0, axes).map(() => 1), 1, 2], 'i32')})`, made(shape)),
      ),
    ],
  )

const pool = (op: string, axes: Rank): Applications => {
  const options = some({ stride: weighted([8, counts(axes, small)], [1, badCount]), padding: padding(axes) }).map(record)
  const made2 = fc
    .tuple(weighted([14, counts(axes, kernel)], [1, badCount]), weighted([12, options], [1, fc.constant(', { strides: 2 }')]))
    .map(([size, rest]) => `${op}(${size}${rest})`)
  return weighted<Application>(
    [
      5,
      fc
        .tuple(weighted([9, spatial(axes, sized)], [1, odd(axes, sized)]), made2)
        .map(([shape, each]) => `pipe(input(${list(shape)}), ${each})`),
    ],
    [
      5,
      fc
        .tuple(
          lead,
          weighted([9, spatial(axes, channels)], [1, odd(axes, channels)]),
          made2,
          weighted([9, fc.constant('f32')], [1, fc.constant('i32')]),
        )
        .chain(([front, shape, each, dtype]) => applied(each, made([...front, ...shape], dtype))),
    ],
    [
      1,
      fc.tuple(spatial(axes, channels), wideCount).map(([shape, n]) => ({
        code: `pipe(${made(shape)}, ${op}(${n}))`,
        sentence: `${op}: the size is not a literal`,
      })),
    ],
  )
}
const wholeImage = (op: string): Applications =>
  weighted(
    [2, weighted([2, spatial(2, sized)], [1, odd(2, sized)]).map((shape) => `pipe(input(${list(shape)}), ${op})`)],
    [2, fc.tuple(lead, spatial(2, channels)).chain(([front, shape]) => applied(op, made([...front, ...shape])))],
    [2, fc.array(few, { maxLength: 2 }).chain((shape) => applied(op, made(shape)))],
    [1, spatial(2, channels).chain((shape) => applied(op, made(shape, 'i32')))],
  )

export const images: Readonly<Record<string, Applications>> = {
  conv1d: layer('conv1d', 1),
  conv2d: layer('conv2d', 2),
  'ops.conv1d': onTensor('conv1d', 1),
  'ops.conv2d': onTensor('conv2d', 2),
  maxPool1d: pool('maxPool1d', 1),
  maxPool2d: pool('maxPool2d', 2),
  avgPool1d: pool('avgPool1d', 1),
  avgPool2d: pool('avgPool2d', 2),
  globalAveragePool2d: wholeImage('globalAveragePool2d'),
  globalMaxPool2d: wholeImage('globalMaxPool2d'),
}
