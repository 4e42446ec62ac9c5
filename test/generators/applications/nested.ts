/** Operands as calls within calls: what `zeros([2, 3])` stands for, as a program would compute it. */
import fc from 'fast-check'

/** A tensor as applications write one: its code, its list of sizes, each of them, its dtype. */
interface Operand {
  readonly x: string
  readonly list: string
  readonly dims: readonly string[]
  readonly dtype: string
}
const size = String.raw`(?:\d+|'[^']*'|dim\('\w+', \d+\))`
/** Where it is part of an application: alone it is the application itself, which may be refused. */
const operand = new RegExp(String.raw`(?<=[^\w.])(?:zeros|ones)\((\[(?:${size}(?:, ${size})*)?\])(?:, '(f32|i32|bool)')?\)`, 'g')
const sizes = new RegExp(size, 'g')

/** Computes a tensor of the operand's shape and dtype. */
type Way = (operand: Operand) => string
const always: readonly Way[] = [
  ({ x }) => `stopGradient(${x})`,
  ({ x, list }) => `pipe(${x}, reshape(${list}))`,
  ({ x }) => `where(equal(${x}, ${x}), ${x}, ${x})`,
  ({ x, dtype }) => `pipe(${x}, cast('${dtype}'))`,
]
const ofNumbers: readonly Way[] = [
  ({ x }) => `mul(${x}, 1)`,
  ({ x }) => `sub(${x}, 0)`,
  ({ x }) => `add(0)(${x})`,
  ({ x }) => `maximum(${x}, ${x})`,
  ({ x }) => `neg(${x})`,
  ({ x }) => `where(greater(${x}, 0), ${x}, 0)`,
  ({ x }) => `sum(0)(stack([${x}, ${x}]))`,
  ({ x }) => `scan((h) => [h, null], ${x}, zeros([3]))[0]`,
]
const ofFlags: readonly Way[] = [({ x }) => `equal(${x}, ${x})`, ({ x }) => `notEqual(${x}, ${x})`]
const ofFloats: readonly Way[] = [({ x }) => `applyUpdates(${x}, ${x})`, ({ x }) => `relu(${x})`]
const ofRows: readonly Way[] = [({ x, dims }) => `matmul(${x}, zeros([${dims.at(-1)}, ${dims.at(-1)}]))`]
const ways = ({ dims, dtype }: Operand): readonly Way[] => [
  ...always,
  ...(dtype === 'bool' ? ofFlags : ofNumbers),
  ...(dtype === 'f32' ? ofFloats : []),
  ...(dtype === 'f32' && dims.length > 0 ? ofRows : []),
]
const once = (given: Operand): fc.Arbitrary<Operand> => fc.constantFrom(...ways(given)).map((way) => ({ ...given, x: way(given) }))
/** As it is, in a call, or in a call within a call. */
const written = (given: Operand): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 2, arbitrary: fc.constant(given) },
      { weight: 4, arbitrary: once(given) },
      { weight: 1, arbitrary: once(given).chain(once) },
    )
    .map(({ x }) => x)

/** The same application with some of its operands as calls: it gives what it gave, and is refused in the same words. */
export const nested = (code: string): fc.Arbitrary<string> => {
  const operands = [...code.matchAll(operand)].map(
    ([x, list = '', dtype = 'f32']): Operand => ({ x, list, dims: list.match(sizes) ?? [], dtype }),
  )
  return fc.tuple(...operands.map(written)).map((calls) => {
    const rest = [...calls]
    return code.replace(operand, () => rest.shift() ?? '')
  })
}
