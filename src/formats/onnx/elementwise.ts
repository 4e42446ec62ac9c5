/** Layers that keep each element's place: activations, and the layers that do nothing outside of training. */
import type { ActivationKind } from '../../tensor/kind.ts'
import { float } from './graph.ts'
import { kept, type Layer, optionsOf, type Rule } from './layer.ts'

/** One node, with or without attributes. */
const one =
  (op: string, attributes: (options: Readonly<Record<string, number>>) => Readonly<Record<string, number>> = () => ({})): Rule =>
  (layer, x) => {
    const numbers = Object.entries(attributes(optionsOf(layer)))
    return kept(layer, x, op, [], Object.fromEntries(numbers.map(([name, value]) => [name, float(value)])))
  }

const half = (layer: Layer): string => layer.graph.scalar(0.5)
/** x / 2 (1 + y) */
const gated = (layer: Layer, x: Parameters<Rule>[1], y: ReturnType<typeof kept>) => {
  const raised = kept(layer, y, 'Add', [layer.graph.scalar(1)])
  return kept(layer, kept(layer, x, 'Mul', [half(layer)]), 'Mul', [raised.name])
}
export const gelu: Rule = (layer, x) => gated(layer, x, kept(layer, kept(layer, x, 'Mul', [layer.graph.scalar(Math.SQRT1_2)]), 'Erf'))

export const activations: { readonly [Kind in ActivationKind]: Rule } = {
  abs: one('Abs'),
  cos: one('Cos'),
  elu: one('Elu', ({ alpha = 1 }) => ({ alpha })),
  erf: one('Erf'),
  exp: one('Exp'),
  floor: one('Floor'),
  gelu,
  geluTanh: (layer, x) => {
    const { graph } = layer
    const cube = kept(layer, kept(layer, x, 'Mul', [x.name]), 'Mul', [x.name])
    const inner = kept(layer, x, 'Add', [kept(layer, cube, 'Mul', [graph.scalar(0.044715)]).name])
    return gated(layer, x, kept(layer, kept(layer, inner, 'Mul', [graph.scalar(Math.sqrt(2 / Math.PI))]), 'Tanh'))
  },
  leakyRelu: one('LeakyRelu', ({ slope = 0.01 }) => ({ alpha: slope })),
  log: one('Log'),
  neg: one('Neg'),
  reciprocal: one('Reciprocal'),
  relu: one('Relu'),
  rsqrt: (layer, x) => kept(layer, kept(layer, x, 'Sqrt'), 'Reciprocal'),
  sigmoid: one('Sigmoid'),
  sign: one('Sign'),
  silu: (layer, x) => kept(layer, x, 'Mul', [kept(layer, x, 'Sigmoid').name]),
  sin: one('Sin'),
  softplus: one('Softplus'),
  sqrt: one('Sqrt'),
  tanh: one('Tanh'),
}

/** What acts in training alone is not there. */
export const nothing: Rule = (_, x) => x
