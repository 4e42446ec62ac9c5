/** A program: a machine that takes tensors and gives tensors. What a user's own training step becomes. */
import type { Dim, Dims, Sizes } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import type { Fitting } from '../../types/fitting.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { type DimsAndType, showTyped } from '../../types/show.ts'
import { argumentMessage, countMessage, type StepArguments } from '../../types/step.ts'
import * as e from '../graph/expression.ts'
import { isNode, mergeSizes, ownSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import type { Elements } from '../graph/op.ts'
import { checkTree, type Leaf, leaves, withLeaves } from '../graph/tree.ts'
import type { Report } from './executable.ts'
import { elementsOf } from './instantiate.ts'
import type { Entry, Machine, Slot } from './machine.ts'
import { type ProfileOptions, profileOf } from './profile.ts'
import type { Profile } from './profile-text.ts'

/** A compiled step: state in the arena, updated in place. */
export interface Program<State, Args extends unknown[], Result> {
  /** One step: one call of the compiled code. Arguments are copied in, the result is copied out. */
  readonly step: <G extends unknown[]>(...args: StepArguments<Args, G>) => Result
  /** The state as it is now: a value that later steps do not change. */
  readonly read: () => State
  /** Puts a state in place of the present one; its tree and shapes must be the same. */
  readonly write: <const S>(state: Fitting<'write', 'the program has', 'state', S, State>) => void
  /** The arena, allocated once. */
  readonly memory: WebAssembly.Memory
  readonly report: Report
  /**
   * Where the time of a step goes: every kernel of every entry timed alone, in microseconds, beside its operations, its bytes and
   * its share of this host's peak. It takes about `milliseconds` (200) for each entry, on made-up arguments; the state stays as it is.
   * Written to a console or into a template, it is a table.
   *
   * @example
   * const program = await compile((w: Tensor<[8]>) => [mul(w, 0.5), sum()(w)] as const, { state: ones([8]), args: [] })()
   * const [step] = program._tag === 'Right' ? program.right.profile({ milliseconds: 1 }).entries : []
   * step?.kernels.map(({ computes, flops }) => `${computes}: ${flops}`) // => ['mul, sum: 16']
   */
  readonly profile: (options?: ProfileOptions) => Profile
}

/** The trees of a traced step, whose leaves are filled from the arena. */
export interface Trees {
  readonly state: unknown
  readonly result: unknown
  /** What the step was compiled for. */
  readonly args: readonly DimsAndType[]
}

export const programOf = (machine: Machine, trees: Trees): Program<unknown, unknown[], unknown> => ({
  step: (...args) => {
    const nodes = checkedArguments(args, trees.args)
    const entry = entryFor(machine.entries, nodes)
    entry.args.forEach((slot, i) => {
      slot.view.set(elementsOf([nodes[i] as Node])[0] as Elements)
    })
    entry.run()
    return filled(trees.result, entry.results, entry.sizes)
  },
  read: () => filled(trees.state, machine.state, {}),
  write: (state) => {
    const given = leaves(state)
    const fault = machine.state.find(({ path, shape, dtype }, i) => {
      const node = given[i]?.node
      return given[i]?.path !== path || node?.dtype !== dtype || !fitsSizes(node.shape, shape, node.sizes)
    })
    if (fault !== undefined) checkTree('write', 'the program has', 'state', state, trees.state)
    if (fault !== undefined || given.length !== machine.state.length) throw new ShapeError(otherState(fault, given))
    const values = elementsOf(given.map(({ node }) => node))
    machine.state.forEach(({ view }, i) => {
      view.set(values[i] as Elements)
    })
  },
  memory: machine.memory,
  get report() {
    return machine.report
  },
  profile: (options) => profileOf(machine, options),
})

/** The arguments, if they are as many and of the kind that the step was compiled for, whatever sizes names have. */
const checkedArguments = (args: readonly unknown[], wanted: readonly DimsAndType[]): readonly Node[] => {
  if (args.length !== wanted.length) throw new ShapeError(countMessage(wanted.length, args.length))
  return args.map((arg, i) => {
    const spec = wanted[i] as DimsAndType
    if (!isNode(arg)) throw new ShapeError(argumentMessage(i, null, spec))
    const fits =
      arg.dtype === spec.dtype && arg.shape.length === spec.shape.length && arg.shape.every((d, axis) => mayBe(d, spec.shape[axis]))
    if (!fits) throw new ShapeError(argumentMessage(i, arg, spec))
    return arg
  })
}
/** A name may be any size; entries say which. */
const mayBe = (given: Dim, wanted: Dim | undefined): boolean => given === wanted || typeof given === 'string' || typeof wanted === 'string'

/** A state that differs in sizes of names alone, or has leaves that the program does not know. */
const otherState = (fault: Slot | undefined, given: readonly Leaf[]): string => {
  const node = given.find(({ path }) => path === fault?.path)?.node
  if (fault === undefined || node === undefined) return 'write: state has parts that the program has not'
  const shape = node.shape.map((dim) => (typeof dim === 'string' ? (node.sizes[dim] ?? dim) : dim))
  return `write: state.${fault.path} is ${showTyped({ shape, dtype: node.dtype })}, the program has ${showTyped(fault)}`
}

/** Whether a shape with names can be this one. */
const fitsSizes = (shape: Dims, sizes: readonly number[], known: Sizes): boolean =>
  shape.length === sizes.length && shape.every((d, i) => (sizeOfDim(d, known) ?? sizes[i]) === sizes[i])

/** The entry whose arguments have these shapes; names in them stand for what they are bound to. */
const entryFor = (entries: readonly Entry[], args: readonly Node[]): Entry => {
  const entry = entries.find(
    (candidate) =>
      candidate.args.length === args.length &&
      candidate.args.every(
        ({ shape, dtype }, i) =>
          args[i]?.dtype === dtype && fitsSizes((args[i] as Node).shape, shape, { ...candidate.sizes, ...args[i]?.sizes }),
      ),
  )
  if (entry !== undefined) return agreed(entry, args)
  const show = (all: readonly { readonly shape: Dims; readonly dtype: string; readonly sizes?: Sizes }[]): string =>
    all
      .map(({ shape, dtype, sizes }) => `${dtype === 'f32' ? '' : `${dtype} `}[${shape.map((d) => sizes?.[d] ?? d).join(', ')}]`)
      .join(', ')
  throw new ShapeError(`step: compiled for ${entries.map((candidate) => show(candidate.args)).join(' or ')}, got ${show(args)}`)
}

/** The entry, unless a name in the shapes of its arguments has two sizes: by its type each of them fits. */
const agreed = (entry: Entry, args: readonly Node[]): Entry => {
  args.reduce((known, { shape, sizes }) => mergeSizes(known, ownSizes(shape, sizes)), entry.sizes)
  return entry
}

/** The tree with copies of the slots as leaves; names keep their places in the shapes, with their sizes. */
const filled = (tree: unknown, slots: readonly Slot[], sizes: Sizes): unknown =>
  withLeaves(
    tree,
    leaves(tree).map(({ node }, i) => {
      const { view, dtype } = slots[i] as Slot
      const copy = dtype === 'f32' ? new Float32Array(view) : dtype === 'i32' ? new Int32Array(view) : new Uint8Array(view)
      return e.data(copy, node.shape, dtype, ownSizes(node.shape, { ...sizes, ...node.sizes }))
    }),
  )
