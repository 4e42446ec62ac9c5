/** Records as JSON, through a codec and a mapping of every kind, against the mapping done by hand. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Dataset, fromRecords, numbersOf, oneOf } from '../../src/index.ts'
import type { FuzzTarget } from './target.ts'

const codec = t.type({ a: t.number, list: t.array(t.number), kind: t.string })
type Plain = t.TypeOf<typeof codec>
const kinds = ['cat', 'dog'] as const

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const right = fc.record({ a: fc.double(), list: fc.array(fc.integer(), { minLength: 2, maxLength: 2 }), kind: fc.constantFrom(...kinds) })
const odd = fc.record({ a: fc.anything(), list: fc.anything(), kind: fc.anything(), __proto__: fc.anything() }, { requiredKeys: [] })

const read = (bytes: Uint8Array): E.Either<{ readonly message: string }, unknown> => {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return E.left({ message: 'json: it is no JSON' })
  }
  return fromRecords(codec, parsed as readonly unknown[], {
    inputs: numbersOf([2], (r) => r.list),
    targets: oneOf(kinds, (r) => r.kind),
    weights: (r) => Math.abs(r.a),
  })
}

const wrong = (bytes: Uint8Array, value: unknown): string | null => {
  const records = JSON.parse(new TextDecoder().decode(bytes)) as readonly Plain[]
  const data = value as Dataset<unknown, unknown> // the target's reader gives these
  const same = (got: ArrayLike<number> | undefined, wanted: readonly number[]) =>
    got?.length === wanted.length && wanted.every((each, i) => Object.is(got[i], Math.fround(each)))
  if (
    !same(
      data.inputs.values,
      records.flatMap((r) => r.list),
    )
  )
    return 'the inputs differ'
  return null
}

export const recordsTarget: FuzzTarget = {
  name: 'records',
  seeds: async () => [
    encode([
      { a: 1, list: [3, 4], kind: 'cat' },
      { a: 0.5, list: [0, -1], kind: 'dog' },
    ]),
    encode([]),
  ],
  files: fc.array(fc.oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: odd }), { maxLength: 4 }).map((records) => {
    try {
      return encode(records)
    } catch {
      // bigints and cycles are no JSON
      return encode(null)
    }
  }),
  read,
  wrong,
}
