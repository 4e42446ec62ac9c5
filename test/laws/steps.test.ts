/** Law 1 on the training steps of the examples: each entry of a program agrees with the evaluator. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import { trace } from '../../src/compiler/trace.ts'
import type { Value } from '../../src/graph/evaluate/value.ts'
import { bindDims } from '../../src/graph/graph.ts'
import { interpretAll } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import type { DataSlot } from '../../src/runtime/machine.ts'
import { type Magnitude, magnitudes } from '../generators/magnitude.ts'
import { drawn } from '../generators/values.ts'
import { disagreement } from './agreement.ts'
import { sources } from './sources.ts'

const contents = ({ shape, dtype, view }: DataSlot): Value => ({
  dtype,
  shape,
  values: dtype === 'f32' ? Float64Array.from(view) : dtype === 'i32' ? Int32Array.from(view) : Uint8Array.from(view),
})
/** Pixels, or labels of the first two classes, or bytes of all values. */
const given = (slot: DataSlot, seed: number): void => {
  if (slot.view instanceof Uint8Array) slot.view.set(slot.view.map((_, i) => (i * 37 + seed) % 256))
  else drawInto(slot, seed)
}
const drawInto = (slot: DataSlot, seed: number): void => {
  const { values } = drawn(slot.dtype === 'f32' ? 'f32' : 'bool', slot.shape, 'small', seed)
  slot.view.set(values)
}

describe.each(Object.entries(sources))('law 1: a training step agrees with the evaluator: %s', (_, make) => {
  it('in every entry, three steps in a row', async () => {
    const source = make()
    const { graph, captured } = trace(source)
    const machine = await build(source)()
    if (isLeft(machine)) throw new Error(JSON.stringify(machine.left))
    const { entries, state, residents } = machine.right
    residents.forEach(given)
    for (const [step, { sizes, args, results, run }] of [...entries, ...entries, ...entries].slice(0, 3).entries()) {
      args.forEach((slot, i) => {
        given(slot, 10 * step + i)
      })
      const bound = bindDims(graph, sizes, 'the law')
      const rest = captured.map((values, i): Value => {
        const { shape, dtype } = bound.inputs[state.length + args.length + residents.length + i] as Node
        return { dtype, shape: shape as readonly number[], values: values instanceof Float32Array ? Float64Array.from(values) : values }
      })
      const all = interpretAll(bound, [...state.map(contents), ...args.map(contents), ...residents.map(contents), ...rest])
      const met = magnitudes(bound, all)
      run()
      for (const [i, slot] of [...state, ...results].entries()) {
        const output = bound.outputs[i] as Node
        expect(disagreement(all.get(output) as Value, met.get(output) as Magnitude, slot.view), `step ${step}, ${slot.path}`).toBe(null)
      }
    }
  })
})
