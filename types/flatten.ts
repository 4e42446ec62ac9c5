/** Every axis of a sample in one: `[batch, 28, 28]` to `[batch, 784]`; in a model `[28, 28]` to `[784]`. */
import type { Dims } from './dim.ts'
import { type CountFault, countFault, type Elements, elements } from './elements.ts'
import { needsBatchMessage, type OperationFn, type PerSample } from './operation.ts'

export interface FlattenFn extends OperationFn {
  kind: 'flatten'
  out: FlattenSampleShape<this['in']>
  wholeOut: PerSample<FlattenFn, this['whole']>
}

export type FlattenSampleShape<S> = CountFault<'flatten', S> extends infer E extends string ? E : [Elements<S>]

export const flattenSampleShape = (sample: Dims): Dims | string => countFault('flatten', sample) ?? [elements(sample)]
export const flattenShape = (shape: Dims): Dims | string => {
  const [batch, ...sample] = shape
  if (batch === undefined) return needsBatchMessage('flatten', shape)
  const flat = flattenSampleShape(sample)
  return typeof flat === 'string' ? flat : [batch, ...flat]
}
