/** Layers, and what is made of them: models, blocks, residuals, names. A layer is applied to a model. */
import fc from 'fast-check'
import { type Application, type Applications, badSize, list, type Size, type Sizes, text, weighted, wideSize } from './words.ts'

/** Small, as weights are made of them; `h3` and `h4` are bound. */
const units = weighted<Size>([8, fc.constantFrom(1, 2, 3, 4)], [2, fc.constantFrom('h3', 'h4')], [1, fc.constantFrom(0, 784, 65_536)])
const label = fc.constantFrom("'a'", "'b'", "'c'", "'dense1'")
const badLabel = fc.constantFrom("'a.b'", "''", "'7'")
/** What a model takes: sizes, of which all but the last may be bare names. */
const inputShape: fc.Arbitrary<Sizes> = fc
  .tuple(fc.array(weighted<Size>([5, units], [1, fc.constant('time')]), { maxLength: 3 }), units)
  .map(([rest, last]) => [...rest, last])
const start: fc.Arbitrary<string> = weighted(
  [9, inputShape.map((a) => `input(${list(a)})`)],
  [1, fc.constantFrom('input([])', "input(['time', 3], 'i32')", "input([2, 3], 'bool')")],
)

const denseLayer: fc.Arbitrary<string> = weighted(
  [5, units.map((n) => `dense(${text(n)})`)],
  [2, fc.tuple(units, units).map(([m, n]) => `dense(${text(m)}, ${text(n)})`)],
  [1, fc.tuple(units, label).map(([n, name]) => `dense(${text(n)}, ${name})`)],
  [1, fc.tuple(units, units, label).map(([m, n, name]) => `dense(${text(m)}, ${text(n)}, { name: ${name} })`)],
)
const refusedLayer = weighted(
  [1, badSize.map((n) => `dense(${n})`)],
  [1, fc.tuple(units, badSize).map(([m, n]) => `dense(${text(m)}, ${n})`)],
  [1, fc.tuple(units, badLabel).map(([n, name]) => `dense(${text(n)}, ${name})`)],
  [1, units.map((n) => `dense(${text(n)}, { units: 4 })`)],
)
const { layer } = fc.letrec<{ layer: string; leaf: string }>((tie) => ({
  leaf: weighted(
    [5, denseLayer],
    [3, fc.constantFrom('relu', 'tanh', 'flatten', 'dropout(0.5)', 'softmax(-1)', 'softmax(-2)', 'logSoftmax(-1)')],
  ),
  layer: fc.oneof(
    { maxDepth: 2 },
    { weight: 6, arbitrary: tie('leaf') },
    { weight: 2, arbitrary: fc.array(tie('layer'), { minLength: 1, maxLength: 3 }).map((layers) => `block(${layers.join(', ')})`) },
    { weight: 1, arbitrary: tie('layer').map((inner) => `residual(${inner})`) },
    { weight: 1, arbitrary: fc.tuple(units, tie('layer')).map(([n, inner]) => `residual(block(${inner}, dense(${text(n)})))`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('addBranches', 'concatBranches'), fc.array(tie('layer'), { minLength: 1, maxLength: 3 }))
        .map(([joining, branches]) => `${joining}(${branches.join(', ')})`),
    },
    { weight: 1, arbitrary: fc.tuple(label, tie('layer')).map(([name, inner]) => `named(${name})(${inner})`) },
  ),
}))
/** What cannot be made stands first: JavaScript makes all layers before it looks at any shape. */
const stack = fc.tuple(weighted([20, layer], [1, refusedLayer]), fc.array(layer, { maxLength: 3 })).map(([first, rest]) => [first, ...rest])

/** Layers on an input: of several, the one that is asked about stands last. */
const extending = (last: fc.Arbitrary<string>): Applications =>
  fc
    .tuple(start, fc.array(fc.constantFrom('relu', 'dense(3)', 'dense(4)', 'flatten'), { maxLength: 2 }), last)
    .map(([first, between, each]) => `pipe(${[first, ...between, each].join(', ')})`)

const dense: Applications = weighted<Application>(
  [9, extending(denseLayer)],
  [3, fc.tuple(start, refusedLayer).map(([first, each]) => `pipe(${first}, ${each})`)],
  [
    1,
    fc.tuple(start, wideSize).map(([first, n]) => ({
      code: `pipe(${first}, dense(${n}))`,
      sentence: "dense: the size is not a literal; write dense(dim('name', n))",
    })),
  ],
)
const input: Applications = weighted<Application>(
  [8, fc.tuple(inputShape, fc.constantFrom('', '', ", 'i32'", ", 'f32'", ", 'bool'")).map(([a, d]) => `input(${list(a)}${d})`)],
  [2, fc.tuple(inputShape, fc.constantFrom('', ", 'f32'", ", 'i32'")).map(([a, d]) => `input(${list([...a, 'time'])}${d})`)],
  [4, fc.tuple(inputShape, badSize, fc.nat({ max: 3 })).map(([a, bad, at]) => `input(${list(a.toSpliced(at, 1, bad))})`)],
  [
    2,
    fc.tuple(inputShape, wideSize).map(([a, n]) => ({
      code: `input([${n}, ${a.map(text).join(', ')}])`,
      sentence: "input: a size is not a literal; write dim('name', n)",
    })),
  ],
)
const block: Applications = fc
  .tuple(start, fc.array(layer, { minLength: 1, maxLength: 3 }))
  .map(([first, layers]) => `pipe(${first}, block(${layers.join(', ')}))`)
const residual: Applications = weighted(
  [2, fc.tuple(inputShape, layer).map(([a, inner]) => `pipe(input(${list(a)}), residual(${inner}))`)],
  [2, inputShape.map((a) => `pipe(input(${list(a)}), residual(block(dense(5), relu, dense(${text(a.at(-1) as Size)}))))`)],
)
const named: Applications = weighted(
  [3, fc.tuple(start, label, layer).map(([first, name, inner]) => `pipe(${first}, named(${name})(${inner}))`)],
  [1, fc.tuple(start, badLabel, layer).map(([first, name, inner]) => `pipe(${first}, named(${name})(${inner}))`)],
)
const sequential: Applications = fc.tuple(start, stack).map(([first, layers]) => `sequential(${[first, ...layers].join(', ')})`)
const pipe: Applications = fc.tuple(start, stack).map(([first, layers]) => `pipe(${[first, ...layers].join(', ')})`)
const compose: Applications = fc
  .tuple(inputShape, inputShape, denseLayer, denseLayer, fc.boolean(), fc.nat({ max: 3 }))
  .map(([a, b, f, g, piped, odd]) => {
    const [first, second] = [
      `pipe(input(${list(a)}), ${f})`,
      `input(${list(odd === 0 ? b : [...a.slice(0, -1), f.match(/^dense\((?:[^()]*, )?(\d+)[^()]*\)$/)?.[1] ?? 3].map((d) => (/^\d+$/.test(`${d}`) ? Number(d) : d)))})`,
    ]
    const after = odd === 3 ? second : `pipe(${second}, ${g})`
    return piped ? `pipe(${first}, compose(${after}))` : `compose(${first}, ${after})`
  })

const branches = (op: string): Applications =>
  weighted(
    [
      2,
      fc.tuple(start, fc.array(layer, { minLength: 1, maxLength: 3 })).map(([first, each]) => `pipe(${first}, ${op}(${each.join(', ')}))`),
    ],
    [
      2,
      fc
        .tuple(start, layer, units, fc.array(units, { minLength: 1, maxLength: 2 }), fc.boolean())
        .map(([first, inner, n, others, alike]) => {
          const rest = others.map((m) => `dense(${text(alike ? n : m)})`)
          return `pipe(${first}, ${op}(${[`block(${inner}, dense(${text(n)}))`, ...rest].join(', ')}))`
        }),
    ],
    [1, start.map((first) => `pipe(${first}, ${op}())`)],
  )

export const layers: Readonly<Record<string, Applications>> = {
  dense,
  input,
  block,
  residual,
  named,
  sequential,
  pipe,
  compose,
  addBranches: branches('addBranches'),
  concatBranches: branches('concatBranches'),
}
