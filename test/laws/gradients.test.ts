/** Law 2 on random graphs: the gradient of a composition is what central differences in f64 measure. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from '../../src/graph/evaluate/value.ts'
import type { Graph } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import type { Op } from '../../src/graph/op.ts'
import { threefryWords } from '../../src/graph/threefry.ts'
import { type Sample, samples } from '../generators/graphs.ts'
import type { Motif } from '../generators/motifs.ts'
import { runs } from '../generators/runs.ts'
import { gradientsOf } from './gradient-sample.ts'

/** What has a slope at almost every point. */
const parts: readonly (Op | Motif)[] = [
  ...(['neg', 'reciprocal', 'sqrt', 'exp', 'log', 'sin', 'cos', 'tanh', 'sigmoid', 'erf'] as const),
  ...(['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'abs', 'sum', 'max', 'min', 'dot', 'dot'] as const),
  ...(['select', 'reshape', 'permute', 'broadcast', 'slice', 'pad', 'concat', 'window', 'windowTranspose', 'parameter'] as const),
  ...(['recurrence', 'recurrence', 'dense', 'softmax', 'normalise', 'update', 'weightGradient', 'convolution'] as const),
]

/** The slope along a direction, measured with two steps: the better value, and how far it can be trusted. */
const measured = (graph: Graph, values: readonly Value[], direction: readonly Float64Array[]): readonly [slope: number, doubt: number] => {
  const at = (step: number): number => {
    const moved = values.map(
      (value, i): Value =>
        value.dtype === 'f32'
          ? { ...value, values: (value.values as Float64Array).map((x, j) => x + step * (direction[i]?.[j] as number)) }
          : value,
    )
    return interpret(graph, moved)[0]?.values[0] as number
  }
  const slope = (step: number): number => (at(step) - at(-step)) / (2 * step)
  const [coarse, fine] = [slope(2e-5), slope(1e-5)]
  return [(4 * fine - coarse) / 3, Math.abs(fine - coarse)]
}

/** The sample at a point nearby, where no two elements are equal that came from different inputs: at a tie there is no slope. */
const generic = ({ graph, values }: Sample): Sample => {
  const shifts = directionFor(values, 12345)
  const shifted = (value: Value, i: number): Value =>
    value.dtype === 'f32'
      ? { ...value, values: (value.values as Float64Array).map((x, j) => x + 0.01 * (shifts[i]?.[j] as number)) }
      : value
  return { graph, values: values.map(shifted) }
}

/** A random direction, of the size of the elements. */
const directionFor = (values: readonly Value[], seed: number): readonly Float64Array[] =>
  values.map((value, i) => {
    const words = threefryWords([seed, i], value.values.length)
    return Float64Array.from(value.values, (x, j) => ((words[j] as number) / 2 ** 31) * (0.1 + Math.abs(x)))
  })

/** Steeper functions may turn within a step. */
const steepest = 1e3

type Judgement = 'agrees' | 'cannot be measured' | string
const judged = (sample: Sample, seed: number): Judgement => {
  const { graph, values } = gradientsOf(generic(sample))
  const direction = directionFor(values, seed)
  const along = direction.filter((_, i) => values[i]?.dtype === 'f32').map((all) => [...all])
  const gradients = interpret(graph, values).slice(1)
  const parts = gradients.flatMap((gradient, i) => Array.from(gradient.values, (g, j) => g * (along[i]?.[j] as number)))
  const slope = parts.reduce((a, b) => a + b, 0)
  const size = parts.reduce((a, b) => a + Math.abs(b), 0)
  const [wanted, doubt] = measured({ ...graph, outputs: graph.outputs.slice(0, 1) }, values, direction)
  const allowed = 10 * doubt + 1e-6 * (size + 1)
  if (!(size < steepest && allowed < 1e-2 * (size + 1))) return 'cannot be measured'
  return Math.abs(slope - wanted) <= allowed ? 'agrees' : `the slope is ${wanted}, the gradient says ${slope}; ${allowed} allowed`
}

describe('law 2: gradients of random graphs', () => {
  it('agree with central differences', () => {
    let measurable = 0
    const { numRuns, seed } = runs(1000)
    fc.assert(
      fc.property(samples(10, parts), fc.nat(), (sample, direction) => {
        const judgement = judged(sample, direction)
        if (judgement === 'cannot be measured') return
        measurable++
        expect(judgement).toBe('agrees')
      }),
      { numRuns, seed },
    )
    expect(measurable).toBeGreaterThan(numRuns / 2)
  })
})
