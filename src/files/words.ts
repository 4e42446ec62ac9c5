/** What a checkpoint says beside its tensors, as JSON that keeps every number: NaN, infinities and -0 too. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { isArray, isObject, isWritten, parseStrictJson, type StrictJson } from '../formats/strict-json.ts'
import type { EpochScores } from '../train/progress.ts'
import type { Underway } from '../train/training.ts'

/** All of a `Trained` but its tensors. */
export interface Words {
  readonly epoch: number
  readonly underway: Underway | null
  readonly best: { readonly epoch: number; readonly value: number } | null
  readonly history: readonly EpochScores[]
}

/** The same words are the same text. */
export const writeWords = ({ epoch, underway, best, history }: Words): string =>
  exactJson({ epoch, underway, best: best === null ? null : { epoch: best.epoch, value: best.value }, history })

/** Left: what is wrong, in a sentence without a subject. */
export const readWords = (text: string): E.Either<string, Words> =>
  pipe(
    parseStrictJson(text, { values: mostValues }),
    E.mapLeft(({ offset, message }) => `it is damaged at character ${offset}: ${message}`),
    E.map(plain),
    E.chain((value) =>
      pipe(
        words.decode(value),
        E.mapLeft(([error]) => `it has something else at '${(error?.context ?? []).map(({ key }) => key).join('.')}'`),
      ),
    ),
  )
/** A history of some millions of epochs. */
const mostValues = 2 ** 26

/** JSON of plain data whose numbers come back as they were. */
const exactJson = (value: unknown): string => {
  if (typeof value === 'number') return exactNumber(value)
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, part]) => `${JSON.stringify(key)}:${exactJson(part)}`)
      .join(',')}}`
  return JSON.stringify(value) ?? 'null'
}
/** JSON has no word for some numbers. */
const exactNumber = (value: number): string =>
  Number.isFinite(value) ? (Object.is(value, -0) ? '-0' : String(value)) : `{"number":"${value}"}`
const odd: readonly string[] = ['NaN', 'Infinity', '-Infinity']

const plain = (json: StrictJson): unknown => {
  if (isWritten(json)) return Number(json.number)
  if (isArray(json)) return Object.freeze(json.map(plain))
  if (!isObject(json)) return json
  const text = json.size === 1 ? json.get('number') : undefined
  if (typeof text === 'string' && odd.includes(text)) return Number(text)
  return Object.freeze(Object.fromEntries([...json].map(([key, part]) => [key, plain(part)])))
}

const whole = new t.Type<number>(
  'a whole number',
  (x): x is number => Number.isSafeInteger(x) && (x as number) >= 0,
  (x, context) => (Number.isSafeInteger(x) && (x as number) >= 0 ? t.success(x as number) : t.failure(x, context)),
  t.identity,
)
const scores = { loss: t.number, metrics: t.readonly(t.record(t.string, t.number)) }
const learningRate = t.union([t.null, t.number])
const underway = t.readonly(
  t.type({ step: whole, steps: whole, samples: whole, batchSize: whole, sums: t.readonlyArray(t.number), learningRate }),
)
const words = t.readonly(
  t.type({
    epoch: whole,
    underway: t.union([t.null, underway]),
    best: t.union([t.null, t.readonly(t.type({ epoch: whole, value: t.number }))]),
    history: t.readonlyArray(
      t.readonly(
        t.type({
          epoch: whole,
          ...scores,
          validation: t.union([t.null, t.readonly(t.type(scores))]),
          learningRate,
        }),
      ),
    ),
  }),
)
