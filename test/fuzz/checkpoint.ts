/** Checkpoints: damaged ones are never read, and what is whole but wrong inside is told. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { adam, dense, input, key } from 'shapewright'
import {
  blank,
  decodeCheckpoint,
  digestKey,
  encodeCheckpoint,
  fitCheckpoint,
  kind,
  kindKey,
  modelKey,
  sealed,
  wordsKey,
} from '../../src/files/checkpoint.ts'
import { writeSafetensors } from '../../src/formats/safetensors/write.ts'
import type { StoredArray } from '../../src/formats/stored-array.ts'
import { compute } from '../../src/tensor/compute.ts'
import type { UntypedTrained } from '../../src/train/training.ts'
import { told } from '../files/told.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

const model = pipe(input([2]), dense(1, 'out'))
const optimizer = adam({ learningRate: 0.1 })
const params = compute(model.init(key(1)))
const state = compute(optimizer.init(params))
const scores = { loss: 0.1, metrics: { a: Number.NaN } }
const run: UntypedTrained = {
  params,
  optimizer: state,
  key: key(7),
  epoch: 1,
  history: [{ epoch: 1, ...scores, validation: scores, learningRate: 0.1 }],
  underway: { step: 1, steps: 2, samples: 3, batchSize: 2, sums: [0.3, -0], learningRate: null },
  best: { epoch: 1, value: Infinity, params, optimizer: state },
}
const bytesOf = (trained: UntypedTrained): Uint8Array => {
  const bytes = encodeCheckpoint(trained, model)
  if (E.isLeft(bytes)) throw new Error(bytes.left.message)
  return Uint8Array.from(bytes.right)
}
const whole = [bytesOf(run), bytesOf({ ...run, best: null, underway: null, history: [] })]

/** What was written as a checkpoint, and whether it was right is not known: its digest is. */
const sealedFile = (tensors: ReadonlyMap<string, StoredArray>, words: string, version: string): Uint8Array => {
  const file = writeSafetensors(
    tensors,
    new Map([
      [kindKey, version],
      [modelKey, '{}'],
      [wordsKey, words],
      [digestKey, blank],
    ]),
  )
  return E.isRight(file) ? Uint8Array.from(sealed(file.right)) : new Uint8Array(0)
}

const number = fc.oneof(fc.double(), fc.nat(5), fc.constant({ number: 'NaN' }), fc.constant(null), fc.constant('x'))
/** What a run may say. */
const said = fc
  .record({
    epoch: fc.nat(),
    underway: fc.constant(null),
    best: fc.constant(null),
    history: fc.array(fc.record({ epoch: fc.nat(), loss: fc.double({ noNaN: true, noDefaultInfinity: true }) }), { maxLength: 3 }),
  })
  .map((each) =>
    JSON.stringify({ ...each, history: each.history.map((one) => ({ ...one, metrics: {}, validation: null, learningRate: null })) }),
  )
const words = fc.oneof(
  { weight: 3, arbitrary: said },
  fc
    .record({
      epoch: fc.oneof(fc.nat(3), number),
      underway: fc.oneof(
        fc.constant(null),
        fc.record({
          step: number,
          steps: fc.nat(3),
          samples: fc.nat(3),
          batchSize: fc.nat(3),
          sums: fc.array(number),
          learningRate: number,
        }),
      ),
      best: fc.oneof(fc.constant(null), fc.record({ epoch: fc.nat(3), value: number })),
      history: fc.array(
        fc.record({
          epoch: fc.nat(2),
          loss: number,
          metrics: fc.dictionary(fc.constantFrom('a', '__proto__'), number),
          validation: fc.constant(null),
          learningRate: number,
        }),
        { maxLength: 2 },
      ),
    })
    .map((each) => JSON.stringify(each)),
  fc.json(),
  fc.string(),
)
const stored =
  pipe(
    decodeCheckpoint(whole[1] as Uint8Array),
    E.getOrElseW(() => null),
  )?.tensors ?? new Map<string, StoredArray>()
const someTensors = fc
  .tuple(fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constantFrom(...stored.keys())), fc.constantFrom(null, null, 'more'))
  .map(([without, more]) => {
    const left = new Map([...stored].filter(([name]) => name !== without))
    return more === null ? left : left.set(more, { type: 'u8', shape: [], values: Uint8Array.of(1) })
  })

export const checkpointTarget: FuzzTarget = {
  name: 'checkpoint',
  seeds: async () => whole,
  files: fc
    .tuple(someTensors, words, fc.constantFrom(kind, kind, kind, 'checkpoint 2'))
    .map(([tensors, text, version]) => sealedFile(tensors, text, version)),
  read: (bytes) =>
    pipe(
      decodeCheckpoint(bytes, smallLimit),
      E.chainW((each) => fitCheckpoint(each, model, optimizer.init as (params: unknown) => unknown)),
    ),
  wrong: (_, value) => {
    const trained = value as UntypedTrained // the target's reader gives these
    const again = pipe(
      decodeCheckpoint(bytesOf(trained)),
      E.chainW((each) => fitCheckpoint(each, model, optimizer.init as (params: unknown) => unknown)),
    )
    if (E.isLeft(again)) return `is not read again: ${again.left.message}`
    return told(again.right) === told(trained) ? null : 'is another when it is written and read again'
  },
}
