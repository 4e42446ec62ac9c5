/** Law 1, second half: the emitted program agrees with the evaluator. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import { interpretAll, type Value } from '../../src/graph/interpret.ts'
import { type Magnitude, magnitudes } from '../../src/graph/magnitude.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Entry, Machine } from '../../src/runtime/machine.ts'
import { type Sample, samples } from '../generators/graphs.ts'
import { runs } from '../generators/runs.ts'
import { disagreement } from './agreement.ts'
import { stepOf } from './replay.ts'

const built = async (source: Parameters<typeof build>[0]): Promise<Machine> => {
  const machine = await build(source, {})()
  if (isLeft(machine)) throw new Error(`not compiled: ${JSON.stringify(machine.left)}`)
  return machine.right
}

/** One step: what disagrees between the program and the evaluator, state first. */
const broken = async (sample: Sample, kept: number): Promise<string | null> => {
  const { source, graph, args } = stepOf(sample, kept)
  const machine = await built(source)
  const { args: slots, results, run } = machine.entries[0] as Entry
  args.forEach(({ values }, i) => {
    slots[i]?.view.set(values)
  })
  run()
  const values = interpretAll(graph, sample.values)
  const met = magnitudes(graph, values)
  for (const [i, slot] of [...machine.state, ...results].entries()) {
    const output = graph.outputs[i] as Node
    const wrong = disagreement(values.get(output) as Value, met.get(output) as Magnitude, slot.view)
    if (wrong !== null) return `${i < kept ? `state ${i}` : `result ${i - kept}`}: ${wrong}`
  }
  return null
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
})
