/** Recurrent layers, in both directions and over padding, and their operations on tensors. */
import fc from 'fast-check'
import {
  type Application,
  type Applications,
  badSize,
  list,
  made,
  type Size,
  type Sizes,
  sameOr,
  shapeOf,
  size,
  text,
  weighted,
  wideSize,
} from './words.ts'

type Op = 'rnn' | 'gru' | 'lstm'
const ops: readonly Op[] = ['rnn', 'gru', 'lstm']
const units = weighted<Size>([8, fc.constantFrom(1, 2, 3, 4)], [2, fc.constantFrom('h3', 'h4')], [1, fc.constantFrom(0, 64)])
const rightOptions = (op: Op): fc.Arbitrary<string> =>
  fc.constantFrom(
    ...[
      '',
      '',
      ", { returns: 'last' }",
      ", { returns: 'all', reverse: true }",
      ", { name: 'a', returns: 'last', reverse: false }",
      ", 'b'",
    ],
    { rnn: ", { activation: 'relu' }", gru: ', { recurrentBias: initializers.ones }', lstm: ', { forgetBias: 0.5 }' }[op],
  )
const wrongOptions = fc.constantFrom(
  ...[
    ", { returns: 'first' }",
    ', { reverse: 1 }',
    ', { units: 3 }',
    ", { name: 'a.b' }",
    ", '7'",
    ', { bias: 0 }',
    ', { inputWeight: true }',
  ],
)
const one = (op: Op): fc.Arbitrary<string> => fc.tuple(units, rightOptions(op)).map(([n, options]) => `${op}(${text(n)}${options})`)
const anyOne = fc.constantFrom(...ops).chain(one)
/** Steps and features: often bound, a step often a name. */
const sequence: fc.Arbitrary<Sizes> = fc
  .tuple(weighted<Size>([4, fc.constantFrom(1, 4, 28)], [2, fc.constant('time')], [1, units]), units)
  .map(([t, f]) => [t, f])
const start = sequence.map((a) => `input(${list(a)})`)
/** Of all ranks; two is the only right one. */
const odd = weighted(
  [3, shapeOf(weighted<Size>([3, units], [1, fc.constant(5)]), 0, 4).map((a) => `input(${list(a)})`)],
  [1, fc.constantFrom("input([4, 3], 'i32')", "input([4, 3], 'bool')")],
)

const layer = (op: Op): Applications =>
  weighted<Application>(
    [6, fc.tuple(start, one(op)).map(([x, own]) => `pipe(${x}, ${own})`)],
    [2, fc.tuple(start, anyOne, one(op)).map(([x, first, own]) => `pipe(${x}, ${first}, ${own})`)],
    [1, fc.tuple(start, one(op)).map(([x, own]) => `sequential(${x}, dense(2), block(${own}, relu))`)],
    [2, fc.tuple(odd, one(op)).map(([x, own]) => `pipe(${x}, ${own})`)],
    [2, fc.tuple(start, units, wrongOptions).map(([x, n, options]) => `pipe(${x}, ${op}(${text(n)}${options}))`)],
    [1, fc.tuple(start, badSize).map(([x, n]) => `pipe(${x}, ${op}(${n}))`)],
    [1, start.map((x) => `pipe(${x}, ${op}(4503599627370496))`)],
    [
      1,
      fc.tuple(start, wideSize).map(([x, n]) => ({
        code: `pipe(${x}, ${op}(${n}))`,
        sentence: `${op}: the size is not a literal; write ${op}(dim('name', n))`,
      })),
    ],
    [
      1,
      fc.tuple(start, fc.constantFrom("('all' as 'all' | 'last')", "('last' as any)")).map(([x, word]) => ({
        code: `pipe(${x}, ${op}(3, { returns: ${word} }))`,
        sentence: `${op}: returns is not a literal`,
      })),
    ],
  )

const merges = fc.constantFrom('', '', ", { merge: 'sum' }", ", { merge: 'concat', name: 'a' }", ", 'b'")
const bidirectional: Applications = weighted<Application>(
  [6, fc.tuple(start, anyOne, merges).map(([x, own, merge]) => `pipe(${x}, bidirectional(${own}${merge}))`)],
  [
    2,
    fc
      .tuple(start, anyOne, anyOne, merges)
      .map(([x, a, b, merge]) => `pipe(${x}, bidirectional(${a}), bidirectional(${b}${merge}), dense(2))`),
  ],
  [2, fc.tuple(odd, anyOne, merges).map(([x, own, merge]) => `pipe(${x}, bidirectional(${own}${merge}))`)],
  [
    2,
    fc
      .tuple(start, fc.constantFrom('dense(3)', 'relu', 'block(gru(2))', "named('a')(dense(2))"))
      .map(([x, own]) => `pipe(${x}, bidirectional(${own}))`),
  ],
  [1, fc.tuple(start, anyOne).map(([x, own]) => `pipe(${x}, named('a')(bidirectional(named('b')(${own}))))`)],
  [
    2,
    fc
      .tuple(start, anyOne, fc.constantFrom(", { merge: 'mul' }", ", { returns: 'last' }", ", ''"))
      .map(([x, own, o]) => `pipe(${x}, bidirectional(${own}${o}))`),
  ],
  [1, start.map((x) => `pipe(${x}, bidirectional(rnn(4503599627370496)))`)],
)

const inside = fc.array(
  weighted([3, anyOne], [1, anyOne.map((own) => `bidirectional(${own})`)], [2, fc.constantFrom('dense(3)', 'relu', 'dropout(0.5)')]),
  {
    maxLength: 3,
  },
)
const tokens = weighted(
  [8, fc.constantFrom("input([28], 'i32')", "input(['time'], 'i32')")],
  [1, fc.constantFrom("input([4, 28], 'i32')", "input([28], 'bool')")],
)
const masked: Applications = weighted<Application>(
  [4, fc.tuple(tokens, inside).map(([x, layers]) => `pipe(${x}, masked(0, ${['embedding(9, 4)', ...layers].join(', ')}))`)],
  [3, fc.tuple(start, anyOne, inside).map(([x, own, layers]) => `pipe(${x}, masked(-1, ${[...layers, own].join(', ')}), dense(2))`)],
  [2, fc.tuple(odd, inside).map(([x, layers]) => `pipe(${x}, masked(0${layers.map((each) => `, ${each}`).join('')}))`)],
  [1, fc.tuple(start, anyOne).map(([x, own]) => `pipe(${x}, masked(0, block(${own})))`)],
  [
    1,
    fc
      .tuple(
        start,
        fc.constantFrom(
          'block(turn, rnn(4), turn)',
          'residual(block(turn, lstm(28), turn))',
          'addBranches(relu, block(turn, residual(gru(28)), turn))',
        ),
      )
      .map(([x, own]) => `pipe(${x}, masked(0, ${own.replaceAll('turn', "rearrange('t f -> f t')")}))`),
  ],
  [1, anyOne.map((own) => `pipe(input([28, 4]), masked(0, conv1d({ filters: 3, kernel: 3 }), ${own}))`)],
  [
    2,
    fc
      .tuple(
        fc.constantFrom('input([8, 8])', 'input([28, 8])', "input(['time', 8])"),
        fc.constantFrom(
          "conv1d({ filters: 8, kernel: 3, padding: 'same' })",
          'batchNorm()',
          'groupNorm(2)',
          "maxPool1d(3, { stride: 1, padding: 'same' })",
          'softmax(-1)',
          'softmax(-2)',
          'globalMaxPool1d',
          "rearrange('t f -> f t')",
          "rearrange('t (a b) -> t (b a)', { a: 2 })",
          "reduce('t f -> t', 'max')",
          'residual(instanceNorm())',
          'masked(1, gru(8))',
        ),
        anyOne,
      )
      .map(([x, layer, own]) => `pipe(${x}, masked(0, ${layer}, ${own}))`),
  ],
)

const counts = { rnn: 1, gru: 3, lstm: 4 } as const
const wide = (op: Op, n: Size): Size => (typeof n === 'number' ? counts[op] * n : op === 'rnn' ? n : `${counts[op]}*${n}`)
const small = weighted<Size>([8, fc.constantFrom(1, 2, 3, 4)], [2, fc.constantFrom('n', 'm')])
/** Weights that fit each other but for one time in some, as code; and features and hidden units. */
const weights = (op: Op): fc.Arbitrary<readonly [string, Size, Size]> =>
  fc.tuple(small, small).chain(([f, h]) => {
    const w = wide(op, h)
    const rarely = (dim: Size): fc.Arbitrary<Size> => weighted<Size>([24, fc.constant(dim)], [1, size])
    const shapes = fc.tuple(rarely(f), rarely(w), rarely(h), rarely(w), rarely(w), rarely(h))
    return shapes.map(([a, b, c, d, e, g]): readonly [string, Size, Size] => [
      `{ inputWeight: zeros(${list([a, b])}), recurrentWeight: zeros(${list([c, d])}), bias: zeros(${list([e])})${op === 'gru' ? `, recurrentBias: zeros(${list([g])})` : ''} }`,
      f,
      h,
    ])
  })
const state = (op: Op, own: string): string => (op === 'lstm' ? `{ hidden: ${own}, cell: ${own} }` : own)
const onTensor = (op: Op): Applications =>
  weighted<Application>(
    [
      8,
      fc.tuple(weights(op), small, size, fc.nat({ max: 3 })).chain(([[own, f, h], b, t, kind]) =>
        fc.tuple(sameOr(b), sameOr(f), sameOr(h)).map(([batch, features, hidden]) => {
          const options = [
            '',
            '{ reverse: true }',
            `{ initial: ${state(op, made([batch, hidden]))} }`,
            `{ lengths: ${made([batch], 'i32')} }`,
          ][kind]
          return `ops.${op}(${[own, options].filter((each) => each !== '').join(', ')})(${made([b, t, features])})`
        }),
      ),
    ],
    [1, fc.tuple(weights(op), shapeOf(small, 0, 4)).map(([[own], a]) => `pipe(${made(a)}, ops.${op}(${own}))`)],
    [
      1,
      fc
        .tuple(weights(op), fc.constantFrom('{ mask: 1 }', '{ reverse: 0 }', "{ lengths: zeros([2], 'f32') }", '{ lengths: 3 }'))
        .map(([[own, f], o]) => `pipe(${made([3, 2, f])}, ops.${op}(${own}, ${o}))`),
    ],
  )

export const recurrent: Readonly<Record<string, Applications>> = {
  ...Object.fromEntries(ops.map((op) => [op, layer(op)])),
  ...Object.fromEntries(ops.map((op) => [`ops.${op}`, onTensor(op)])),
  bidirectional,
  masked,
}
