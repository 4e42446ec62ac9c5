/** A module and initial values -> a machine. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { elementsOf as elementsOfGraph } from '../graph/elements.ts'
import { bindDims, graphOf } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'
import type { Elements } from '../graph/op.ts'
import { waitingIn } from '../wasm/emit/barrier.ts'
import { type CompileError, type Executable, type Lacking, nothingLacking, tooLarge } from './executable.ts'
import { type Instantiated, type Machine, start } from './machine.ts'

/** Memory may be refused by the host; that is its answer, not our mistake. */
export const instantiate = (
  executable: Executable,
  state: readonly Node[],
  captured: readonly Elements[],
  lacking: Lacking = nothingLacking,
): TE.TaskEither<CompileError, Machine> =>
  TE.tryCatch(
    async () => start(executable, await instanceOf(executable), elementsOf(state), captured, lacking),
    (cause): CompileError => {
      if (cause instanceof RangeError) return tooLarge(executable.report.arenaBytes, 'more than the host gives')
      throw cause
    },
  )

const instanceOf = async ({ module, shared }: Executable): Promise<Instantiated> => {
  if (shared === null) {
    const instance = await WebAssembly.instantiate(module, {})
    return { instance, memory: instance.exports.memory as WebAssembly.Memory }
  }
  const memory = new WebAssembly.Memory({ initial: shared.pages, maximum: shared.pages, shared: true })
  return { instance: await WebAssembly.instantiate(module, { env: { memory, ...waitingIn(memory) } }), memory }
}

/** The elements of each tensor: data as they are, expressions through the evaluator, all in one walk. */
export const elementsOf = (tensors: readonly Node[]): readonly Elements[] => {
  const expressions = tensors.filter((n) => n.op !== 'data')
  const computed = elementsOfGraph(bindDims(graphOf(expressions, []), {}, 'compile'))
  const values = new Map(expressions.map((n, i) => [n, computed[i] as Elements]))
  return tensors.map((n) => (n.op === 'data' ? n.attributes.values : (values.get(n) as Elements)))
}
