/** `dropout(rate)`: keeps the shape. */
import type { OperationFn } from './operation.ts'

export const needsKey = 'dropout: on a tensor it needs a key; write dropout(rate, key)'
export const badRate = 'dropout: the rate must be at least 0 and below 1, got {rate}'

export interface Dropout extends OperationFn {
  kind: 'dropout'
  out: this['in']
  wholeOut: typeof needsKey
}
