/** Experiments: a step from a state to a state, run on given values by the evaluator and as a program, and judged. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { build } from '../../src/compiler/compile.ts'
import type { Source } from '../../src/compiler/trace.ts'
import { describeNumber } from '../../src/graph/describe.ts'
import type { Value } from '../../src/graph/evaluate/value.ts'
import * as ir from '../../src/graph/expression.ts'
import { bindDims, graphOf } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import { leaves, withLeaves } from '../../src/graph/tree.ts'
import type { ValuesByName } from './golden.ts'

export type Nodes = Readonly<Record<string, Node>>
export interface Experiment {
  /** What the state is made from. */
  readonly given: ValuesByName
  /** A tree of tensors. */
  readonly start: (given: Nodes) => unknown
  /** The next state, and a tree whose paths are the names that are expected. */
  readonly step: (state: unknown, args: Nodes) => readonly [unknown, unknown]
  /** The arguments of each step, and what it should give. */
  readonly steps: readonly { readonly args: ValuesByName; readonly expected: ValuesByName }[]
}
export type Mode = 'interpreted' | 'compiled'

/** Of the largest magnitude expected in a tensor, and of 1. The evaluator works in f64, a program in f32. */
const tolerances: { readonly [M in Mode]: number } = { interpreted: 1e-9, compiled: 1e-5 }

/** What is wrong, a sentence each. */
export const judge = async (experiment: Experiment, mode: Mode): Promise<readonly string[]> => {
  const runs = await (mode === 'interpreted' ? interpreted(experiment) : compiled(experiment))
  return experiment.steps.flatMap(({ expected }, i) => {
    const at = experiment.steps.length === 1 ? '' : `step ${i + 1}: `
    return Object.entries(expected).flatMap(([name, wanted]) => {
      const wrong = difference(wanted, runs[i]?.[name], tolerances[mode])
      return wrong === null ? [] : [`${at}${name}${wrong}`]
    })
  })
}

type Got = Readonly<Record<string, { readonly shape: readonly unknown[]; readonly values: ArrayLike<number> }>>

const parameters = (values: ValuesByName): Nodes =>
  Object.fromEntries(Object.entries(values).map(([name, { shape, dtype }]) => [name, ir.parameter(name, shape, dtype)]))
const evaluated = (outputs: readonly Node[], inputs: readonly Node[], values: readonly Value[]): readonly Value[] =>
  interpret(bindDims(graphOf(outputs, inputs), {}, 'conformance'), values)
const nodesOf = (tree: unknown): readonly Node[] => leaves(tree).map(({ node }) => node)

const interpreted = async ({ given, start, step, steps }: Experiment): Promise<readonly Got[]> => {
  const inputs = parameters(given)
  const first = start(inputs)
  let state = evaluated(nodesOf(first), Object.values(inputs), Object.values(given))
  return steps.map(({ args }) => {
    const before = state.map(({ shape, dtype }, i) => ir.parameter(`state ${i}`, shape, dtype))
    const given = parameters(args)
    const [next, outputs] = step(withLeaves(first, before), given)
    const found = leaves(outputs)
    const all = evaluated(
      [...nodesOf(next), ...found.map(({ node }) => node)],
      [...before, ...Object.values(given)],
      [...state, ...Object.values(args)],
    )
    state = all.slice(0, before.length)
    return Object.fromEntries(found.map(({ path }, i) => [path, all[before.length + i] as Value]))
  })
}

const compiled = async ({ given, start, step, steps }: Experiment): Promise<readonly Got[]> => {
  const names = Object.keys(steps[0]?.args ?? {})
  const data = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, captured(value)]))
  let paths: readonly string[] = []
  const source = {
    step: (state: unknown, ...args: readonly Node[]) => {
      const [next, outputs] = step(state, Object.fromEntries(names.map((name, i) => [name, args[i] as Node])))
      paths = leaves(outputs).map(({ path }) => path)
      return [next, outputs] as const
    },
    state: start(data),
    args: Object.values(steps[0]?.args ?? {}).map(({ shape, dtype }) => ({ shape, dtype })),
    bind: [{}],
  }
  const machine = await build(source as Source)()
  if (isLeft(machine)) throw new Error(JSON.stringify(machine.left))
  const entry = machine.right.entries[0]
  if (entry === undefined) throw new Error('the program has no entry')
  return steps.map(({ args }) => {
    names.forEach((name, i) => {
      entry.args[i]?.view.set((args[name] as Value).values)
    })
    entry.run()
    return Object.fromEntries(entry.results.map(({ shape, view }, i) => [paths[i] as string, { shape, values: view.slice() }]))
  })
}
const captured = ({ shape, dtype, values }: Value): Node =>
  ir.data(values instanceof Float64Array ? Float32Array.from(values) : values, shape, dtype)

/** The largest error and its place, or null. */
const difference = (wanted: Value, got: Got[string] | undefined, tolerance: number): string | null => {
  if (got === undefined) return ' is missing'
  if (got.shape.join() !== wanted.shape.join()) return ` has shape [${got.shape}], not [${wanted.shape}]`
  const scale = Math.max(1, ...Array.from(wanted.values, Math.abs).filter(Number.isFinite))
  const allowed = wanted.dtype === 'f32' ? tolerance * scale : 0
  const errors = Array.from(wanted.values, (x, i) => distance(x, got.values[i] as number))
  const worst = errors.reduce((best, error, i) => (error > (errors[best] as number) ? i : best), 0)
  const error = errors[worst] ?? 0
  if (error <= allowed) return null
  const number = (x: number | undefined) => describeNumber(x ?? 0, wanted.dtype)
  return `[${place(wanted.shape, worst)}] is ${number(got.values[worst])}, not ${number(wanted.values[worst])}: ${error} apart, ${allowed} allowed`
}
const distance = (a: number, b: number): number => {
  if (Object.is(a, b) || a === b) return 0
  const apart = Math.abs(a - b)
  return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart
}
const place = (shape: readonly number[], i: number): string =>
  shape.map((n, axis) => Math.floor(i / shape.slice(axis + 1).reduce((product, m) => product * m, 1)) % n).join(', ')
