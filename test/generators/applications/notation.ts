/** What is written in a notation of its own: einsum's equations, and the patterns of rearrange and reduce. */
import fc from 'fast-check'
import { elements } from '../../../types/elements.ts'
import { type Application, type Applications, applied, list, made, type Size, type Sizes, sameOr, size, text, weighted } from './words.ts'

// -- equations

const letters = ['i', 'j', 'k', 'b', 'A'] as const
type Letter = (typeof letters)[number]
interface Drawn {
  readonly sizes: Readonly<Record<Letter, Size>>
  readonly dots: Sizes
  readonly terms: readonly { readonly own: readonly Letter[]; readonly dotted: boolean; readonly at: number; readonly cut: number }[]
  readonly output: readonly Letter[]
  readonly outputAt: number
  readonly implied: boolean
}
const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    sizes: fc.record({ i: size, j: size, k: size, b: size, A: size }),
    dots: fc.array(size, { maxLength: 2 }),
    terms: fc.array(
      fc.record({
        own: weighted(
          [5, fc.shuffledSubarray([...letters], { maxLength: 4 })],
          [1, fc.array(fc.constantFrom<Letter>('i', 'j'), { maxLength: 3 })],
        ),
        dotted: fc.nat(3).map((n) => n === 0),
        at: fc.nat(4),
        cut: fc.nat(2),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    order: fc.shuffledSubarray([...letters]),
    outputAt: fc.nat(4),
    implied: fc.nat(5).map((n) => n === 0),
  })
  .map(({ order, ...rest }) => ({ ...rest, output: order.filter((letter) => rest.terms.some(({ own }) => own.includes(letter))) }))
const withDots = (own: readonly string[], at: number, dotted: boolean): string =>
  dotted ? `${own.slice(0, at).join('')}...${own.slice(at).join('')}` : own.join('')
const equationOf = ({ terms, output, outputAt, implied }: Drawn): string => {
  const left = terms.map(({ own, dotted, at }) => withDots(own, at, dotted)).join(',')
  const dotted = terms.some((term) => term.dotted)
  return implied ? left : `${left}->${withDots(output, outputAt, dotted)}`
}
const shapesOf = ({ sizes, dots, terms }: Drawn): readonly Sizes[] =>
  terms.map(({ own, dotted, at, cut }) => {
    const dims = own.map((letter) => sizes[letter])
    return dotted ? [...dims.slice(0, at), ...dots.slice(cut), ...dims.slice(at)] : dims
  })
/** An equation with a slip of the pen. */
const slipped = (equation: string): fc.Arbitrary<string> =>
  weighted(
    [14, fc.constant(equation)],
    [
      2,
      fc
        .tuple(fc.constantFrom('z', 'i', '1', '.', '...', '->', ';', ' '), fc.nat(equation.length))
        .map(([odd, at]) => equation.slice(0, at) + odd + equation.slice(at)),
    ],
    [1, fc.constant(equation.replaceAll(',', ' , ').replace('->', ' -> '))],
  )
const operandsOf = (shapes: readonly Sizes[]): fc.Arbitrary<readonly string[]> =>
  fc.tuple(
    ...shapes.map((own) =>
      fc
        .tuple(
          fc.tuple(...own.map((dim) => weighted<Size>([20, fc.constant(dim)], [1, sameOr(dim)], [1, fc.constant(1)]))),
          weighted<number | null>([24, fc.constant(null)], [1, fc.nat(4)]),
          weighted([24, fc.constant('f32')], [1, fc.constantFrom('i32', 'bool')]),
        )
        .map(([dims, odd, d]) => made(odd === null ? dims : odd === 4 ? dims.slice(1) : dims.toSpliced(odd, 0, 2), d)),
    ),
  )
const written = (equation: string, operands: readonly string[]): fc.Arbitrary<string> => {
  const [first = 'zeros([])', ...rest] = operands
  return weighted(
    [10, fc.constant(`einsum(${[`'${equation}'`, ...operands].join(', ')})`)],
    [8, applied(`einsum(${[`'${equation}'`, ...rest].join(', ')})`, first)],
    [1, fc.constant(`einsum(${[`'${equation}'`, ...operands, 'zeros([2])'].join(', ')})`)],
    [rest.length > 1 ? 2 : 0, fc.constant(`einsum('${equation}', ${first})`)],
  )
}
const einsum: Applications = weighted<Application>(
  [
    30,
    drawn.chain((each) =>
      fc.tuple(slipped(equationOf(each)), operandsOf(shapesOf(each))).chain(([equation, operands]) => written(equation, operands)),
    ),
  ],
  [
    1,
    fc.constantFrom("('ij->ji' as string)", "('ij->ji' as 'ij->ji' | 'ij->ij')").map((equation) => ({
      code: `einsum(${equation}, zeros([2, 3]))`,
      sentence: 'einsum: the equation is not a literal',
    })),
  ],
)

// -- patterns

const names = ['b', 'h', 'w', 'c', 'row', 't'] as const
interface DrawnPattern {
  readonly pattern: string
  readonly sizes: Readonly<Record<string, Size>>
  readonly shape: Sizes
}
/** Axes put together where a choice says so: some groups are of one, some of several, some of none. */
const grouped = (axes: readonly string[], cuts: readonly number[], aside: boolean): readonly (readonly string[])[] => {
  const groups: string[][] = []
  for (const [i, axis] of axes.entries()) {
    if (cuts[i] === 3) groups.push([])
    const last = groups.at(-1)
    const joins = cuts[i] === 1 && last !== undefined && !(aside && (axis === '...' || last[0] === '...'))
    if (joins) last.push(axis)
    else groups.push([axis])
  }
  return groups
}
const spoken = (groups: readonly (readonly string[])[]): string =>
  groups.map((group) => (group.length === 1 ? group[0] : group.length === 0 ? '1' : `(${group.join(' ')})`)).join(' ')
const cuts = fc.array(fc.constantFrom(0, 0, 1, 1, 3), { minLength: 7, maxLength: 7 })

const pattern = (drops: boolean): fc.Arbitrary<DrawnPattern> =>
  fc
    .record({
      chosen: fc.shuffledSubarray([...names], { maxLength: 5 }),
      all: fc.array(size, { minLength: names.length, maxLength: names.length }),
      dots: weighted<Sizes | null>([4, fc.constant(null)], [1, fc.array(size, { maxLength: 2 })]),
      places: fc.tuple(fc.nat(5), fc.nat(5)),
      order: fc.shuffledSubarray([...names], { minLength: names.length }),
      kept: fc.array(fc.boolean(), { minLength: names.length, maxLength: names.length }),
      cuts: fc.tuple(cuts, cuts),
      open: fc.array(fc.nat(9), { minLength: 7, maxLength: 7 }),
    })
    .map(({ chosen, all, dots, places, order, kept, cuts: [left, right], open }) => {
      const dotted = dots === null ? [] : ['...']
      const sizeOf = (name: string): Size => all[names.indexOf(name as (typeof names)[number])] as Size
      const before = grouped(chosen.toSpliced(Math.min(places[0], chosen.length), 0, ...(dotted as never[])), left, true)
      const moved: readonly string[] = order.filter((name, i) => chosen.includes(name) && (!drops || kept[i]))
      const after = grouped(moved.toSpliced(Math.min(places[1], moved.length), 0, ...dotted), right, false)
      const given = before.flatMap((group, i) =>
        group.length < 2 ? (open[i] === 9 ? group : []) : group.filter((_, j) => j !== (open[i] as number) % (group.length + 1)),
      )
      return {
        pattern: `${spoken(before)} -> ${spoken(after)}`,
        sizes: Object.fromEntries(given.filter((name) => name !== '...').map((name) => [name, sizeOf(name)])),
        shape: before.flatMap((group) =>
          group[0] === '...' ? (dots ?? []) : [group.length === 1 ? sizeOf(group[0] as string) : elements(group.map(sizeOf))],
        ),
      }
    })
    .filter(({ shape }) => shape.every((dim) => dim !== Number.POSITIVE_INFINITY && !String(dim).startsWith('Infinity')))
const slippedPattern = (own: string): fc.Arbitrary<string> =>
  weighted(
    [16, fc.constant(own)],
    [
      2,
      fc
        .tuple(fc.constantFrom(' q ', ' b ', '(', ')', ' 2 ', ' 1 ', ' ... ', '->', ',', ' () '), fc.nat(own.length))
        .map(([odd, at]) => own.slice(0, at) + odd + own.slice(at)),
    ],
    [1, fc.constant(own.replaceAll(' ', '  ').replace(' -> ', '->'))],
  )
/** Sizes as a record in code: sometimes another size, one too many, or one too few. */
const record = (sizes: Readonly<Record<string, Size>>): fc.Arbitrary<string | null> => {
  const entries = Object.entries(sizes)
  const code = (all: readonly (readonly [string, Size])[]) =>
    all.length === 0 ? null : `{ ${all.map(([name, dim]) => `${name}: ${text(dim)}`).join(', ')} }`
  return weighted<string | null>(
    [14, fc.constant(code(entries))],
    [1, fc.tuple(fc.nat(5), size).map(([at, dim]) => code(entries.map(([name, own], i) => [name, i === at % entries.length ? dim : own])))],
    [
      1,
      fc
        .constantFrom<readonly [string, Size]>(['q', 2], ['h', 3], ['b', -1], ['c', 2.5])
        .map((more) => code([...entries.filter(([name]) => name !== more[0]), more])),
    ],
    [1, fc.constant(code(entries.slice(1)))],
  )
}
const shaped = (own: Sizes): fc.Arbitrary<Sizes> =>
  weighted<Sizes>(
    [14, fc.constant(own)],
    [1, fc.tuple(fc.nat(4), size).map(([at, dim]) => own.map((each, i) => (i === at ? dim : each)))],
    [1, fc.nat(4).map((at) => own.toSpliced(at, 1))],
  )
const onDType = (allowed: readonly string[]) => weighted([9, fc.constantFrom(...allowed)], [1, fc.constantFrom('i32', 'bool', 'f32')])

/** On a tensor; or on a model of such samples, which has an input unless its last dim is a bare name. */
const onto = (op: string, shape: Sizes, d: string): fc.Arbitrary<string> => {
  const last = shape.at(-1) ?? 1
  if (d === 'bool' || (typeof last === 'string' && !/^h\d$/.test(last))) return applied(op, made(shape, d))
  const input = d === 'f32' ? `input(${list(shape)})` : `input(${list(shape)}, '${d}')`
  return weighted([4, applied(op, made(shape, d))], [1, fc.constant(`pipe(${input}, ${op})`)])
}
const arranging = (op: string, drops: boolean, hows: readonly (readonly [how: string, dtypes: readonly string[]])[]): Applications =>
  weighted<Application>(
    [
      30,
      fc.tuple(pattern(drops), fc.constantFrom(...hows)).chain(([{ pattern: own, sizes, shape }, [how, dtypes]]) =>
        fc.tuple(slippedPattern(own), record(sizes), shaped(shape), onDType(dtypes)).chain(([spelt, given, dims, d]) => {
          const args = [`'${spelt}'`, ...(how === '' ? [] : [how]), ...(given === null ? [] : [given])]
          return onto(`${op}(${args.join(', ')})`, dims, d)
        }),
      ),
    ],
    ...(drops
      ? [[1, fc.constantFrom("'median'", "'Sum'", "''").map((how) => `pipe(zeros([6, 2]), reduce('a b -> a', ${how}))`)] as const]
      : []),
    [
      1,
      fc.constantFrom('(2 as number)', '(2 as 2 | 3)', '(2 as any)').map((wide) => ({
        code: `pipe(zeros([6, 2]), ${op}('(h w) c -> h w c', ${drops ? "'sum', " : ''}{ h: ${wide} }))`,
        sentence: `${op}: the size of h is not a literal; write dim('name', n)`,
      })),
    ],
  )
const anything = ['f32', 'i32', 'bool']
const numbers = ['f32', 'f32', 'i32']

export const notation: Readonly<Record<string, Applications>> = {
  einsum,
  rearrange: arranging('rearrange', false, [['', anything]]),
  reduce: arranging('reduce', true, [
    ["'sum'", numbers],
    ["'mean'", ['f32']],
    ["'max'", numbers],
    ["'min'", numbers],
  ]),
}
