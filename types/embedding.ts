/** `embedding(vocabulary, features)`: a row of a table for each index. i32 `[...s] -> [...s, features]` */
import type { Dim, Dims, Shape } from './dim.ts'
import type { LayerFn } from './layer.ts'
import type { Typed } from './model.ts'
import { type Say, say } from './say.ts'
import { type DimOf, type SizeMessage, sizeMessage, wideSize } from './size.ts'
import type { Tensor } from './tensor.ts'

const noTable = 'embedding: expected a table [vocabulary, features], got {shape}'

/** The table of an embedding, a row for each word. */
export interface EmbeddingParams<in out V, in out F> {
  readonly weight: Tensor<[V, F]>
}
/** `embedding(vocabulary, features)` */
export interface Embedding<V, F> extends LayerFn {
  kind: 'embedding'
  out: this['in'] extends Typed<infer S extends Shape, 'i32'> ? [...S, F] : never
  params: EmbeddingParams<V, F>
  takes: 'i32'
}
export type TableMessage<N> = SizeMessage<'embedding', DimOf<N>>

/** What a table of this shape gives for indices, or the message. */
export type EmbeddingShape<S extends Shape, W> = W extends [infer _, infer F] ? [...S, F] : Say<typeof noTable, { shape: W }>

export const embeddingShape = (indices: Dims, table: Dims): Dims | string => {
  const [, features, ...more] = table
  return features === undefined || more.length > 0 ? say(noTable, { shape: table }) : [...indices, features]
}
/** The message, or null for what can size a table: a bare name has no size. */
export const tableMessage = (size: unknown): string | null =>
  typeof size === 'string' ? say(wideSize, { op: 'embedding' }) : sizeMessage('embedding', size)
export const tableShape = (vocabulary: Dim, features: Dim): { readonly weight: Dims } => ({ weight: [vocabulary, features] })
