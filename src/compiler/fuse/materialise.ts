/** Which nodes get a buffer of their own: by structure, or since it moves fewer bytes than to compute them again (`price.ts`). */
import type { Graph } from '../../graph/graph.ts'
import { usersOf } from '../../graph/graph.ts'
import { sameDims } from '../../graph/infer.ts'
import type { Node } from '../../graph/node.ts'
import type { Op } from '../../graph/op.ts'
import { product } from '../kernel.ts'
import { bytesToKeep, bytesToRecompute, work } from './price.ts'
import { movementOps, strip } from './view.ts'

/** An expression longer than this is cut: it bounds the depth of the tree and the size of a kernel. */
const longest = 300
/** So is a chain of movement: each reshape in it that strides can't say costs `fuse` another attempt. */
const longestMovement = 30

type Users = ReadonlyMap<Node, readonly (Node | null)[]>

/** Ops whose result is never part of another's expression: their value is a loop's, not an element's. */
const loops: ReadonlySet<Op> = new Set<Op>(['sum', 'max', 'min', 'dot', 'pad', 'concat', 'windowTranspose', 'scatterAdd', 'scan'])

/** The nodes that must be in memory, `forced` among them. Inputs are in memory already and are not listed. */
export const materialised = (graph: Graph, forced: ReadonlySet<Node>): ReadonlySet<Node> => {
  const users = usersOf(graph)
  const stored = new Set<Node>(forced)
  for (const output of graph.outputs) if (output.op !== 'parameter') stored.add(output)
  // operands of contractions are read over and over, keys of random bits a word at a time, tables at any place, sequences row by row
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
    } else if (own > 0 && isWorthKeeping(n, own, users, stored)) store(stored, n)
  }
  return stored
}

const readInPlace = (n: Node): readonly Node[] => {
  if (n.op === 'dot' || n.op === 'random') return n.inputs
  // an initial carry is computed where the loop keeps it
  return n.op === 'gather' ? n.inputs.slice(0, 1) : n.op === 'scan' ? n.inputs.slice(n.attributes.carries) : []
}

/**
 * Whether the only reader of a loop's result, of the same size, is this expression. Where several read the expression, it is
 * stored in the place of that result: as many bytes, and the work is done once, while the result is still in registers.
 */
const endsLoop = (n: Node, users: Users, ends: ReadonlySet<Node>): boolean =>
  n.inputs.some((input) => users.get(input)?.length === 1 && sameDims(input.shape, n.shape) && (isOneNest(input) || ends.has(input)))
// what a loop over time leaves is there only when all of it is done
const isOneNest = ({ op }: Node): boolean => loops.has(op) && op !== 'scan'

const store = (stored: Set<Node>, n: Node): void => {
  if (n.op !== 'parameter') stored.add(n)
}

/** Whether it moves fewer bytes to keep a value than to make it anew for each of its readers. */
const isWorthKeeping = (n: Node, operations: number, users: Users, stored: ReadonlySet<Node>): boolean => {
  const readers = readersOf(n, users)
  const [first, ...more] = readers
  if (first === undefined || (more.length === 0 && first <= 1)) return false
  const wanted = { operations, loads: loadsOf(n, stored), readers }
  return bytesToKeep(wanted) < bytesToRecompute(wanted)
}

const elements = (n: Node): number => product(n.shape as readonly number[])
/** Elements in memory that one element is made from; what is smaller than the whole counts as its part. */
const loadsOf = (n: Node, stored: ReadonlySet<Node>): number => {
  const all = Math.max(1, elements(n))
  const seen = new Set([n])
  const leaves = new Set<Node>()
  for (const at of seen) for (const input of at.inputs) (input.op === 'parameter' || stored.has(input) ? leaves : seen).add(input)
  return [...leaves].reduce((sum, leaf) => sum + Math.min(1, elements(leaf) / all), 0)
}
/** Readers through movement: for each, how many elements it sees for one of n. A loop computes what is one for all only once. */
const readersOf = (n: Node, users: Users): readonly number[] => {
  const all = Math.max(1, elements(n))
  const stretch = (seen: Node): number => (all === 1 ? 1 : Math.max(1, elements(seen) / all))
  const readers: number[] = []
  const seen = [n]
  for (const at of seen)
    for (const user of users.get(at) ?? [])
      if (user !== null && movementOps.has(user.op)) seen.push(user)
      // an index is read again for every element of its row
      else if ((user?.op === 'gather' || user?.op === 'scatterAdd') && user.inputs[1] === at)
        readers.push(stretch(user.op === 'gather' ? user : (user.inputs[0] as Node)))
      else readers.push(stretch(at))
  return readers
}
