/** Law 1, second half: the emitted program agrees with the evaluator. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import { strictTarget, type Target } from '../../src/compiler/target.ts'
import type { Values } from '../../src/graph/evaluate/value.ts'
import { interpretAll, type Value } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Entry, Machine, Slot } from '../../src/runtime/machine.ts'
import { type Sample, samples } from '../generators/graphs.ts'
import { canHold } from '../generators/lawful.ts'
import { type Magnitude, magnitudes } from '../generators/magnitude.ts'
import { runs } from '../generators/runs.ts'
import { enableRelaxed } from '../wasm/instance.ts'
import { disagreement, sameBits } from './agreement.ts'
import { gradientsOf } from './gradient-sample.ts'
import { stepOf } from './replay.ts'

const built = async (...given: Parameters<typeof build>): Promise<Machine> => {
  const machine = await build(...given)()
  if (isLeft(machine)) throw new Error(`not compiled: ${JSON.stringify(machine.left)}`)
  return machine.right
}

/** What disagrees between one step of the program and the evaluator, state first; or a second run that gives other bits. */
const broken = async (sample: Sample, kept: number, target: Target = strictTarget): Promise<string | null> => {
  const { source, graph, args } = stepOf(sample, kept)
  const machine = await built(source, target)
  const { args: given, results, run } = machine.entries[0] as Entry
  const step = (): readonly Slot['view'][] => {
    machine.state.forEach(({ view }, i) => {
      view.set(sample.values[i]?.values as Values)
    })
    args.forEach(({ values }, i) => {
      given[i]?.view.set(values)
    })
    run()
    return [...machine.state, ...results].map(({ view }) => view.slice())
  }
  const found = step()
  const values = interpretAll(graph, sample.values)
  const met = magnitudes(graph, values)
  for (const [i, view] of found.entries()) {
    const output = graph.outputs[i] as Node
    const wrong = disagreement(values.get(output) as Value, met.get(output) as Magnitude, view)
    if (wrong !== null) return `${i < kept ? `state ${i}` : `result ${i - kept}`}: ${wrong}`
  }
  const again = step().findIndex((view, i) => !sameBits(view, found[i] as Slot['view']))
  return again < 0 ? null : `output ${again} has other bits the second time`
}

describe('law 1: a program agrees with the evaluator', () => {
  it('on random graphs, some of their inputs being state', async () => {
    await fc.assert(
      fc.asyncProperty(samples(), fc.nat(3), async (sample, kept) => {
        expect(await broken(sample, Math.min(kept, sample.graph.inputs.length))).toBe(null)
      }),
      runs(2000),
    )
  })

  it('with products and sums rounded together too', async () => {
    enableRelaxed()
    await fc.assert(
      fc.asyncProperty(samples(), async (sample) => {
        expect(await broken(sample, 0, { ...strictTarget, fastMath: true })).toBe(null)
      }),
      runs(500),
    )
  })

  it('on the gradients of random graphs, where f32 can', async () => {
    let tried = 0
    const { numRuns, seed } = runs(500)
    await fc.assert(
      fc.asyncProperty(samples(8), async (sample) => {
        const gradients = gradientsOf(sample)
        if (!canHold(gradients)) return
        tried++
        expect(await broken(gradients, 0)).toBe(null)
      }),
      { numRuns, seed },
    )
    expect(tried).toBeGreaterThan(numRuns / 2)
  })

  it('on loops over time and their gradients, where f32 can', async () => {
    await fc.assert(
      fc.asyncProperty(samples(4, ['scan', 'scan', 'recurrence', 'dot']), fc.boolean(), async (sample, isGradient) => {
        const tried = isGradient ? gradientsOf(sample) : sample
        if (canHold(tried)) expect(await broken(tried, 0)).toBe(null)
      }),
      runs(150),
    )
  })
})
