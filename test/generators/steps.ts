/** Loops over time, step by step: what is known of the nodes of a body at every step. */
import { count, type Value } from '../../src/graph/evaluate/value.ts'
import type { Graph, Node, NodeOf } from '../../src/graph/op.ts'

/** What is known of the outputs of a body, step by step, in the order of the steps. */
export interface Steps<T> {
  /** The carries and the rows of results after each step. */
  readonly outputs: readonly (readonly T[])[]
  /** Of every node of the body at every step. */
  readonly all: readonly T[]
}

/** Runs loops over what is known of their operands; siblings, which come one after the other, share a run. */
export const stepsOf = <T>(row: (sequence: T, t: number) => T, known: (node: Node, operands: readonly T[]) => T) => {
  const runs = new WeakMap<Graph, { readonly operands: readonly T[]; readonly steps: Steps<T> }>()
  return (node: NodeOf<'scan'>, operands: readonly T[]): Steps<T> => {
    const { body } = node.attributes
    const last = runs.get(body)
    if (last?.operands.every((operand, i) => operand === operands[i])) return last.steps
    const steps = run(node, operands, row, known)
    runs.set(body, { operands, steps })
    return steps
  }
}
const run = <T>(
  { attributes: { body, carries, sequences, shape, reverse } }: NodeOf<'scan'>,
  operands: readonly T[],
  row: (sequence: T, t: number) => T,
  known: (node: Node, operands: readonly T[]) => T,
): Steps<T> => {
  const length = shape[0] as number
  const outputs: (readonly T[])[] = []
  const all: T[] = []
  let state = operands.slice(0, carries)
  for (let step = 0; step < length; step++) {
    const t = reverse ? length - 1 - step : step
    const rows = operands.slice(carries, carries + sequences).map((sequence) => row(sequence, t))
    const given = [...state, ...rows, ...operands.slice(carries + sequences)]
    const met = new Map<Node, T>(body.inputs.map((input, i) => [input, given[i] as T]))
    for (const node of body.nodes)
      if (!met.has(node))
        met.set(
          node,
          known(
            node,
            node.inputs.map((input) => met.get(input) as T),
          ),
        )
    all.push(...met.values())
    const found = body.outputs.map((output) => met.get(output) as T)
    outputs.push(found)
    state = found.slice(0, carries)
  }
  return { outputs, all }
}

/** One f32 value of an output of the loop from those of its steps. */
export const gatheredOutput = (
  { attributes: { carries, output, reverse }, shape }: NodeOf<'scan'>,
  initial: Value,
  steps: readonly Value[],
): Value => {
  if (output < carries) return steps[steps.length - 1] ?? initial
  const values = new Float64Array(count(shape as readonly number[]))
  const rows = reverse ? steps.toReversed() : steps
  for (const [t, row] of rows.entries()) values.set(row.values, t * row.values.length)
  return { dtype: 'f32', shape: shape as readonly number[], values }
}
