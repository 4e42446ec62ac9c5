/** Operations that the library has no name for yet, composed as a user would. */
import type { Dim } from '../../types/dim.ts'
import { number } from './golden.ts'
import { type Convention, call, input } from './library.ts'

/** (x - mean) / sqrt(variance + epsilon) along axes, times a scale, plus an offset */
const normalised =
  (axesOf: (rank: number) => readonly number[]): Convention =>
  (_, inputs, { epsilon }) => {
    const x = input(inputs, 'x')
    const axes = axesOf(x.shape.length)
    const along = (name: string) => call(name, axes, { keepDims: true })(x)
    const deviation = call('sqrt', call('add', along('variance'), number('epsilon', epsilon)))
    const standard = call('div', call('sub', x, along('mean')), deviation)
    return call('add', call('mul', standard, input(inputs, 'scale')), input(inputs, 'offset'))
  }

/** softmax(q k^T / sqrt(d)) v, where a causal query sees no later key */
const attention: Convention = (_, inputs, { causal }) => {
  const [q, k, v] = [input(inputs, 'q'), input(inputs, 'k'), input(inputs, 'v')]
  const rank = q.shape.length
  const last = Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i))
  const scores = call('mul', call('matmul', q, call('permute', last)(k)), 1 / Math.sqrt(Number(q.shape[rank - 1])))
  if (causal !== true) return call('matmul', call('softmax', -1)(scores), v)
  const shape = (scores as unknown as { readonly shape: readonly Dim[] }).shape
  const seen = call('greaterEqual', call('iota', shape, rank - 2), call('iota', shape, rank - 1))
  return call('matmul', call('softmax', -1)(call('where', seen, scores, Number.NEGATIVE_INFINITY)), v)
}

const embedding: Convention = (_, inputs) => call('gather', input(inputs, 'indices'))(input(inputs, 'table'))

export const composed: Readonly<Record<string, Convention>> = {
  layerNorm: normalised((rank) => [rank - 1]),
  batchNormTrain: normalised((rank) => Array.from({ length: rank - 1 }, (_, axis) => axis)),
  attention,
  embedding,
}
