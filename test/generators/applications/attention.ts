/** Attention: of tensors at every rank, with masks and lengths. */
import fc from 'fast-check'
import {
  type Application,
  type Applications,
  applied,
  badSize,
  dtype,
  list,
  made,
  partner,
  type Size,
  type Sizes,
  sameOr,
  shape,
  shapeOf,
  size,
  weighted,
  wideSize,
} from './words.ts'

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

/** Parameters of a depth, with biases or without, and now and then with one that is of another. */
const paramsOf = (depth: Size, keys: Size, odd: Size, biased: boolean): string => {
  const matrices = { query: [depth, depth], key: [depth, keys], value: [depth, keys], output: [odd, depth] }
  const biases = { queryBias: [depth], keyBias: [keys], valueBias: [keys], outputBias: [depth] }
  const all = Object.entries({ ...matrices, ...(biased ? biases : {}) }).map(([name, shape]) => `${name}: ${made(shape as Sizes)}`)
  return `{ ${all.join(', ')} }`
}
const multiHead: Applications = fc
  .tuple(
    fc.tuple(shapeOf(size, 0, 2), size, size, fc.constantFrom<Size>(4, 6, 8, 12), fc.constantFrom(1, 2, 3, 4), fc.constantFrom(1, 2, 3)),
    fc.tuple(fc.nat({ max: 15 }), fc.boolean(), fc.constantFrom('', ', causal: true'), shape, dtype),
  )
  .chain(([[batch, n, m, depth, heads, groups], [odd, biased, causal, other, d]]) => {
    const width = depth as number
    const keys = odd < 10 ? width : odd < 13 ? (width / heads) * groups : 5
    const query: Sizes = odd === 1 ? [...batch, n, 5] : [...batch, n, depth]
    const memory: Sizes = odd === 2 ? other : odd === 3 ? [...batch, m, 5] : [...batch, m, depth]
    const lengths = odd === 4 ? `, lengths: ${made(batch.slice(0, 1), 'i32')}` : odd === 5 ? ', casual: true' : ''
    const params = paramsOf(depth, Math.max(1, Math.round(keys)), odd === 6 ? 5 : depth, biased)
    const op = `ops.multiHeadAttention(${params}, ${made(memory, odd === 7 ? d : 'f32')}, { heads: ${odd === 8 ? 0 : heads}${causal}${lengths} })`
    return applied(op, made(query, odd === 9 ? d : 'f32'))
  })

const depths = fc.constantFrom<Size>(1, 2, 4, 6, 8, 12, 60, 64)
/** Sequences more often than not. */
const sequence: fc.Arbitrary<string> = weighted(
  [6, fc.tuple(weighted<Size>([5, size], [1, fc.constant('time')]), depths).map((a) => `input(${list(a)})`)],
  [1, fc.tuple(size, fc.constantFrom<Size>('h3', 'h4')).map((a) => `input(${list(a)})`)],
  [1, fc.constantFrom('input([4])', 'input([2, 3, 4])', 'input([1, 2, 3, 4])', 'input([])', "input([3, 4], 'i32')")],
)
const heads = weighted<number>([8, fc.constantFrom(1, 2, 3, 4, 6)], [1, fc.constantFrom(8, 60)])
const badHeads = fc.constantFrom('0', '-1', '2.5')
const layer: fc.Arbitrary<string> = weighted(
  [4, heads.map((n) => `attention(${n})`)],
  [
    2,
    fc
      .tuple(heads, fc.constantFrom("'a'", "{ name: 'b' }", '{}', '{ causal: true, dropout: 0.5 }'))
      .map(([n, o]) => `attention(${n}, ${o})`),
  ],
  [2, fc.tuple(heads, fc.boolean()).map(([n, r]) => `attention(${n}, { rotary: ${r} })`)],
  [2, fc.tuple(heads, heads, fc.boolean()).map(([n, g, b]) => `attention(${n}, { keyValueHeads: ${g}, bias: ${b} })`)],
)
const refused: fc.Arbitrary<string> = weighted(
  [2, badHeads.map((n) => `attention(${n})`)],
  [1, fc.tuple(heads, badHeads).map(([n, g]) => `attention(${n}, { keyValueHeads: ${g} })`)],
  [
    1,
    fc
      .tuple(heads, fc.constantFrom("'a.b'", "''", '{ casual: true }', '{ bias: 1 }', "{ rotary: 'yes' }", "{ dropout: 'half' }"))
      .map(([n, o]) => `attention(${n}, ${o})`),
  ],
)
/** Attention inside masked, now and then given other steps. */
const inMasked: Applications = fc
  .tuple(
    layer,
    fc.constantFrom('turn, ', '', '', ''),
    fc.constantFrom('repeat(2, @)', 'residual(@)', 'repeat(3, @, { shared: true })', 'block(@)', '@'),
  )
  .map(
    ([each, turn, form]) => `pipe(input([6, 12]), masked(0, block(${turn}${form.replace('@', each)}, ${turn === '' ? 'relu' : 'turn'})))`,
  )
  .map((code) => code.replaceAll('turn', "rearrange('t f -> f t')"))
const ofModels: Applications = weighted<Application>(
  [8, fc.tuple(sequence, layer, fc.constantFrom('', ', relu', ', dense(3)')).map(([x, each, more]) => `pipe(${x}, ${each}${more})`)],
  // what cannot be made stands first: JavaScript makes all layers before it looks at any shape
  [2, fc.tuple(sequence, layer, heads).map(([x, first, n]) => `sequential(${x}, residual(${first}), attention(${n}))`)],
  [2, refused.map((each) => `pipe(input([2, 4]), ${each})`)],
  [2, inMasked],
  [
    1,
    fc
      .tuple(sequence, wideSize)
      .map(([x, n]) => ({ code: `pipe(${x}, attention(${n}))`, sentence: 'attention: the number of heads is not a literal' })),
  ],
)
const most = weighted<string>([6, fc.constantFrom('1', '3', '10', '1000')], [1, fc.constantFrom("dim('h3', 3)", "dim('h4', 4)")])
const learned: Applications = weighted<Application>(
  [6, fc.tuple(sequence, most).map(([x, n]) => `pipe(${x}, learnedPositions(${n}))`)],
  [
    1,
    fc.tuple(sequence, most, fc.constantFrom("'a'", "{ name: 'b' }", '{}')).map(([x, n, o]) => `pipe(${x}, learnedPositions(${n}, ${o}))`),
  ],
  [1, fc.tuple(badSize, fc.constantFrom('input([3, 4])', 'input([2])')).map(([n, x]) => `pipe(${x}, learnedPositions(${n}))`)],
  [1, fc.tuple(most, fc.constantFrom("'a.b'", '{ bias: 1 }')).map(([n, o]) => `pipe(input([3, 4]), learnedPositions(${n}, ${o}))`)],
  [
    1,
    wideSize.map((n) => ({
      code: `pipe(input([3, 4]), learnedPositions(${n}))`,
      sentence: "learnedPositions: the size is not a literal; write learnedPositions(dim('name', n))",
    })),
  ],
)
const transformer = (op: string): Applications => {
  const block = weighted(
    [3, heads.map((n) => `${op}(${n})`)],
    [
      2,
      fc
        .tuple(
          heads,
          fc.constantFrom(
            "'a'",
            "{ name: 'b' }",
            '{}',
            '{ dropout: 0.5, hidden: 6 }',
            "{ bias: true, norm: 'after' }",
            "{ activation: 'relu' }",
          ),
        )
        .map(([n, o]) => `${op}(${n}, ${o})`),
    ],
    [1, fc.tuple(heads, fc.boolean()).map(([n, r]) => `${op}(${n}, { rotary: ${r}, hidden: 3 })`)],
    [1, fc.tuple(heads, heads).map(([n, g]) => `${op}(${n}, { keyValueHeads: ${g} })`)],
  )
  const wrong = weighted(
    [2, badHeads.map((n) => `${op}(${n})`)],
    [2, fc.tuple(heads, badHeads).map(([n, u]) => `${op}(${n}, { hidden: ${u} })`)],
    [
      1,
      fc
        .tuple(heads, fc.constantFrom("'a.b'", '{ causal: true }', '{ bias: 0 }', "{ norm: 'first' }", "{ activation: 'elu' }"))
        .map(([n, o]) => `${op}(${n}, ${o})`),
    ],
  )
  return weighted<Application>(
    [8, fc.tuple(sequence, block, fc.constantFrom('', ', relu', ', dense(3)')).map(([x, each, more]) => `pipe(${x}, ${each}${more})`)],
    [2, wrong.map((each) => `pipe(input([2, 4]), ${each})`)],
    [
      1,
      fc
        .tuple(sequence, wideSize)
        .map(([x, n]) => ({ code: `pipe(${x}, ${op}(${n}))`, sentence: `${op}: the number of heads is not a literal` })),
    ],
  )
}
const drawing: Applications = fc
  .tuple(shape, dtype, fc.constantFrom('key(0)', 'key(0), { temperature: 0.5 }', 'key(0), { topK: 2 }'))
  .chain(([a, d, given]) => weighted([4, applied(`categorical(${given})`, made(a, d))], [1, applied(`categorical(${given})`, 'zeros([])')]))
const count = weighted<string>([9, fc.constantFrom('1', '2', '3', '12')], [1, fc.constantFrom('0', '-1', '2.5', '257', '1000')])
const repeated = fc.constantFrom(
  'relu',
  'dense(4)',
  'dense(6)',
  'residual(dense(4))',
  'block(dense(8), relu, dense(4))',
  "named('a')(dense(4))",
  'attention(2)',
  'transformerDecoderBlock(2)',
  'softmax(-1)',
  'embedding(3, 4)',
)
const repeat: Applications = weighted<Application>(
  [6, fc.tuple(sequence, count, repeated).map(([x, n, each]) => `pipe(${x}, repeat(${n}, ${each}))`)],
  [
    4,
    fc.tuple(count, repeated, fc.boolean()).map(([n, each, s]) => `pipe(input([3, 4]), repeat(${n}, ${each}, { shared: ${s} }), dense(2))`),
  ],
  [1, fc.tuple(repeated, repeated).map(([a, b]) => `pipe(input([2, 3, 5, 4]), repeat(2, block(${a}, ${b})))`)],
  [1, repeated.map((each) => `pipe(input([3, 4]), repeat(2, ${each}, { share: true }))`)],
  [
    1,
    fc.tuple(wideSize, repeated).map(([n, each]) => ({
      code: `pipe(input([3, 4]), repeat(${n}, ${each}))`,
      sentence: 'repeat: the number of layers is not a literal',
    })),
  ],
)
const positions = (op: string): Applications =>
  weighted<Application>(
    [4, sequence.map((x) => `pipe(${x}, ${op})`)],
    [4, fc.tuple(shapeOf(size, 0, 3), depths).chain(([a, d]) => applied(op, made([...a, d])))],
    [2, fc.tuple(shape, dtype).chain(([a, d]) => applied(op, made(a, d)))],
  )

export const attention: Readonly<Record<string, Applications>> = {
  'ops.attention': ofTensors,
  'ops.multiHeadAttention': multiHead,
  attention: ofModels,
  learnedPositions: learned,
  transformerEncoderBlock: transformer('transformerEncoderBlock'),
  transformerDecoderBlock: transformer('transformerDecoderBlock'),
  repeat,
  categorical: drawing,
  sinusoidalPositions: positions('sinusoidalPositions'),
  rotaryPositions: positions('rotaryPositions'),
}
