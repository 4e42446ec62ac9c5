/** Loops over time that users write: a step, a carry that goes round, and sequences whose rows come in. */
import { recordMessage } from '../../types/options.ts'
import { type GivenFault, type LengthOf, noPair, type RowOf, type Sequences, type StackOf, sequencesFault } from '../../types/scan.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { scanned } from '../graph/loop.ts'
import type { Node } from '../graph/node.ts'
import { checkTree, leaves, withLeaves } from '../graph/tree.ts'
import { shown } from './argument.ts'
import { typed } from './typed.ts'

export interface ScanOptions {
  /** Walk from the last row to the first. Row t of the results belongs to row t of the sequences all the same. */
  readonly reverse?: boolean | undefined
}
/** What a step may give as far as inference is concerned: a pair in a literal is a tuple then. */
export type Given = readonly [unknown, unknown] | object
/** The rows of results that a step gives. */
export type ResultOf<Y> = Y extends readonly [unknown, infer R] ? R : never

export interface ScanFunction {
  <const C, const X, const Y extends Given>(
    step: (carry: C, row: RowOf<NoInfer<X>>) => Y & GivenFault<C, Y>,
    initial: C,
    sequences: Sequences<X>,
    options?: ScanOptions,
  ): readonly [C, StackOf<ResultOf<Y>, LengthOf<X>>]
}

/**
 * A loop over time. The step takes the carry and a row of each sequence, and gives the next carry and a row of results:
 * sequences `[length, ...row]` give the last carry and results `[length, ...result]`. Carry, sequences and results are trees of
 * tensors; no results are `null`, and `iota([n])` is a sequence for n steps. The carry keeps its shapes and dtypes. What the step
 * reads from outside is computed once. It compiles to a loop, whose code does not grow with the length; its gradient is a loop
 * back, and has gradients too.
 *
 * @example
 * const [last, sums] = scan((sum, x) => [add(sum, x), add(sum, x)], scalar(0), tensor([1, 2, 3]))
 * toArray(stack([last, pipe(sums, sum())])) // => [6, 10]
 */
export const scan = typed<ScanFunction>((step: unknown, initial: unknown, sequences: unknown, options: ScanOptions = {}) => {
  if (typeof step !== 'function') throw new ShapeError(`scan: expected a function as step, got ${shown(step)}`)
  const message = recordMessage('scan', options, ['reverse'], shown)
  if (message !== null) throw new ShapeError(message)
  const rows = leaves(sequences).map(({ node }) => node)
  const fault = sequencesFault(rows.map(({ shape }) => shape))
  if (fault !== null) throw new ShapeError(fault)
  const carried = leaves(initial)
  let results: unknown
  const found = scanned(
    { initial: carried.map(({ node }) => node), sequences: rows, length: rows[0]?.shape[0] ?? 0, reverse: options.reverse === true },
    (state, row) => {
      const [next, result] = pair(step(withLeaves(initial, state), withLeaves(sequences, row)))
      checkTree('scan', 'the step takes', 'the next carry', next, initial)
      results = result
      const nexts = new Map(leaves(next).map(({ path, node }) => [path, node]))
      return { carries: carried.map(({ path }) => nexts.get(path) as Node), results: leaves(result).map(({ node }) => node) }
    },
  )
  return Object.freeze([withLeaves(initial, found.carries), withLeaves(results, found.results)])
})

const pair = (given: unknown): readonly [unknown, unknown] => {
  if (!Array.isArray(given) || given.length !== 2) throw new ShapeError(noPair)
  return [given[0], given[1]]
}
