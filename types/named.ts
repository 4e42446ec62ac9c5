/** `named(name)(layer)`: a layer whose parameters have a name. */

import type { ReturnedBy } from './bidirectional.ts'
import type { From, KindOf, LayerFn, OutputOf, ParamsOf, Refused, TakenBy } from './layer.ts'
import type { NameMessage } from './name.ts'

export type Named<F, Name extends string> =
  NameMessage<KindOf<F>, Name> extends infer Message extends string
    ? Refused<KindOf<F>, Message>
    : F extends { label: string }
      ? Renamed<F, Name>
      : F & { label: Name }
/** A layer that had a name: the last one counts. */
export interface Renamed<F, Name> extends LayerFn {
  kind: KindOf<F>
  out: OutputOf<F, this['in']>
  params: ParamsOf<F, this['in']>
  takes: TakenBy<F>
  from: From<F>
  returns: ReturnedBy<F>
  renames: [F]
  label: Name
}
