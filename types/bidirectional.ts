/** `bidirectional(layer)`: a recurrent layer twice, from the first step and from the last, and what both give joined. */
import type { Dims } from './dim.ts'
import { type CountFault, countFault, type Elements, elements } from './elements.ts'
import type { KindOf, LayerFault, LayerFn, LayerGiven, OutputOf, ParamsOf, Reported, ShapeFault } from './layer.ts'
import type { RecurrentOp } from './recurrent.ts'
import { isRecurrentOp } from './recurrent.ts'
import { type Say, say } from './say.ts'

const notRecurrent = 'bidirectional: expected rnn, gru or lstm, got {kind}'

/** The parameters of both directions. */
export interface BidirectionalParams<in out P> {
  readonly forward: P
  readonly backward: P
}
/** `bidirectional(layer)`, whose directions stand side by side or are added. */
export interface Bidirectional<F, M> extends LayerFn {
  kind: 'bidirectional'
  out: BidirectionalShape<F, this['in'], M>
  params: BidirectionalParams<ParamsOf<F, this['in']>>
  returns: ReturnedBy<F>
}
/** How what both directions give is joined. */
export type Merge = 'concat' | 'sum'
/** The word for what a recurrent layer returns; null for any other layer. */
export type ReturnedBy<F> = F extends { returns: infer R } ? R : null

export type BidirectionalShape<F, S, M> =
  ShapeFault<F, S> extends infer E extends string
    ? E
    : OutputOf<F, S> extends infer O
      ? O extends [...infer Steps, infer H]
        ? M extends 'sum'
          ? O
          : CountFault<'bidirectional', [2, H]> extends infer E extends string
            ? E
            : [...Steps, Elements<[2, H]>]
        : Reported
      : never
/** X where it is a recurrent layer of F, else the message. */
export type RecurrentGiven<X, F> =
  LayerGiven<'bidirectional', X, F> extends infer E extends string
    ? E
    : LayerFault<F> extends infer E extends string
      ? E
      : KindOf<F> extends RecurrentOp
        ? X
        : Say<typeof notRecurrent, { kind: KindOf<F> }>

/** The joined shape of two outputs like this one, or the message. */
export const bidirectionalShape = (output: Dims | string, merge: Merge): Dims | string => {
  if (typeof output === 'string' || merge === 'sum') return output
  const both = [2, ...output.slice(-1)]
  return countFault('bidirectional', both) ?? [...output.slice(0, -1), elements(both)]
}
/** The message for what is no recurrent layer, or null. */
export const notRecurrentMessage = (kind: string): string | null => (isRecurrentOp(kind) ? null : say(notRecurrent, { kind }))
