/** What picks by index: gather along an axis, embeddings as layers and on tensors. */
import fc from 'fast-check'
import {
  type Application,
  type Applications,
  applied,
  axis,
  badSize,
  list,
  made,
  oddAxis,
  shape,
  shapeOf,
  size,
  text,
  weighted,
  wideAxis,
  wideSize,
} from './words.ts'

/** Of rank 0 to 3, most of them i32. */
const ids: fc.Arbitrary<string> = fc
  .tuple(shapeOf(size, 0, 3), weighted([9, fc.constant('i32')], [1, fc.constantFrom('f32', 'bool')]))
  .map(([a, d]) => made(a, d))
const integers: fc.Arbitrary<string> = shapeOf(size, 0, 3).map((a) => made(a, 'i32'))

const gather: Applications = weighted<Application>(
  [
    9,
    fc
      .tuple(shape, fc.constantFrom('f32', 'f32', 'i32', 'bool'), integers)
      .chain(([a, d, i]) =>
        weighted([2, axis(a.length).map((at) => `gather(${i}, ${at})`)], [1, fc.constant(`gather(${i})`)]).chain((op) =>
          applied(op, made(a, d)),
        ),
      ),
  ],
  [3, fc.tuple(shape, ids, oddAxis).chain(([a, i, at]) => applied(`gather(${i}, ${at})`, made(a)))],
  [3, fc.tuple(shape, ids).chain(([a, i]) => applied(`gather(${i}, ${a.length})`, made(a)))],
  [
    1,
    fc.tuple(shapeOf(size, 1), integers, wideAxis).map(([a, i, at]) => ({
      code: `pipe(${made(a)}, gather(${i}, ${at}))`,
      sentence: 'gather: the axis is not a literal',
    })),
  ],
)

const units = weighted<string>([6, fc.constantFrom('1', '3', '10', '100')], [1, fc.constantFrom("dim('h3', 3)", "dim('h4', 4)")])
const layer: fc.Arbitrary<string> = weighted(
  [5, fc.tuple(units, units).map(([v, f]) => `embedding(${v}, ${f})`)],
  [1, fc.tuple(units, units, fc.constantFrom("'a'", "{ name: 'b' }", '{}')).map(([v, f, o]) => `embedding(${v}, ${f}, ${o})`)],
)
const refused = weighted(
  [1, fc.tuple(badSize, units).map(([v, f]) => `embedding(${v}, ${f})`)],
  [1, fc.tuple(units, badSize).map(([v, f]) => `embedding(${v}, ${f})`)],
  [1, fc.tuple(units, units, fc.constantFrom("'a.b'", "''", '{ bias: 1 }')).map(([v, f, o]) => `embedding(${v}, ${f}, ${o})`)],
)
/** Samples of tokens; a layer that takes them often stands behind. */
const tokens: fc.Arbitrary<string> = shapeOf(size, 0, 4)
  .filter((a) => a.every((dim) => typeof dim === 'string' || dim < 1000))
  .map((a) => `input(${list(a)}, 'i32')`)
const embedding: Applications = weighted<Application>(
  [
    8,
    fc.tuple(tokens, layer, fc.constantFrom('', ', relu', ', dense(2)', ', dense(3, 2)')).map(([x, e, more]) => `pipe(${x}, ${e}${more})`),
  ],
  [2, fc.tuple(tokens, layer).map(([x, e]) => `pipe(${x}, block(${e}, dense(2)))`)],
  [3, fc.tuple(fc.constantFrom('input([3])', 'input([2, 4, 1, 3])', "input([3], 'bool')"), layer).map(([x, e]) => `pipe(${x}, ${e})`)],
  [3, fc.tuple(tokens, refused).map(([x, e]) => `pipe(${x}, ${e})`)],
  [2, fc.tuple(tokens, layer, layer).map(([x, e, again]) => `sequential(${x}, ${e}, ${again})`)],
  [
    1,
    fc.tuple(tokens, wideSize, units, fc.boolean()).map(([x, wide, n, first]) => ({
      code: `pipe(${x}, embedding(${first ? `${wide}, ${n}` : `${n}, ${wide}`}))`,
      sentence: "embedding: the size is not a literal; write embedding(dim('name', n))",
    })),
  ],
)

const rows: Applications = weighted<Application>(
  [6, fc.tuple(size, size, ids).chain(([v, f, i]) => applied(`ops.embedding(zeros([${text(v)}, ${text(f)}]))`, i))],
  [3, fc.tuple(shape, integers).map(([a, i]) => `ops.embedding(${made(a)})(${i})`)],
  [
    1,
    fc
      .tuple(shapeOf(size, 2, 2), fc.constantFrom("zeros([2], 'bool')", 'zeros([2, 3, 1, 4])'))
      .map(([a, i]) => `ops.embedding(${made(a)})(${i})`),
  ],
)

export const indices: Readonly<Record<string, Applications>> = { gather, embedding, 'ops.embedding': rows }
