/** JSON that says it is a configuration of a search, or what a search has found: read by the codec that is its space. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { logUniform, oneOfValues, uniformIn, wholeIn } from '../../src/train/search/drawn.ts'
import { type Asked, difference, firstOf, searchedOf, trialsFrom } from '../../src/train/search/searched.ts'
import { spaceOf } from '../../src/train/search/space.ts'
import type { FuzzTarget } from './target.ts'

const codec = t.type({
  learningRate: logUniform(1e-4, 1e-1),
  hidden: oneOfValues([64, 128, 'none', null, true]),
  inner: t.strict({ dropout: uniformIn(-0.5, 0.5), layers: wholeIn(1, 4), kind: t.literal('mlp') }),
  // names that objects have already
  toString: wholeIn(0, 3),
  ['__proto__']: oneOfValues(['a', 'b']),
})
const space = spaceOf(codec)
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const parsed = (bytes: Uint8Array): E.Either<{ readonly message: string }, unknown> =>
  E.tryCatch(
    () => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
    () => ({ message: 'it is no JSON' }),
  )

const number = fc.oneof(fc.double(), fc.double({ min: -1, max: 5 }), fc.integer({ min: -2, max: 200 }))
const value = fc.oneof(number, number, fc.constantFrom('none', 'a', 'b', 'mlp', null, true), fc.jsonValue({ maxDepth: 2 }))
/** A configuration of which some parts are others, lacking, or too many. */
const configuration = fc
  .tuple(
    fc.nat(),
    fc.array(fc.tuple(fc.constantFrom('learningRate', 'hidden', 'inner', 'toString', '__proto__', 'more'), value), { maxLength: 2 }),
  )
  .map(([trial, changes]) => Object.fromEntries([...Object.entries(space.drawn([1, 2], trial)), ...changes]))

/** Whether a number or a word is of the space, said once more. */
const isRight = (config: Readonly<Record<string, unknown>>): boolean => {
  const { learningRate, hidden, inner } = config
  const { dropout, layers, kind } = inner as Readonly<Record<string, unknown>>
  const isIn = (x: unknown, from: number, to: number) => typeof x === 'number' && x >= from && x <= to
  const isWhole = (x: unknown, to: number) => Number.isInteger(x) && isIn(x, 0, to)
  const own = new Map(Object.entries(config))
  return (
    isIn(learningRate, 1e-4, 1e-1) &&
    [64, 128, 'none', null, true].includes(hidden as null) &&
    isIn(dropout, -0.5, 0.5) &&
    isWhole(layers, 4) &&
    layers !== 0 &&
    kind === 'mlp' &&
    isWhole(own.get('toString'), 3) &&
    (own.get('__proto__') === 'a' || own.get('__proto__') === 'b')
  )
}

export const searchSpaceTarget: FuzzTarget = {
  name: 'search-space',
  seeds: async () => [0, 1, 2, 3].map((trial) => bytesOf(space.drawn([1, 2], trial))),
  files: configuration.map(bytesOf),
  read: (bytes) => {
    const json = parsed(bytes)
    if (E.isLeft(json)) return json
    const read = codec.decode(json.right)
    return E.isLeft(read) ? E.left({ message: firstOf(read.left) }) : read
  },
  wrong: (_, config) => (isRight(config as Readonly<Record<string, unknown>>) ? null : 'it is not of the space'), // the target's reader gives records
}

const asked: Asked = {
  key: [1, 2],
  direction: 'minimize',
  strategy: { kind: 'halving', budgets: [1, 3] },
  space,
  budgets: [1, 3],
  configOf: (trial) => space.drawn([1, 2], trial),
}
const run = (budget: number) =>
  fc.oneof(fc.record({ budget: fc.constant(budget), value: fc.double() }), fc.record({ budget: fc.constant(budget), error: fc.string() }))
const trial = fc.tuple(fc.nat({ max: 5 }), run(1), fc.option(fc.oneof(run(3), run(2)), { nil: undefined })).map(([i, first, second]) => ({
  trial: i,
  config: space.drawn([1, 2], i),
  runs: second === undefined ? [first] : [first, second],
}))
const found = fc.array(trial, { maxLength: 4 }).map((trials) => searchedOf(asked.key, asked.direction, asked.strategy, trials))

export const searchFoundTarget: FuzzTarget = {
  name: 'search-found',
  seeds: async () => fc.sample(found, { numRuns: 4, seed: 1 }).map(bytesOf),
  files: found.map(bytesOf),
  read: (bytes) => {
    const json = parsed(bytes)
    return E.isLeft(json) ? json : E.mapLeft((message: string) => ({ message }))(trialsFrom(json.right, asked))
  },
  wrong: (_, trials) => {
    const all = [
      ...(
        trials as ReadonlyMap<
          number,
          { readonly trial: number; readonly config: unknown; readonly runs: readonly { readonly budget: number }[] }
        >
      ).values(),
    ]
    for (const { trial, config, runs } of all) {
      if (difference(config, space.drawn([1, 2], trial)) !== null) return `trial ${trial} has another configuration`
      if (runs.length === 0 || runs.some(({ budget }, i) => budget !== asked.budgets[i])) return `trial ${trial} has other budgets`
    }
    return null
  },
}
