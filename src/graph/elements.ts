/**
 * The elements of a graph's outputs, rounded to what tensors hold. What is computed element by element is computed a block at a time, so
 * that all in between stays in the first cache: the weights of a large layer are drawn in half the time, and take no memory but their own.
 */
import { type ElementwiseOp, elementwise } from './evaluate/elementwise.ts'
import { allocate, count, type Value } from './evaluate/value.ts'
import { type Graph, graphOf, usersOf } from './graph.ts'
import { interpret } from './interpret.ts'
import type { Node, NodeOf } from './node.ts'
import type { Elements } from './op.ts'
import { type Words, writeWords } from './threefry.ts'

/** Of a graph without inputs, whose dims are numbers. */
export const elementsOf = (graph: Graph): readonly Elements[] => {
  const users = usersOf(graph)
  const chains = graph.outputs.map((output) => chainOf(output, users))
  const leaves = graph.outputs.flatMap((output, i) => leavesOf(chains[i] as Chain, output))
  const computed = interpret(graphOf(leaves, []), [])
  const values = new Map(leaves.map((leaf, i) => [leaf, computed[i] as Value]))
  const places = new Map(graph.nodes.map((n, i) => [n, i]))
  return graph.outputs.map((output, i) => {
    const chain = [...(chains[i] as Chain)].sort((a, b) => (places.get(a) as number) - (places.get(b) as number))
    return chain.length === 0 ? rounded(values.get(output) as Value) : inBlocks(output, chain, values)
  })
}

/** Elements of a block, an even number: some arrays of so many lie in the first cache together. */
const blockLength = 2048

/** The nodes of an output that are computed block by block; none where that does not pay. */
type Chain = ReadonlySet<Node>
type Users = ReturnType<typeof usersOf>

const sizeOf = ({ shape }: Node): number => count(shape as readonly number[])
type Elementwise = Extract<Node, { readonly op: ElementwiseOp }>
const isElementwise = (n: Node): n is Elementwise => n.op in elementwise
/** One number everywhere. */
const isUniform = (n: Node): n is NodeOf<'broadcast'> => n.op === 'broadcast' && sizeOf(n.inputs[0] as Node) === 1
const isLink = (n: Node): boolean => isElementwise(n) || isUniform(n) || n.op === 'random'

/** Nothing that others read is computed twice, but for what is one number everywhere. */
const chainOf = (output: Node, users: Users): Chain => {
  const chain = new Set<Node>()
  if (!isLink(output) || sizeOf(output) <= blockLength || users.get(output)?.some((user) => user !== null)) return chain
  chain.add(output)
  const isOwn = (n: Node): boolean => isUniform(n) || (users.get(n) ?? []).every((user) => user !== null && chain.has(user))
  for (const n of chain) if (isElementwise(n)) for (const input of n.inputs) if (isLink(input) && isOwn(input)) chain.add(input)
  return chain
}

/** What is computed whole: the output itself, or what its chain starts from. */
const leavesOf = (chain: Chain, output: Node): readonly Node[] =>
  chain.size === 0 ? [output] : [...chain].flatMap((n) => n.inputs.filter((input) => !chain.has(input)))

const elements = ({ dtype }: Pick<Value, 'dtype'>, length: number): Elements =>
  dtype === 'f32' ? new Float32Array(length) : dtype === 'i32' ? new Int32Array(length) : new Uint8Array(length)
const rounded = (value: Value): Elements => {
  const to = elements(value, value.values.length)
  to.set(value.values)
  return to
}

/** `chain` has operands before their users, `values` what it starts from. */
const inBlocks = (output: Node, chain: readonly Node[], values: ReadonlyMap<Node, Value>): Elements => {
  const length = sizeOf(output)
  const all = elements(output, length)
  const buffers = new Map(chain.map((n) => [n, bufferOf(n, values)]))
  for (let at = 0; at < length; at += blockLength) {
    const size = Math.min(blockLength, length - at)
    const blocks = new Map<Node, Value>()
    const block = (n: Node): Value => blocks.get(n) ?? part(values.get(n) as Value, at, size)
    for (const n of chain) {
      const to = part(buffers.get(n) as Value, 0, size)
      if (isElementwise(n)) compute(n, n.inputs.map(block), to)
      else if (n.op === 'random') writeWords(keyOf(n, values), at, to.values as Int32Array)
      blocks.set(n, to)
    }
    all.set(block(output).values, at)
  }
  return all
}

/** Where the blocks of a node are computed. What is one number everywhere is written once. */
const bufferOf = (n: Node, values: ReadonlyMap<Node, Value>): Value => {
  const made = allocate(n.dtype, [blockLength])
  if (isUniform(n)) made.fill(values.get(n.inputs[0] as Node)?.values[0] as number)
  return { dtype: n.dtype, shape: [blockLength], values: made }
}
const part = (value: Value, from: number, size: number): Value =>
  from === 0 && size === value.values.length ? value : { ...value, shape: [size], values: value.values.subarray(from, from + size) }

type Compute = (n: Elementwise, inputs: readonly Value[], to: Value) => void
const compute: Compute = (n, inputs, to) => {
  ;(elementwise[n.op] as (n: Node, inputs: readonly Value[], to: Value['values']) => Value)(n, inputs, to.values)
}
const keyOf = (n: Node, values: ReadonlyMap<Node, Value>): Words => {
  const [first, second] = (values.get(n.inputs[0] as Node) as Value).values as Int32Array
  return [first as number, second as number]
}
