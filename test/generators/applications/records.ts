/** Records: what a mapping makes of them, and fields. The codec is one of ours, whose records are numbers. */
import fc from 'fast-check'
import { type Application, type Applications, badSize, list, type Size, type Sizes, shapeOf, text, weighted, wideSize } from './words.ts'

const few = fc.constantFrom<Size>(1, 2, 3, 'h3')
const shape = shapeOf(few, 0, 4)
const elements = (dims: Sizes): number => dims.reduce<number>((n, dim) => n * (typeof dim === 'number' ? dim : Number(dim.slice(1))), 1)

const mapped = (inputs: string, targets: string): string => `fromRecords(numberFromText, ['1'], { inputs: ${inputs}, targets: ${targets} })`
/** Numbers in tuples of these lengths. */
const nested = (dims: readonly number[]): string => {
  const [length, ...rest] = dims
  return length === undefined ? 'a' : `[${Array.from({ length }, () => nested(rest)).join(', ')}]`
}
const tuple = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 2 }).map((dims) => `(a) => ${nested(dims)}`)
const odd = fc.constantFrom(
  '(a) => [[a], [a, a]]',
  '(a) => [a, [a]]',
  "() => 'a'",
  "(a) => [a, 'a']",
  '(a) => [[a], [[a]]]',
  '(a) => [[a], null]',
)
const numbers = shape.map((dims) => `numbersOf(${list(dims)}, () => new Float32Array(${elements(dims)}))`)

const fromRecords: Applications = weighted<Application>(
  [6, fc.tuple(weighted([1, tuple], [1, numbers]), weighted([2, tuple], [1, numbers])).map(([x, y]) => mapped(x, y))],
  [
    4,
    fc
      .tuple(odd, weighted([1, tuple], [1, numbers]), fc.boolean())
      .map(([wrong, y, first]) => (first ? mapped(wrong, y) : mapped(y, wrong))),
  ],
  [
    1,
    numbers.map((x) => ({
      code: mapped(x, '(a) => [a].map((each) => each)'),
      sentence: 'fromRecords: the length of a list of numbers is not known; write numbersOf([n], (record) => ...)',
    })),
  ],
)

/** A field of numbers, tokens or pixels. */
const shaped = (op: string, array: string): Applications =>
  weighted<Application>(
    [8, fc.tuple(shape, tuple).map(([dims, y]) => mapped(`${op}(${list(dims)}, () => new ${array}(${elements(dims)}))`, y))],
    [
      5,
      fc
        .tuple(shape, badSize, fc.nat())
        .map(([dims, bad, at]) =>
          mapped(`${op}(${list(dims.toSpliced(at % (dims.length + 1), 1, bad))}, () => new ${array}(1))`, '(a) => a'),
        ),
    ],
    [
      2,
      fc.tuple(shape, wideSize).map(([dims, wide]) => ({
        code: mapped(`${op}([${[wide, ...dims.map(text)].join(', ')}], () => new ${array}(1))`, '(a) => a'),
        sentence: `${op}: a size is not a literal; write dim('name', n)`,
      })),
    ],
  )

const names = fc.constantFrom(['a'], ['a', 'b'], ['a', 'b', 'c', 'd'])
const oneOf: Applications = weighted<Application>(
  [8, fc.tuple(numbers, names).map(([x, some]) => mapped(x, `oneOf([${some.map((name) => `'${name}'`).join(', ')}], () => 'a')`))],
  [4, fc.tuple(numbers, tuple).map(([x]) => mapped(x, "oneOf([], () => 'a')"))],
  [
    3,
    numbers.map((x) => ({
      code: mapped(x, "oneOf(['a', 'b'] as string[], () => 'a')"),
      sentence: 'oneOf: the names are not known to the types; write them as a list of literals',
    })),
  ],
)
const labelOf: Applications = weighted<Application>(
  [8, fc.tuple(numbers, fc.constantFrom(2, 3, 10, 1000)).map(([x, n]) => mapped(x, `labelOf(${n}, (a) => a)`))],
  [5, fc.tuple(numbers, weighted([3, badSize], [1, fc.constant(0)])).map(([x, n]) => mapped(x, `labelOf(${n}, (a) => a)`))],
  [
    2,
    fc
      .tuple(numbers, wideSize)
      .map(([x, n]) => ({ code: mapped(x, `labelOf(${n}, (a) => a)`), sentence: 'labelOf: the number of classes is not a literal' })),
  ],
)

export const records: Readonly<Record<string, Applications>> = {
  fromRecords,
  numbersOf: shaped('numbersOf', 'Float32Array'),
  tokensOf: shaped('tokensOf', 'Int32Array'),
  imageOf: shaped('imageOf', 'Uint8Array'),
  oneOf,
  labelOf,
}
