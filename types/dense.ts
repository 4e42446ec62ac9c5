/** `dense(n)`: maps the last dim, whatever stands before it. `[..., m] -> [..., n]` */
import type { BoundDim, Dim, Dims } from './dim.ts'
import type { LayerFn } from './layer.ts'
import type { Last, Same } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimOf, type SizeFault, type SizeMessage, sizeMessage, wideSize } from './size.ts'
import type { Tensor } from './tensor.ts'

export const noLastDim = 'dense: needs rank >= 1, got {shape}'
export const otherLastDim = 'dense: expected last dim {expected}, got {got}'

/** The weights of a dense layer, `[in, out]`, and what it adds. */
export interface DenseParams<in out I, in out O> {
  readonly weight: Tensor<[I, O]>
  readonly bias: Tensor<[O]>
}
/** `dense(n)` */
export interface Dense<N> extends LayerFn {
  kind: 'dense'
  out: DenseShape<this['in'], N>
  params: DenseParams<Last<this['in']>, N>
}
/** `dense(m, n)` */
export interface DenseFrom<I, N> extends LayerFn {
  kind: 'dense'
  out: DenseFromShape<this['in'], I, N>
  params: DenseParams<I, N>
  from: [I]
}

export type DenseShape<S, N> = S extends [...infer L, infer _] ? [...L, N] : Say<typeof noLastDim, { shape: S }>
export type DenseFromShape<S, I, N> = S extends [...infer L, infer D]
  ? Same<I, D> extends true
    ? [...L, N]
    : Say<typeof otherLastDim, { expected: I; got: D }>
  : Say<typeof noLastDim, { shape: S }>

/** What a size of units may be: a bare name has none. */
export type Units = number | BoundDim<string>
export type RefuseUnits<N> = SizeFault<DimOf<N>> extends null ? never : N
export type UnitsMessage<N> = SizeMessage<'dense', DimOf<N>>

export const denseShape = (shape: Dims, units: Dim): Dims | string =>
  shape.length === 0 ? say(noLastDim, { shape }) : [...shape.slice(0, -1), units]
export const denseFromShape = (shape: Dims, from: Dim, units: Dim): Dims | string => {
  const got = shape.at(-1)
  return got === undefined || got === from ? denseShape(shape, units) : say(otherLastDim, { expected: from, got })
}
export const unitsMessage = (units: unknown): string | null =>
  typeof units === 'string' ? say(wideSize, { op: 'dense' }) : sizeMessage('dense', units)
