/** What the compiler makes of normalisations over [32, 64, 128]: how many kernels, what they read and write, and in which lanes. */
import { describe, expect, it } from 'vitest'
import { valueAndGrad } from '../../src/autodiff/grad.ts'
import { lower } from '../../src/compiler/compile.ts'
import { kernelsText } from '../../src/compiler/dump.ts'
import { trace } from '../../src/compiler/trace.ts'
import { full, mul, sum } from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'
import { type BatchWeights, batchNormedTraining, instanceNormed, layerNormed, rmsNormed } from '../../src/tensor/norm.ts'

const shape = [32, 64, 128]
const own = { scale: full([128], 1), shift: full([128], 0), mean: full([128], 0), variance: full([128], 1) }
type Normalize = (x: Node, params: BatchWeights) => Node

/** Kernels from x and the gradient of the result to the gradients of x and of the parameters; without that of the result, forward. */
const entryOf = (f: Normalize, direction: 'forward' | 'backward') => {
  const arg = { shape, dtype: 'f32' as const }
  const backward = (state: BatchWeights, x: Node, cotangent: Node) => {
    const loss = (p: Pick<BatchWeights, 'scale' | 'shift'> & { readonly x: Node }) =>
      sum(mul(f(p.x, { ...state, scale: p.scale, shift: p.shift }), cotangent), [0, 1, 2])
    const differentiate = valueAndGrad(loss as never) as unknown as (params: object) => readonly [Node, object]
    return [state, differentiate({ scale: state.scale, shift: state.shift, x })[1]]
  }
  const forward = (state: BatchWeights, x: Node) => [state, f(x, state)]
  const source = {
    step: direction === 'forward' ? forward : backward,
    state: own,
    args: direction === 'forward' ? [arg] : [arg, arg],
    bind: [{}],
  }
  return lower(trace(source as never), source.bind).entries[0] ?? { kernels: [], regions: [] }
}
const kernelsOf = (f: Normalize, direction: 'forward' | 'backward') => entryOf(f, direction).kernels
const layer: Normalize = (x, params) => layerNormed(x, params, 1e-5)
const batch: Normalize = (x, params) => batchNormedTraining(x, params, 1e-5, 0.9).y

describe('a layer norm', () => {
  it('is one kernel forward; backward the gradient of the input is the same kernel, and that of the parameters one more', async () => {
    expect([kernelsOf(layer, 'forward').length, kernelsOf(layer, 'backward').length]).toEqual([1, 2])
    expect([kernelsOf((x, p) => rmsNormed(x, p, 1e-6), 'forward').length]).toEqual([1])
    await expect(kernelsText(entryOf(layer, 'backward'))).toMatchFileSnapshot('../golden/layer-norm-kernels.txt')
  })
})

describe('a batch norm', () => {
  /** Kernels over the whole of x; the others are over channels. */
  const large = (direction: 'forward' | 'backward') =>
    kernelsOf(batch, direction).filter(
      (k) => k.kind === 'loop' && k.phases.some(({ inner }) => [...k.outer, ...inner].reduce((n, d) => n * d, 1) > 128),
    )

  it('goes over its input three times forward, and twice more backward', async () => {
    expect([large('forward').length, large('backward').length]).toEqual([3, 4])
    await expect(kernelsText(entryOf(batch, 'backward'))).toMatchFileSnapshot('../golden/batch-norm-kernels.txt')
  })
  it('sums columns in lanes that lie side by side, two vectors at a time', () => {
    const reductions = [...kernelsOf(batch, 'backward'), ...kernelsOf(layer, 'backward').slice(1)].filter(
      (k) => k.kind === 'loop' && k.outer.length === 1 && k.phases.some(({ accumulate }) => accumulate.length > 0),
    )
    expect(reductions.map((k) => k.kind === 'loop' && [k.lanes, k.vectors])).toEqual(Array(4).fill(['outer', 2]))
  })
})

it('an instance norm does not write its centred input', () => {
  expect(kernelsOf((x, p) => instanceNormed(x, p, 1e-5), 'forward').length).toBe(5)
})
