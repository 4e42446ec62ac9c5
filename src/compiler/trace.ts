/** trace: a pure function becomes a Graph. Its state and arguments are inputs, and so is the data that it captured. */
import { noPair } from '../../types/compile.ts'
import type { Dims, DType, Sizes } from '../../types/dim.ts'
import { ShapeError } from '../../types/shape-error.ts'
import * as e from '../graph/expression.ts'
import { type Graph, graphOf, mapGraph, withInputs } from '../graph/graph.ts'
import { sameDims } from '../graph/infer.ts'
import type { Node } from '../graph/node.ts'
import type { Elements } from '../graph/op.ts'
import { isBranch, type Leaf, leaves, withLeaves } from '../graph/tree.ts'
import type { Storage } from './kernel.ts'

/** What an argument will be. */
export interface Specified {
  readonly shape: Dims
  readonly dtype: DType
  /** Sizes of names in the shape that were bound by `dim`. */
  readonly sizes?: Sizes
  readonly storage?: Storage
}

/** What is to be compiled. */
export interface Source {
  /** A pure function from state, arguments and residents to the next state and a result, trees of tensors all. */
  readonly step: (state: never, ...args: never[]) => readonly [unknown, unknown]
  /** A tree of tensors: shapes, and initial values. */
  readonly state: unknown
  readonly args: readonly Specified[]
  /** What the host puts into the arena before the steps that read it: rows of a data set. */
  readonly residents?: readonly Specified[]
  /** One entry of the program for each. */
  readonly bind: readonly Sizes[]
}

export interface Input {
  readonly role: 'state' | 'argument' | 'captured' | 'resident'
  readonly path: string
  readonly storage?: Storage
}
export interface Traced {
  /** Outputs: the leaves of the next state, then those of the result. Shapes may hold names. */
  readonly graph: Graph
  readonly inputs: readonly Input[]
  readonly state: readonly Leaf[]
  /** The elements of each captured input. */
  readonly captured: readonly Elements[]
  readonly results: readonly Leaf[]
  /** The result's tree, with nodes as leaves. */
  readonly resultTree: unknown
}

export const trace = ({ step, state, args, residents = [] }: Source): Traced => {
  const stateLeaves = leaves(state)
  const stateInputs = stateLeaves.map(({ path, node }) => e.parameter(path, node.shape, node.dtype, node.sizes))
  const argInputs = parameters('argument', args)
  const residentInputs = parameters('resident', residents)
  const run = step as (state: unknown, ...args: readonly unknown[]) => unknown
  const given = [...stateInputs, ...argInputs, ...residentInputs]
  const [next, result] = pair(run(withLeaves(state, stateInputs), ...argInputs, ...residentInputs))
  const nextLeaves = leaves(next)
  checkNumbers(state, next)
  checkState(stateLeaves, nextLeaves)
  const results = leaves(result)
  const { graph, captured } = capture(
    graphOf(
      [...nextLeaves, ...results].map(({ node }) => node),
      given,
    ),
  )
  return {
    graph,
    inputs: [
      ...stateLeaves.map(({ path }): Input => ({ role: 'state', path })),
      ...args.map(told('argument')),
      ...residents.map(told('resident')),
      ...captured.map((_, i): Input => ({ role: 'captured', path: `${i}` })),
    ],
    state: stateLeaves,
    captured,
    results,
    resultTree: result,
  }
}

const parameters = (role: Input['role'], all: readonly Specified[]): readonly Node[] =>
  all.map(({ shape, dtype, sizes }, i) => e.parameter(`${role} ${i}`, shape, dtype, sizes))
const told =
  (role: Input['role']) =>
  ({ storage }: Specified, i: number): Input => ({ role, path: `${i}`, ...(storage === undefined ? {} : { storage }) })

/** What untyped JavaScript may forget: an async function gives a promise. */
const pair = (given: unknown): readonly [unknown, unknown] => {
  if (!Array.isArray(given) || given.length !== 2) throw new ShapeError(noPair)
  return [given[0], given[1]]
}

/** Numbers in a state are part of the program: one that changes was meant to be a tensor. */
const checkNumbers = (state: unknown, next: unknown, path = 'the state'): void => {
  if (typeof state === 'number' && !Object.is(state, next))
    throw new ShapeError(`compile: ${path} is the number ${state}, which a step cannot change; write scalar(${state})`)
  if (!isBranch(state) || !isBranch(next)) return
  for (const [key, child] of Object.entries(state)) checkNumbers(child, next[key], path === 'the state' ? key : `${path}.${key}`)
}

/** The next state must be the state again: same leaves, same shapes, same dtypes. */
const checkState = (state: readonly Leaf[], next: readonly Leaf[]): void => {
  const show = ({ shape, dtype }: Node): string => `${dtype === 'f32' ? '' : `${dtype} `}[${shape.join(', ')}]`
  const fail = (why: string): never => {
    throw new ShapeError(`compile: the first result is not of the type of the state: ${why}`)
  }
  for (const leaf of state) {
    const twin = next.find(({ path }) => path === leaf.path)
    if (twin === undefined) fail(leaf.path === '' ? 'it is no tensor' : `it has no '${leaf.path}'`)
    else if (!sameDims(twin.node.shape, leaf.node.shape) || twin.node.dtype !== leaf.node.dtype)
      fail(`${leaf.path === '' ? 'it' : `'${leaf.path}'`} is ${show(leaf.node)}, then ${show(twin.node)}`)
  }
  const extra = next.find(({ path }, i) => state[i]?.path !== path)
  if (extra !== undefined) fail(`'${extra.path}' is not in the state, or stands at another place`)
}

/** Data that the function captured become inputs; a single element is a constant. */
const capture = (graph: Graph): { readonly graph: Graph; readonly captured: readonly Elements[] } => {
  const inputs: Node[] = []
  const captured: Elements[] = []
  const replaced = mapGraph(graph, (n, operands) => {
    if (n.op !== 'data') return withInputs(n, operands)
    const { values, shape, dtype } = n.attributes
    if (values.length === 1) return e.full(shape, values[0] as number, dtype, n.sizes)
    captured.push(values)
    inputs.push(e.parameter(`captured ${inputs.length}`, shape, dtype, n.sizes))
    return inputs[inputs.length - 1] as Node
  })
  return { graph: graphOf(replaced.outputs, [...replaced.inputs, ...inputs]), captured }
}
