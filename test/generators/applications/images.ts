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
const wholeImage = (op: string, axes: Rank): Applications =>
  weighted(
    [2, weighted([2, spatial(axes, sized)], [1, odd(axes, sized)]).map((shape) => `pipe(input(${list(shape)}), ${op})`)],
    [2, fc.tuple(lead, spatial(axes, channels)).chain(([front, shape]) => applied(op, made([...front, ...shape])))],
    [2, fc.array(few, { maxLength: axes }).chain((shape) => applied(op, made(shape)))],
    [1, spatial(axes, channels).chain((shape) => applied(op, made(shape, 'i32')))],
  )

const depthwiseLayer: Applications = weighted<Application>(
  [
    9,
    fc
      .tuple(
        weighted([9, spatial(2, sized)], [1, odd(2, sized)]),
        weighted([12, counts(2, kernel)], [1, badCount]),
        weighted(
          [6, fc.constantFrom('', ', multiplier: 1', ', multiplier: 2')],
          [1, fc.constantFrom(', multiplier: 0', ', groups: 2', ", name: 'a.b'")],
        ),
        sliding(2),
      )
      .map(([shape, size, more, options]) => {
        const rest = options.filter((option) => !option.startsWith('groups'))
        return `pipe(input(${list(shape)}), depthwiseConv2d({ ${[`kernel: ${size}`, ...rest].join(', ')}${more} }))`
      }),
  ],
  [
    1,
    fc.tuple(spatial(2, sized), fc.constantFrom('kernel', 'multiplier', 'stride', 'dilation'), wideCount).map(([shape, option, n]) => ({
      code: `pipe(input(${list(shape)}), depthwiseConv2d({ ${option === 'kernel' ? '' : 'kernel: 1, '}${option}: ${n} }))`,
      sentence: `depthwiseConv2d: ${option} is not a literal`,
    })),
  ],
)
const depthwiseOnTensor: Applications = weighted<Application>(
  [
    6,
    fc
      .tuple(lead, spatial(2, channels), fc.tuple(kernel, kernel), fc.constantFrom(1, 1, 2, 3), sliding(2))
      .chain(([front, shape, sizes, multiplier, options]) => {
        const c = shape.at(-1) as Size
        const rest = options.filter((option) => !option.startsWith('groups'))
        const weight = made([...sizes, 1, typeof c === 'number' ? c * multiplier : c])
        return applied(`ops.depthwiseConv2d(${weight}${record(rest)})`, made([...front, ...shape]))
      }),
  ],
  [
    2,
    fc
      .tuple(
        weighted([2, spatial(2, channels)], [1, odd(2, channels)]),
        fc.array(weighted<Size>([4, channels], [2, fc.constant(1)]), { minLength: 3, maxLength: 5 }),
        sliding(2),
      )
      .chain(([shape, weight, options]) => applied(`ops.depthwiseConv2d(${made(weight)}${record(options)})`, made(shape))),
  ],
  [1, spatial(2, channels).chain((shape) => applied(`ops.depthwiseConv2d(${made([1, 1, 1, 4], 'i32')})`, made(shape)))],
)

const upsample = (op: string, axes: Rank, method: string): Applications => {
  const each = fc
    .tuple(
      weighted([12, counts(axes, weighted([3, fc.constantFrom(1, 2, 3)], [1, fc.constant(2 ** 31)]))], [1, badCount]),
      weighted(
        [8, fc.constantFrom('', '', ", { method: 'nearest' }", `, { method: '${method}' }`)],
        [1, fc.constantFrom(", { method: 'cubic' }", ', { scale: 2 }', ', 3')],
      ),
    )
    .map(([factor, options]) => `${op}(${factor}${options})`)
  return weighted<Application>(
    [
      5,
      fc.tuple(weighted([9, spatial(axes, sized)], [1, odd(axes, sized)]), each).map(([shape, f]) => `pipe(input(${list(shape)}), ${f})`),
    ],
    [
      5,
      fc
        .tuple(lead, weighted([9, spatial(axes, channels)], [1, odd(axes, channels)]), each, fc.constantFrom('f32', 'f32', 'f32', 'i32'))
        .chain(([front, shape, f, dtype]) => applied(f, made([...front, ...shape], dtype))),
    ],
    [2, fc.tuple(fc.array(channels, { maxLength: axes }), each).chain(([shape, f]) => applied(f, made(shape)))],
    [
      1,
      fc.tuple(spatial(axes, channels), wideCount).map(([shape, n]) => ({
        code: `pipe(${made(shape)}, ${op}(${n}))`,
        sentence: `${op}: the factor is not a literal`,
      })),
    ],
  )
}

/** Of images in a batch with a key, and of a model. `call` writes the operation, given a last argument or none. */
const augment = (calls: fc.Arbitrary<(last: string) => string>): Applications =>
  weighted<Application>(
    [
      4,
      fc
        .tuple(weighted([4, spatial(2, sized)], [1, odd(2, sized)]), calls)
        .map(([shape, call]) => `pipe(input(${list(shape)}), ${call('')})`),
    ],
    [
      4,
      fc
        .tuple(few, weighted([5, spatial(2, channels)], [1, odd(2, channels)]), calls, fc.constantFrom('f32', 'f32', 'f32', 'f32', 'i32'))
        .chain(([n, shape, call, dtype]) => applied(call('key(1)'), made([n, ...shape], dtype))),
    ],
    [1, fc.tuple(fc.array(channels, { maxLength: 3 }), calls).chain(([shape, call]) => applied(call('key(1)'), made(shape)))],
    [1, fc.tuple(spatial(2, channels), calls).chain(([shape, call]) => applied(call(''), made([2, ...shape])))],
  )
const withLast = (op: string, first: string) => (last: string) => `${op}(${[first, last].filter((text) => text !== '').join(', ')})`
const crop: Applications = weighted<Application>(
  [
    12,
    augment(
      weighted([12, counts(2, weighted([4, fc.constantFrom(1, 2, 3)], [1, fc.constant(5)]))], [1, badCount]).map((size) =>
        withLast('randomCrop', size),
      ),
    ),
  ],
  [
    1,
    fc.tuple(spatial(2, channels), wideCount).map(([shape, n]) => ({
      code: `pipe(${made([3, ...shape])}, randomCrop(${n}, key(0)))`,
      sentence: 'randomCrop: the size is not a literal',
    })),
  ],
)

export const images: Readonly<Record<string, Applications>> = {
  conv1d: layer('conv1d', 1),
  conv2d: layer('conv2d', 2),
  'ops.conv1d': onTensor('conv1d', 1),
  'ops.conv2d': onTensor('conv2d', 2),
  convTranspose1d: layer('convTranspose1d', 1),
  convTranspose2d: layer('convTranspose2d', 2),
  depthwiseConv2d: depthwiseLayer,
  'ops.convTranspose1d': onTensor('convTranspose1d', 1),
  'ops.convTranspose2d': onTensor('convTranspose2d', 2),
  'ops.depthwiseConv2d': depthwiseOnTensor,
  maxPool1d: pool('maxPool1d', 1),
  maxPool2d: pool('maxPool2d', 2),
  avgPool1d: pool('avgPool1d', 1),
  avgPool2d: pool('avgPool2d', 2),
  globalAveragePool1d: wholeImage('globalAveragePool1d', 1),
  globalAveragePool2d: wholeImage('globalAveragePool2d', 2),
  globalMaxPool1d: wholeImage('globalMaxPool1d', 1),
  globalMaxPool2d: wholeImage('globalMaxPool2d', 2),
  upsample1d: upsample('upsample1d', 1, 'linear'),
  upsample2d: upsample('upsample2d', 2, 'bilinear'),
  randomFlip: augment(fc.constant(withLast('randomFlip', ''))),
  randomShift: augment(fc.constantFrom('0', '2', '[1, 2]').map((pixels) => withLast('randomShift', pixels))),
  randomCrop: crop,
}
