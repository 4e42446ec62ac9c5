/** Structure as text: what is alike has equal keys, whatever its inputs are called and whatever was captured. */
import type { Graph, Node } from '../graph/op.ts'

/** JSON, except that it tells -0, NaN and the infinities apart, and that equal bodies of loops have equal keys. */
export const attributesKey = (n: Node): string => {
  if (n.op === 'constant') return `${n.dtype} ${Object.is(n.attributes.value, -0) ? '-0' : n.attributes.value}`
  const known = keys.get(n.attributes)
  if (known !== undefined) return known
  const key = n.op === 'scan' ? loopKey(n) : JSON.stringify(n.attributes)
  keys.set(n.attributes, key)
  return key
}
/** Every pass asks for the key of the same attributes, and of the same bodies, again. */
const keys = new WeakMap<Node['attributes'] | Graph, string>()

const loopKey = ({ attributes: { body, ...loop } }: Node & { readonly op: 'scan' }): string => `${JSON.stringify(loop)} {${bodyKey(body)}}`

/** The structure of a body as text. What its inputs are called does not matter. */
export const bodyKey = (body: Graph): string => {
  const known = keys.get(body)
  if (known !== undefined) return known
  const key = structure(body, ({ dtype, shape }) => `${dtype} ${JSON.stringify(shape)}`)
  keys.set(body, key)
  return key
}

/** One line a node, operands by number, then the outputs. */
export const structure = ({ nodes, outputs }: Graph, told: (input: Node) => string): string => {
  const numbers = new Map<Node, number>(nodes.map((n, i) => [n, i]))
  const number = (n: Node): number => numbers.get(n) as number
  const sizes = (n: Node): string => (Object.keys(n.sizes).length > 0 ? JSON.stringify(n.sizes) : '')
  const line = (n: Node): string =>
    n.op === 'parameter' ? `${number(n)} ${told(n)} ${sizes(n)}` : `${n.op} ${n.inputs.map(number).join()} ${attributesKey(n)} ${sizes(n)}`
  return [...nodes.map(line), outputs.map(number).join()].join('\n')
}
