/** What makes a layer, where its call was forgotten, or what it is given is no number but a record. */
import type { AnyModel } from './model.ts'
import { uncalled } from './operation.ts'
import { type Say, say } from './say.ts'
import type { AnyTensor } from './tensor.ts'

const record = '{kind}: expected {call}, got a record'

/** How each is called. */
const calls = {
  attention: 'attention(heads)',
  avgPool1d: 'avgPool1d(size)',
  avgPool2d: 'avgPool2d(size)',
  batchNorm: 'batchNorm()',
  conv1d: 'conv1d({ filters: 8, kernel: 3 })',
  conv2d: 'conv2d({ filters: 8, kernel: 3 })',
  convTranspose1d: 'convTranspose1d({ filters: 8, kernel: 3 })',
  convTranspose2d: 'convTranspose2d({ filters: 8, kernel: 3 })',
  dense: 'dense(n)',
  depthwiseConv2d: 'depthwiseConv2d({ kernel: 3 })',
  dropout: 'dropout(rate)',
  embedding: 'embedding(vocabulary, n)',
  gaussianNoise: 'gaussianNoise(deviation)',
  groupNorm: 'groupNorm(groups)',
  gru: 'gru(n)',
  instanceNorm: 'instanceNorm()',
  layerNorm: 'layerNorm()',
  learnedPositions: 'learnedPositions(n)',
  lstm: 'lstm(n)',
  maxPool1d: 'maxPool1d(size)',
  maxPool2d: 'maxPool2d(size)',
  randomCrop: 'randomCrop(size)',
  randomFlip: 'randomFlip()',
  randomShift: 'randomShift(pixels)',
  rmsNorm: 'rmsNorm()',
  rnn: 'rnn(n)',
  spatialDropout: 'spatialDropout(rate)',
  transformerDecoderBlock: 'transformerDecoderBlock(heads)',
  transformerEncoderBlock: 'transformerEncoderBlock(heads)',
  upsample1d: 'upsample1d(factor)',
  upsample2d: 'upsample2d(factor)',
} as const
type Calls = typeof calls
export type Maker = keyof Calls

/**
 * The message where the call was forgotten, in one signature before all others: there a compiler, that finds none which takes a model,
 * looks for what to tell. It costs a right call nothing, whose argument is no such text.
 */
export type Uncalled<Kind extends string> = Say<typeof uncalled, { kind: Kind; call: Calls[Kind & Maker] }>
/** The message for a record in the place of a number. */
export type RecordFirst<Kind extends Maker> = Say<typeof record, { kind: Kind; call: Calls[Kind] }>
/**
 * The first argument of one more signature behind all others: a record, for which what is made says why it is none; else what was
 * wanted. In a pipe nothing is inferred from it (`unknown`), and nothing fits it (`any`): so a model does not get past.
 */
export type First<Kind extends Maker, X, W> = 0 extends 1 & X
  ? Uncalled<Kind>
  : unknown extends X
    ? X
    : [X] extends [AnyModel | AnyTensor]
      ? Uncalled<Kind>
      : [X] extends [object]
        ? [X] extends [readonly unknown[] | ((...args: never) => unknown)]
          ? W
          : [keyof X & string] extends [never]
            ? W
            : X
        : W
/** The same where a record is wanted. */
export type Wanted<Kind extends Maker, X, W> = 0 extends 1 & X
  ? Uncalled<Kind>
  : unknown extends X
    ? X
    : [X] extends [AnyModel | AnyTensor]
      ? Uncalled<Kind>
      : W

export const uncalledMessage = (kind: Maker): string => say(uncalled, { kind, call: calls[kind] })
export const recordFirstMessage = (kind: Maker): string => say(record, { kind, call: calls[kind] })
