/** Attention: of tensors at every rank, with masks and lengths. */
import fc from 'fast-check'
import { type Application, type Applications, applied, made, partner, type Sizes, sameOr, shape, shapeOf, size, weighted } from './words.ts'

/** Queries, keys and values that fit more often than not. */
const triple = fc.tuple(shapeOf(size, 0, 2), size, size, size, size, fc.nat({ max: 11 })).chain(([batch, n, m, d, e, odd]) =>
  fc.tuple(odd < 8 ? fc.constant(batch) : partner(batch), sameOr(d), sameOr(m)).map(([keys, depth, rows]) => ({
    query: [...batch, n, d] as Sizes,
    key: [...keys, m, depth] as Sizes,
    value: [...keys, rows, e] as Sizes,
    scores: [...batch, n, m] as Sizes,
    batch,
  })),
)
const options = (scores: Sizes, batch: Sizes): fc.Arbitrary<string> =>
  weighted(
    [3, fc.constantFrom('{ causal: true }', '{}', '{ causal: false, mask: undefined }')],
    [3, fc.tuple(partner(scores), weighted([9, fc.constant('bool')], [1, fc.constant('f32')])).map(([a, d]) => `{ mask: ${made(a, d)} }`)],
    [
      3,
      fc
        .tuple(fc.nat({ max: batch.length }), weighted([9, fc.constant('i32')], [1, fc.constant('f32')]), size, fc.nat({ max: 7 }))
        .map(([n, d, other, odd]) => `{ lengths: ${made(odd === 0 ? [other, ...batch.slice(0, n)] : batch.slice(0, n), d)} }`),
    ],
    [1, fc.constant('{ casual: true }')],
  )
const ofTensors: Applications = weighted<Application>(
  [6, triple.chain(({ query, key, value }) => applied(`ops.attention(${made(key)}, ${made(value)})`, made(query)))],
  [
    6,
    triple.chain(({ query, key, value, scores, batch }) =>
      options(scores, batch).chain((given) => applied(`ops.attention(${made(key)}, ${made(value)}, ${given})`, made(query))),
    ),
  ],
  [2, fc.tuple(shape, shape, shape).map(([a, b, c]) => `pipe(${made(a)}, ops.attention(${made(b)}, ${made(c)}))`)],
  [
    1,
    fc.tuple(triple, fc.nat({ max: 2 }), fc.constantFrom('i32', 'bool')).map(([{ query, key, value }, odd, d]) => {
      const [q, k, v] = [query, key, value].map((a, i) => made(a, i === odd ? d : 'f32'))
      return `pipe(${q}, ops.attention(${k}, ${v}))`
    }),
  ],
)

export const attention: Readonly<Record<string, Applications>> = { 'ops.attention': ofTensors }
