/** A user's own activation: its function is traced, and each of its operations is an operator. */
import { parameter } from '../../graph/expression.ts'
import type { Node, Op } from '../../graph/op.ts'
import { FLOAT, int, type Value } from './graph.ts'
import type { Layer, Rule } from './layer.ts'

/** Operations that work on each element alone. What is spread from one number spreads in ONNX by itself. */
const operators: { readonly [O in Op]?: string } = {
  abs: 'Abs',
  neg: 'Neg',
  sign: 'Sign',
  floor: 'Floor',
  reciprocal: 'Reciprocal',
  sqrt: 'Sqrt',
  exp: 'Exp',
  log: 'Log',
  sin: 'Sin',
  cos: 'Cos',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  erf: 'Erf',
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  pow: 'Pow',
  maximum: 'Max',
  minimum: 'Min',
  and: 'And',
  or: 'Or',
  xor: 'Xor',
  equal: 'Equal',
  less: 'Less',
  lessEqual: 'LessOrEqual',
  greater: 'Greater',
  greaterEqual: 'GreaterOrEqual',
  select: 'Where',
}
export const own: Rule = (layer, x) => {
  const input = parameter('x', ['batch', ...layer.link.input], 'f32', layer.sizes)
  const { y } = layer.record.apply(null, input, { training: false })
  if (!looksAt(y, input)) return { why: 'is a function of yours that does not look at what it is given' }
  const name = writing(layer, x, input)(y)
  return typeof name !== 'string'
    ? { why: `is a function of yours with the operation '${name.op}', which is not element by element` }
    : { ...x, name }
}

const looksAt = (node: Node, input: Node, seen = new Set<Node>()): boolean => {
  if (node === input) return true
  if (seen.has(node)) return false
  seen.add(node)
  return node.inputs.some((each) => looksAt(each, input, seen))
}

/** Writes nodes down, each once; gives the node that is no operator where there is one. */
const writing = ({ graph, path }: Layer, x: Value, input: Node): ((node: Node) => string | Node) => {
  const done = new Map<Node, string | Node>([[input, x.name]])
  const add = (op: string, names: readonly string[], attributes = {}): string => graph.add(path, op, names, attributes)
  const write = (node: Node): string | Node => {
    const known = done.get(node)
    if (known !== undefined) return known
    const value = numberOf(node)
    const made = value === null ? operated(node) : graph.scalar(value)
    done.set(node, made)
    return made
  }
  const operated = (node: Node): string | Node => {
    const inputs = node.inputs.map(write)
    const fault = inputs.find((each) => typeof each !== 'string')
    if (fault !== undefined) return fault
    const names = inputs as readonly string[]
    const operator = node.dtype === 'i32' ? undefined : operators[node.op]
    if (operator !== undefined) return add(operator, names)
    if (node.op === 'notEqual') return add('Not', [add('Equal', names)])
    if (node.op === 'stopGradient') return names[0] as string
    return node.op === 'cast' && node.dtype === 'f32' ? add('Cast', names, { to: int(FLOAT) }) : node
  }
  return write
}
/** The one number that all elements of a node are, or null. */
const numberOf = (node: Node): number | null => {
  if (node.dtype !== 'f32') return null
  if (node.op === 'constant') return node.attributes.value
  if (node.op === 'broadcast' || node.op === 'reshape') return numberOf(node.inputs[0] as Node)
  return node.op === 'data' && node.attributes.values.length === 1 ? (node.attributes.values[0] as number) : null
}
