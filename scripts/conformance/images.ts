/** Convolutions and pooling of golden files: channels stand last, a weight is `[...kernel, in, out]`. */
import { conv1d, conv2d } from '../../src/ops.ts'
import { type Fields, type Json, number, numbers } from './golden.ts'
import { type Convention, call, input, type Loose } from './library.ts'

/** A number, or one an axis. */
const counts = (name: string, json: Json): number | readonly number[] => (Array.isArray(json) ? numbers(name, json) : number(name, json))
/** A word, a number, a pair for a sequence; for an image a number an axis, or a pair an axis. */
const padding = (json: Json, axes: number): unknown => {
  if (!Array.isArray(json)) return typeof json === 'string' ? json : number('padding', json)
  if (axes === 1) return numbers('padding', json)
  return json.map((each) => (Array.isArray(each) ? numbers('padding', each) : [number('padding', each), number('padding', each)]))
}
/** The options that the case has; the library has its own defaults where there are none. */
const optionsOf = (op: string, attributes: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(
    names
      .filter((name) => name in attributes)
      .map((name) => [
        name,
        name === 'padding' ? padding(attributes[name] as Json, op.endsWith('1d') ? 1 : 2) : counts(name, attributes[name] as Json),
      ]),
  ) as Fields

const convolution =
  (convolve: unknown): Convention =>
  (name, inputs, attributes) => {
    const options = optionsOf(name, attributes, ['stride', 'padding', 'dilation', 'groups'])
    const y = ((convolve as Loose)(input(inputs, 'weight'), options) as Loose)(input(inputs, 'x'))
    return inputs.bias === undefined ? y : call('add', y, inputs.bias)
  }
const pool: Convention = (name, inputs, attributes) =>
  call(
    name,
    counts('window', attributes.window ?? attributes.kernel ?? null),
    optionsOf(name, attributes, ['stride', 'padding']),
  )(input(inputs, 'x'))
const globalPool: Convention = (name, inputs) => call(name, input(inputs, 'x'))

export const images: Readonly<Record<string, Convention>> = {
  conv1d: convolution(conv1d),
  conv2d: convolution(conv2d),
  ...Object.fromEntries(['maxPool1d', 'maxPool2d', 'avgPool1d', 'avgPool2d'].map((name) => [name, pool])),
  ...Object.fromEntries(['globalAveragePool2d', 'globalMaxPool2d'].map((name) => [name, globalPool])),
}
