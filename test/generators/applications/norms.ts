/** Normalisations: as layers, and on tensors with their parameters. */
import fc from 'fast-check'
import { type Application, type Applications, applied, list, made, type Size, type Sizes, sameOr, weighted } from './words.ts'

type Op = 'layerNorm' | 'rmsNorm' | 'batchNorm' | 'batchNormTraining' | 'groupNorm' | 'instanceNorm'
/** Channels have a size where a model has weights for them. */
const sized = weighted<Size>([6, fc.constantFrom(1, 2, 4, 6)], [1, fc.constantFrom('h3', 'h4')])
const channels = weighted<Size>([6, fc.constantFrom(1, 2, 4, 6)], [1, fc.constantFrom('c', 'h3')])
const place = weighted<Size>([4, fc.constantFrom(1, 2, 5, 28)], [1, fc.constantFrom('time', 'n')])
const shapeOf = (last: fc.Arbitrary<Size>, most: number): fc.Arbitrary<Sizes> =>
  fc.tuple(fc.array(place, { maxLength: most }), last).map(([places, c]) => [...places, c])

const groups = weighted([9, fc.constantFrom('1', '1', '2')], [1, fc.constantFrom('3', '4')], [1, fc.constantFrom('0', '-1', '2.5')])
const wideGroups = fc.constantFrom('(2 as number)', '(2 as 1 | 2)', '(2 as any)')
const optionsOf = (op: Op): fc.Arbitrary<string> =>
  weighted(
    [5, fc.constant('')],
    [2, fc.constantFrom("'a'", "{ name: 'b' }", '{}', '{ epsilon: 0.001 }', '{ scale: initializers.zeros }')],
    [1, fc.constantFrom("'a.b'", "''", '{ eps: 1 }', op === 'batchNorm' ? '{ momenta: 0.5 }' : '{ momentum: 0.5 }')],
  )
const call = (op: Op, first: string, options: string): string =>
  `${op}(${[op === 'groupNorm' ? first : '', options].filter((each) => each !== '').join(', ')})`
/** What can be made: JavaScript makes all layers before it looks at any shape. */
const right = (op: Op): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom('1', '2', '3'), fc.constantFrom('', "'a'", "{ name: 'b' }")).map(([n, options]) => call(op, n, options))
const layer = (op: Op): fc.Arbitrary<string> => fc.tuple(groups, optionsOf(op)).map(([n, options]) => call(op, n, options))

const layers = (op: Op): Applications =>
  weighted<Application>(
    [
      8,
      fc
        .tuple(shapeOf(sized, 3), layer(op), fc.constantFrom('', ', relu', ', dense(3)'))
        .map(([s, n, more]) => `pipe(input(${list(s)}), ${n}${more})`),
    ],
    [2, fc.tuple(shapeOf(sized, 3), layer(op)).map(([s, n]) => `pipe(input(${list(s)}), residual(block(${n}, relu)))`)],
    [
      2,
      fc
        .tuple(fc.constantFrom("input([2, 4], 'i32')", "input([3], 'bool')", 'input([])', 'input([2, 3, 5, 7])'), layer(op))
        .map(([x, n]) => `pipe(${x}, ${n})`),
    ],
    [2, fc.tuple(shapeOf(sized, 2), layer(op), right(op)).map(([s, n, again]) => `sequential(input(${list(s)}), ${n}, ${again})`)],
    [
      2,
      fc
        .tuple(shapeOf(sized, 2), fc.constantFrom("'a.b'", '{ eps: 1 }'))
        .map(([s, wrong]) => `pipe(input(${list(s)}), ${call(op, '1', wrong)})`),
    ],
    ...(op === 'groupNorm'
      ? [
          [
            1,
            fc
              .tuple(shapeOf(sized, 2), wideGroups)
              .map(([s, n]) => ({ code: `pipe(input(${list(s)}), groupNorm(${n}))`, sentence: 'groupNorm: groups is not a literal' })),
          ] as const,
        ]
      : []),
  )

const names: { readonly [O in Op]: readonly string[] } = {
  layerNorm: ['scale', 'shift'],
  rmsNorm: ['scale'],
  batchNorm: ['scale', 'shift', 'mean', 'variance'],
  batchNormTraining: ['scale', 'shift', 'mean', 'variance'],
  groupNorm: ['scale', 'shift'],
  instanceNorm: ['scale', 'shift'],
}
const isStatistic = (name: string): boolean => name === 'mean' || name === 'variance'
const vector = (name: string, c: Size): string => (isStatistic(name) ? `statistic(${made([c])})` : made([c]))
/** Parameters of these channels; now and then one of another size, or none. */
const paramsOf = (op: Op, c: Size): fc.Arbitrary<string> =>
  weighted(
    [7, fc.constant(`{ ${names[op].map((name) => `${name}: ${vector(name, c)}`).join(', ')} }`)],
    [
      1,
      fc
        .tuple(fc.nat({ max: names[op].length - 1 }), fc.constantFrom('other', 'matrix', 'scalar', 'missing', 'plain', 'typed', 'number'))
        .map(([at, how]) => {
          const odd: Readonly<Record<typeof how, (name: string) => string | null>> = {
            other: (name) => vector(name, 7),
            matrix: () => made([2, c]),
            scalar: () => made([]),
            missing: () => null,
            plain: () => made([c]),
            typed: () => made([c], 'i32'),
            number: () => '3',
          }
          const parts = names[op].map((name, i) => [name, i === at ? odd[how](name) : vector(name, c)] as const)
          return `{ ${parts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`])).join(', ')} }`
        }),
    ],
  )
const least: { readonly [O in Op]: number } = {
  layerNorm: 0,
  rmsNorm: 0,
  batchNorm: 1,
  batchNormTraining: 1,
  groupNorm: 1,
  instanceNorm: 2,
}

const onTensor = (op: Op): Applications => {
  const from = (s: Sizes, d: string): Applications =>
    fc
      .tuple(sameOr(s.at(-1) as Size), groups)
      .chain(([c, n]) => fc.tuple(paramsOf(op, c), fc.constant(n), fc.constantFrom('', '', ', { epsilon: 0.001 }')))
      .chain(([params, n, options]) => applied(`ops.${op}(${op === 'groupNorm' ? `${n}, ` : ''}${params}${options})`, made(s, d)))
  const shapes = fc.tuple(fc.array(place, { minLength: least[op], maxLength: 3 }), channels).map(([places, c]): Sizes => [...places, c])
  return weighted<Application>(
    [8, shapes.chain((s) => from(s, 'f32'))],
    [1, shapes.chain((s) => from(s, 'i32'))],
    [1, shapeOf(channels, 2).chain((s) => from(s, 'f32'))],
    ...(op === 'groupNorm'
      ? [
          [
            1,
            fc.tuple(shapes, wideGroups).map(([s, n]) => ({
              code: `ops.groupNorm(${n}, { scale: ${made([s.at(-1) as Size])}, shift: ${made([s.at(-1) as Size])} })(${made(s)})`,
              sentence: 'groupNorm: groups is not a literal',
            })),
          ] as const,
        ]
      : []),
  )
}

/** While training: as a layer, and on a tensor with a key, whose batch stands in front. */
const noise = (op: 'spatialDropout' | 'gaussianNoise', fewest: number): Applications => {
  const amount = fc.constantFrom('0', '0.5', '0.25')
  const dims = (least: number): fc.Arbitrary<Sizes> =>
    fc.tuple(fc.array(place, { minLength: least, maxLength: 3 }), channels).map(([places, c]): Sizes => [...places, c])
  return weighted(
    [4, fc.tuple(shapeOf(sized, 3), amount).map(([s, n]) => `pipe(input(${list(s)}), ${op}(${n}))`)],
    [1, amount.map((n) => `pipe(input([2, 3], 'i32'), ${op}(${n}))`)],
    [4, fc.tuple(dims(fewest), amount).chain(([s, n]) => applied(`${op}(${n}, key(0))`, made(s)))],
    [1, fc.tuple(dims(0), amount).chain(([s, n]) => applied(`${op}(${n}, key(0))`, made(s)))],
    [2, fc.tuple(dims(0), amount).chain(([s, n]) => applied(`${op}(${n}, key(0))`, made(s, 'i32')))],
    [2, fc.tuple(dims(0), amount).chain(([s, n]) => applied(`${op}(${n})`, made(s)))],
  )
}

export const norms: Readonly<Record<string, Applications>> = {
  layerNorm: layers('layerNorm'),
  rmsNorm: layers('rmsNorm'),
  batchNorm: layers('batchNorm'),
  groupNorm: layers('groupNorm'),
  instanceNorm: layers('instanceNorm'),
  spatialDropout: noise('spatialDropout', 2),
  gaussianNoise: noise('gaussianNoise', 0),
  'ops.layerNorm': onTensor('layerNorm'),
  'ops.rmsNorm': onTensor('rmsNorm'),
  'ops.batchNorm': onTensor('batchNorm'),
  'ops.batchNormTraining': onTensor('batchNormTraining'),
  'ops.groupNorm': onTensor('groupNorm'),
  'ops.instanceNorm': onTensor('instanceNorm'),
}
