/** Every axis of a sample in one: `[batch, 28, 28]` to `[batch, 784]`; in a model `[28, 28]` to `[784]`. */
import type { Dims } from './dim.ts'
import { type Elements, elements } from './elements.ts'
import { needsBatchMessage, type OperationFn, type PerSample } from './operation.ts'

export interface FlattenFn extends OperationFn {
  kind: 'flatten'
  out: [Elements<this['in']>]
  wholeOut: PerSample<FlattenFn, this['whole']>
}

export const flattenSampleShape = (sample: Dims): Dims => [elements(sample)]
export const flattenShape = (shape: Dims): Dims | string => {
  const [batch, ...sample] = shape
  return batch === undefined ? needsBatchMessage('flatten', shape) : [batch, ...flattenSampleShape(sample)]
}
