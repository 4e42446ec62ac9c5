/** Parallel branches: layers that are given one input, and whose outputs are joined. */
import type { LayerAt } from '../../types/block.ts'
import {
  type AddBranches,
  type BranchFaults,
  type BranchOp,
  type ConcatBranches,
  joinedShape,
  noBranchMessage,
} from '../../types/branches.ts'
import type { Dims, DType } from '../../types/dim.ts'
import type { Layer } from '../../types/layer.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { add, concat } from '../graph/expression.ts'
import { mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { applyBranches, branched, branchesMessage, type Chain, chainParameters, initChain, takenBy } from './chain.ts'
import { layerIn, layerOf } from './layer.ts'

type Branches<Op extends BranchOp, Fs extends unknown[]> = { [I in keyof Fs]: LayerAt<BranchFaults<Op, Fs>, I, Fs[I]> }

/**
 * Layers that are given one input; what they give stands end to end along the last axis. `[..., m], [..., n] -> [..., m + n]`
 * Each branch's parameters have its name, in one group. A branch of several layers is a `block`, one that changes nothing
 * is `block()`.
 *
 * @example
 * pipe(input([64]), concatBranches(dense(32), block(dense(16), relu))).output // => [48]
 */
export const concatBranches = <Fs extends unknown[]>(...branches: Branches<'concatBranches', Fs>): Layer<ConcatBranches<Fs>> =>
  joining('concatBranches', branches, (outputs) => concat(outputs, (outputs[0] as Node).shape.length - 1))

/**
 * Layers that are given one input; what they give is added, so all give one shape. `[...s], [...s] -> [...s]` Each
 * branch's parameters have its name, in one group.
 *
 * @example
 * pipe(input([64]), addBranches(dense(32), block(dense(128), relu, dense(32)))).output // => [32]
 */
export const addBranches = <Fs extends unknown[]>(...branches: Branches<'addBranches', Fs>): Layer<AddBranches<Fs>> =>
  joining('addBranches', branches, (outputs) => outputs.reduce((sum, y) => add(sum, y)))

const joining = <F>(op: BranchOp, branches: readonly unknown[], join: (outputs: readonly Node[]) => Node): Layer<F> => {
  const records = branches.map((branch) => layerIn(op, branch))
  const message = records.length === 0 ? noBranchMessage(op) : branchesMessage(records)
  if (message !== null) throw new ShapeError(message)
  const fitting = (shape: Dims, dtype: DType): Chain => fits<Chain>(branched(shape, dtype, records))
  const weights = (shape: Dims): Chain => fitting(shape, takenBy(records[0]))
  return layerOf<F>({
    kind: op,
    name: null,
    options: {},
    takes: null,
    from: records.find(({ from }) => from !== undefined)?.from,
    sizes: records.reduce((sizes, record) => mergeSizes(sizes, record.sizes ?? {}), {}),
    layers: records,
    parallel: true,
    out: (shape, dtype) => {
      const row = branched(shape, dtype, records)
      return typeof row === 'string'
        ? row
        : joinedShape(
            op,
            row.links.map(({ output }) => output),
          )
    },
    parameters: (shape) => chainParameters(weights(shape)),
    init: (shape, key, sizes) => initChain(weights(shape), key, sizes),
    apply: (params, x, mode) => {
      const { outputs, params: next } = applyBranches(fitting(x.shape.slice(1), x.dtype), params, x, mode)
      return { y: join(outputs), params: next }
    },
  })
}
