/** Operations that the library has no name for yet, composed as a user would. */
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

export const composed: Readonly<Record<string, Convention>> = {
  layerNorm: normalised((rank) => [rank - 1]),
  batchNormTrain: normalised((rank) => Array.from({ length: rank - 1 }, (_, axis) => axis)),
}
