/**
 * The table of contents: a pure function goes in at the top, a program that runs comes out at the bottom.
 * Every pass has a room of its own; nothing is decided here.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ArgsOfStep, CompileOptions, PairFault, ResultOfStep, StateOfStep, Step } from '../../types/compile.ts'
import type { Sizes } from '../../types/dim.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { TargetOptions } from '../../types/target.ts'
import { bindDims, type Graph } from '../graph/graph.ts'
import { print } from '../graph/print.ts'
import { verify } from '../graph/verify.ts'
import { compileModule, hostFault, hostTarget } from '../runtime/compile-module.ts'
import { type CompileError, type Executable, executableOf, overLimit } from '../runtime/executable.ts'
import { instantiate } from '../runtime/instantiate.ts'
import type { Machine } from '../runtime/machine.ts'
import { type Program, programOf } from '../runtime/program.ts'
import { typed } from '../tensor/typed.ts'
import { emit } from '../wasm/emit/emit.ts'
import { type Bindings, bindings, checkBound, checkGiven, specified } from './bind.ts'
import { debug } from './debug.ts'
import { arenaText, kernelsText, passesText } from './dump.ts'
import { fingerprint } from './fingerprint.ts'
import { fuse } from './fuse/fuse.ts'
import { type Laid, layout } from './layout/layout.ts'
import { memoryOf } from './memory.ts'
import { type Plan, planEntries } from './plan.ts'
import { memory } from './remember.ts'
import { schedule } from './schedule.ts'
import { simplifyPasses } from './simplify/simplify.ts'
import { type Stopwatch, stopwatch } from './stopwatch.ts'
import { optionsFault, strictTarget, type Target, targetOf } from './target.ts'
import { barriersOf } from './threads/barriers.ts'
import { type Divided, divide } from './threads/divide.ts'
import { type Source, type Traced, trace } from './trace.ts'

/**
 * A user's own step as a program. The state lives in the arena and is updated in place; `bind` gives each open name a size,
 * or several: an entry of the program for each. A shape mistake throws; what the host lacks is a `CompileError`.
 *
 * @example
 * const halve = (count: Tensor<[]>, x: Tensor<['n']>) => [add(count, 1), mul(x, 0.5)] as const
 * const halving = await compile(halve, { state: zeros([]), args: [spec(['n'])], bind: { n: [2, 3] } })()
 * halving._tag === 'Right' ? toArray(halving.right.step(tensor([4, 6], [dim('n', 2)]))) : [] // => [2, 3]
 */
export const compile: Compile = typed((step: Source['step'], options: UntypedOptions) => {
  checkGiven(step, options)
  const { state, args, bind } = options
  const target = targetOf('compile', options)
  const fault = optionsFault('compile', options)
  if (fault !== null) throw new ShapeError(fault)
  checkBound(bind ?? {}, specified(step, args), state)
  const source: Source = { step, state, args, bind: bindings(bind ?? {}) }
  const watch = stopwatch()
  const traced = watch('trace', trace)(source)
  return pipe(
    buildTraced(traced, source.bind, target, watch),
    TE.map((machine) => programOf(machine, { state, result: traced.resultTree, args: source.args })),
  )
})
interface UntypedOptions extends Pick<Source, 'state' | 'args'>, TargetOptions {
  readonly bind?: Bindings
}
export type Compile = <F extends Step, G extends unknown[], const S, B>(
  step: F,
  options: CompileOptions<F, G, S, B> & PairFault<F>,
) => TE.TaskEither<CompileError, Program<StateOfStep<F>, ArgsOfStep<F>, ResultOfStep<F>>>

/** Compiles a source and starts a machine of it. A structure that was compiled before is not compiled again. */
export const build = (source: Source, target: Target = strictTarget): TE.TaskEither<CompileError, Machine> => {
  const watch = stopwatch()
  return buildTraced(watch('trace', trace)(source), source.bind, target, watch)
}

const buildTraced = (traced: Traced, bind: readonly Sizes[], asked: Target, watch: Stopwatch): TE.TaskEither<CompileError, Machine> => {
  const { target, lacking } = hostTarget(asked)
  return pipe(
    remembered(fingerprint(traced, bind, target), () => compileTraced(traced, bind, target, watch)),
    TE.chainEitherK((executable) => within(target.memoryLimit, executable)),
    TE.chain((executable) =>
      instantiate(
        executable,
        traced.state.map(({ node }) => node),
        traced.captured,
        lacking,
      ),
    ),
  )
}

/** One that was compiled under another limit may be over this one. */
const within = (memoryLimit: number, executable: Executable): E.Either<CompileError, Executable> => {
  const { arenaBytes } = executable.report
  const fault = overLimit(memoryLimit, arenaBytes, () => memoryOf({ arenaBytes, entries: executable.entries.map(({ laid }) => laid) }))
  return fault === null ? E.right(executable) : E.left(fault)
}

/** The pipeline's first half, which decides everything: Graph -> Graph -> Kernels -> ordered Kernels -> laid Kernels -> Arena. */
export const lower = (traced: Traced, bind: readonly Sizes[], target: Target = strictTarget, watch: Stopwatch = stopwatch()): Lowered => {
  const entries = bind.map((sizes) =>
    pipe(
      traced.graph,
      watch('bind', (g) => checked('bind', bindDims(g, sizes, 'compile'))),
      simplified(watch),
      watch('fuse', (g) => fuse(g, traced.inputs)),
      watch('schedule', (fused) => schedule(fused, traced.state.length)),
      watch('layout', (scheduled) => layout(scheduled, target)),
    ),
  )
  const divided = watch('divide', (laid: readonly Laid[]) => divide(laid, target))(entries)
  const plan = watch('plan', planEntries)(divided)
  const barriers = watch('barriers', barriersOf)({ ...divided, plan })
  return { ...divided, plan, barriers }
}
export interface Lowered extends Divided {
  readonly plan: Plan
  /** For each entry, the kernels before which threads wait for each other. */
  readonly barriers: readonly (readonly boolean[])[]
}

/** The second half, which only writes down: -> bytes -> Executable. */
export const compileTraced = (
  traced: Traced,
  bind: readonly Sizes[],
  target: Target = strictTarget,
  watch: Stopwatch = stopwatch(),
): TE.TaskEither<CompileError, Executable> => {
  const lowered = lower(traced, bind, target, watch)
  const { entries, plan } = lowered
  const arenaBytes = plan.bytes
  const fault = hostFault(arenaBytes) ?? overLimit(target.memoryLimit, arenaBytes, () => memoryOf({ arenaBytes, entries }))
  if (fault !== null) return TE.left(fault)
  const emitted = watch('emit', emit)({ ...lowered, target })
  debug.say(2, 'schedule', () => entries.map((entry, i) => kernelsText(entry, lowered.barriers[i])).join('\n\n'))
  debug.say(4, 'arena', () => arenaText(entries, plan))
  debug.say(5, 'module', emitted.text)
  const start = performance.now()
  return pipe(
    compileModule(emitted.bytes),
    TE.map((module) => {
      const passes = { ...watch.times(), engine: performance.now() - start }
      debug.say(1, 'compiled', () => passesText(passes, plan.bytes, emitted.bytes.length))
      return executableOf({ ...lowered, module, bind, emitted, passes, target })
    }),
  )
}

const simplified =
  (watch: Stopwatch) =>
  (graph: Graph): Graph =>
    simplifyPasses.reduce((g, pass) => watch(pass.name, (before: Graph) => checked(pass.name, pass.run(before)))(g), graph)

/** The graph, dumped and verified under the name of the pass that made it, when the ladder asks for it. */
const checked = (pass: string, graph: Graph): Graph => {
  debug.say(3, pass, () => print(graph))
  if (debug.at(1)) verify(graph, pass)
  return graph
}

/** Executables by structure: enough for several models' training, scoring and predicting, with some options tried. They hold no data. */
const executables = memory<Executable>(32)

const remembered = (key: string, make: () => TE.TaskEither<CompileError, Executable>): TE.TaskEither<CompileError, Executable> => {
  const known = executables.get(key)
  if (known !== undefined) return TE.right(known)
  return pipe(
    make(),
    TE.map((executable) => {
      executables.set(key, { ...executable, report: { ...executable.report, compileMilliseconds: 0 } })
      return executable
    }),
  )
}
