/** A loop over time, step by step. */
import type { Graph, Loop } from '../op.ts'
import { allocate, count, sizesOf, type Value } from './value.ts'

/** Every output of the loop: the final carries, then the stacked results. */
export const evaluateLoop = (
  { body, carries, sequences, shape, reverse }: Loop,
  inputs: readonly Value[],
  interpret: (graph: Graph, inputs: readonly Value[]) => readonly Value[],
): readonly Value[] => {
  const [length = 0] = sizesOf(shape)
  const results = body.outputs.slice(carries).map(({ dtype, shape: row }): Value => {
    const stacked = [length, ...sizesOf(row)]
    return { dtype, shape: stacked, values: allocate(dtype, stacked) }
  })
  const constants = inputs.slice(carries + sequences)
  let state = inputs.slice(0, carries)
  for (let step = 0; step < length; step++) {
    const t = reverse ? length - 1 - step : step
    const rows = inputs.slice(carries, carries + sequences).map((sequence) => rowOf(sequence, t))
    const outputs = interpret(body, [...state, ...rows, ...constants])
    state = outputs.slice(0, carries)
    results.forEach(({ values }, i) => {
      const row = outputs[carries + i] as Value
      values.set(row.values, t * row.values.length)
    })
  }
  return [...state, ...results]
}

/** Row t of a sequence. */
export const rowOf = ({ dtype, shape, values }: Value, t: number): Value => {
  const row = shape.slice(1)
  const length = count(row)
  return { dtype, shape: row, values: values.subarray(t * length, (t + 1) * length) }
}
