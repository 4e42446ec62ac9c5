/** Operations element by element, alone or with broadcasting; and those that keep the shape. */
import fc from 'fast-check'
import { type Applications, applied, dtype, made, pair, shape, weighted } from './words.ts'

const number = fc.constantFrom('1', '0', '2.5', '-3')
/** Every dtype can hold these. */
const flag = fc.constantFrom('1', '0')

const binary = (op: string): Applications =>
  weighted(
    [10, fc.tuple(pair, dtype, dtype, fc.boolean()).map(([[a, b], d, e, same]) => [made(a, d), made(b, same ? d : e)] as const)],
    [2, fc.tuple(shape, dtype, flag).map(([a, d, n]) => [made(a, d), n] as const)],
    [1, fc.tuple(shape, number).map(([a, n]) => [n, made(a)] as const)],
    [1, fc.tuple(number, number)],
  ).chain(([x, y]) => fc.constantFrom(`${op}(${x}, ${y})`, /^zeros|^ones/.test(x) ? `pipe(${x}, ${op}(${y}))` : `${op}(${x}, ${y})`))

const keeping = (op: string): Applications => fc.tuple(shape, dtype).chain(([a, d]) => applied(op, made(a, d)))
/** The same in a model, whose layers stand elsewhere. */
const activation = (op: string): Applications =>
  weighted(
    [10, keeping(op)],
    [2, shape.chain((a) => applied(op, `statistic(${made(a)})`))],
    [
      3,
      fc
        .tuple(shape, fc.constantFrom("'f32'", "'i32'", "'bool'"))
        .chain(([a, d]) => applied(op, `input([${a.filter((x) => typeof x === 'number').join(', ')}], ${d})`)),
    ],
  )

const where: Applications = fc
  .tuple(pair, pair, fc.constantFrom('bool', 'bool', 'bool', 'f32'), dtype, dtype, fc.nat({ max: 9 }))
  .map(([[a, b], [, c], condition, d, e, form]) => {
    if (form === 0) return `where(${made(a, condition)}, ${made(b, d)}, 1)`
    if (form === 1) return `where(${made(a, condition)}, 0, ${made(b, d)})`
    if (form === 2) return `where(${made(a, condition)}, 0, 1)`
    const [x, y] = [form === 3 ? c : a, form === 4 ? b : a]
    return form < 7
      ? `where(${made(b, condition)}, ${made(x, d)}, ${made(y, d)})`
      : `where(${made(x, condition)}, ${made(b, d)}, ${made(y, e)})`
  })
const given = fc.constantFrom("'f32'", "'i32'", "'bool'")
const cast: Applications = fc.tuple(shape, dtype, given).chain(([a, d, e]) => applied(`cast(${e})`, made(a, d)))
const dropout: Applications = fc
  .tuple(shape, dtype, fc.constantFrom('0', '0.5', '0.25'), fc.nat({ max: 4 }))
  .chain(([a, d, rate, form]) => applied(form === 0 ? `dropout(${rate})` : `dropout(${rate}, key(0))`, made(a, d)))
const own: Applications = fc
  .tuple(shape, dtype, fc.constantFrom("'swish', (x) => mul(x, sigmoid(x))", "'twice', (x) => add(x, x)"))
  .chain(([a, d, f]) => applied(`activation(${f})`, made(a, d)))

const binaries = [
  ...['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum'],
  ...['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'],
]
const activations = [
  ...['abs', 'cos', 'erf', 'exp', 'floor', 'gelu', 'geluTanh', 'log', 'neg', 'reciprocal', 'relu', 'rsqrt'],
  ...['sigmoid', 'sign', 'silu', 'sin', 'softplus', 'sqrt', 'tanh'],
]
const table = (names: readonly string[], f: (op: string) => Applications): Readonly<Record<string, Applications>> =>
  Object.fromEntries(names.map((op) => [op, f(op)]))

export const elementwise: Readonly<Record<string, Applications>> = {
  ...table(binaries, binary),
  ...table(activations, activation),
  elu: activation('elu(0.5)'),
  leakyRelu: activation('leakyRelu()'),
  activation: own,
  where,
  cast,
  dropout,
  stopGradient: keeping('stopGradient'),
  statistic: keeping('statistic'),
}
