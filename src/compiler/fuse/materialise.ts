/** Which nodes get a buffer of their own: decided by what it costs to compute them again. */
import type { Graph } from '../../graph/graph.ts'
import { usersOf } from '../../graph/graph.ts'
import { sameDims } from '../../graph/infer.ts'
import type { Node } from '../../graph/node.ts'
import type { Op } from '../../graph/op.ts'
import { product } from '../kernel.ts'
import { movementOps, strip } from './view.ts'

/** Work for one element, in simple vector instructions (counted in the emitted code, rounded). */
const work: { readonly [O in Op]: number } = {
  constant: 0,
  data: 0,
  parameter: 0,
  size: 0,
  iota: 1,
  random: 90,
  neg: 1,
  abs: 1,
  sign: 3,
  floor: 1,
  reciprocal: 6,
  sqrt: 8,
  exp: 20,
  log: 25,
  sin: 30,
  cos: 30,
  tanh: 30,
  sigmoid: 28,
  erf: 40,
  add: 1,
  sub: 1,
  mul: 1,
  div: 6,
  pow: 80,
  maximum: 2,
  minimum: 2,
  and: 1,
  or: 1,
  xor: 1,
  shiftLeft: 1,
  shiftRight: 1,
  equal: 1,
  notEqual: 1,
  less: 1,
  lessEqual: 1,
  greater: 1,
  greaterEqual: 1,
  select: 1,
  cast: 1,
  stopGradient: 0,
  reshape: 0,
  permute: 0,
  broadcast: 0,
  slice: 0,
  pad: 0,
  concat: 0,
  window: 0,
  windowTranspose: 0,
  sum: 0,
  max: 0,
  min: 0,
  argmax: 0,
  dot: 0,
  gather: 4,
  scatterAdd: 0,
}
/** Recomputing up to this much costs less than a store and a load in every reader. */
const cheap = 3
/** An expression longer than this is cut: it bounds the depth of the tree and the size of a kernel. */
const longest = 300
/** So is a chain of movement: each reshape in it that strides can't say costs `fuse` another attempt. */
const longestMovement = 30

/** Ops whose result is never part of another's expression: their value is a loop's, not an element's. */
const loops: ReadonlySet<Op> = new Set<Op>(['sum', 'max', 'min', 'dot', 'pad', 'concat', 'windowTranspose', 'scatterAdd'])

/** The nodes that must be in memory, `forced` among them. Inputs are in memory already and are not listed. */
export const materialised = (graph: Graph, forced: ReadonlySet<Node>): ReadonlySet<Node> => {
  const users = usersOf(graph)
  const stored = new Set<Node>(forced)
  for (const output of graph.outputs) if (output.op !== 'parameter') stored.add(output)
  // operands of contractions are read over and over, keys of random bits a word at a time, tables at any place
  for (const n of graph.nodes) for (const input of readInPlace(n)) store(stored, strip(input))
  const cost = new Map<Node, number>()
  const moves = new Map<Node, number>()
  const ends = new Set<Node>()
  for (const n of graph.nodes) {
    const own = n.inputs.reduce((sum, input) => sum + (stored.has(input) ? 0 : (cost.get(input) ?? 0)), work[n.op])
    cost.set(n, own)
    if (movementOps.has(n.op)) {
      const steps = 1 + n.inputs.reduce((sum, input) => sum + (stored.has(input) ? 0 : (moves.get(input) ?? 0)), 0)
      moves.set(n, steps)
      if (steps >= longestMovement) store(stored, n)
    } else if (loops.has(n.op) || own > longest) store(stored, n)
    else if (endsLoop(n, users, ends)) {
      if ((users.get(n)?.length ?? 0) > 1) store(stored, n)
      else ends.add(n)
    } else if (own > 0 && isWorthKeeping(n, own, users)) store(stored, n)
  }
  return stored
}

const readInPlace = (n: Node): readonly Node[] =>
  n.op === 'dot' || n.op === 'random' ? n.inputs : n.op === 'gather' ? n.inputs.slice(0, 1) : []

/**
 * Whether the only reader of a loop's result, of the same size, is this expression. Where several read the expression, it is
 * stored in the place of that result: as many bytes, and the work is done once, while the result is still in registers.
 */
const endsLoop = (n: Node, users: ReadonlyMap<Node, readonly (Node | null)[]>, ends: ReadonlySet<Node>): boolean =>
  n.inputs.some((input) => users.get(input)?.length === 1 && sameDims(input.shape, n.shape) && (loops.has(input.op) || ends.has(input)))

const store = (stored: Set<Node>, n: Node): void => {
  if (n.op !== 'parameter') stored.add(n)
}

/** Read several times and not cheap, or stretched by a reader that would compute it once for every copy. */
const isWorthKeeping = (n: Node, cost: number, users: ReadonlyMap<Node, readonly (Node | null)[]>): boolean => {
  const readers = readersOf(n, users)
  if (readers.count > 1 && cost > cheap) return true
  return readers.stretched && (elements(n) > 1 || cost > cheap)
}

const elements = (n: Node): number => product(n.shape as readonly number[])
/** Readers through movement: how many, and whether one of them sees more elements than there are. */
const readersOf = (
  n: Node,
  users: ReadonlyMap<Node, readonly (Node | null)[]>,
): { readonly count: number; readonly stretched: boolean } => {
  let count = 0
  let stretched = false
  const seen = [n]
  for (const at of seen)
    for (const user of users.get(at) ?? []) {
      if (user === null || !movementOps.has(user.op)) {
        count++
        // an index is read again for every element of its row
        stretched ||= (user?.op === 'gather' || user?.op === 'scatterAdd') && user.inputs[1] === at
      } else {
        stretched ||= user.op === 'broadcast' || (user.op === 'window' && elements(user) > elements(at))
        seen.push(user)
      }
    }
  return { count, stretched }
}
