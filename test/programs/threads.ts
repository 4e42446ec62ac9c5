/** Two training steps on one thread and on two, a thousand times each: a network with dropout and Adam, and a small convolutional one. */
import { adam, conv2d, dense, dropout, flatten, input, key, maxPool2d, momentum, pipe, relu, softmaxCrossEntropy } from 'shapewright'
import { build } from '../../src/compiler/compile.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import type { Source } from '../../src/compiler/trace.ts'
import { constant } from '../../src/graph/expression.ts'
import { tensorOf } from '../../src/graph/node.ts'
import type { Machine } from '../../src/runtime/machine.ts'
import { trainingSource } from '../../src/train/step.ts'
import { sha256 } from './digest.ts'

const batch = 16
const dropped = pipe(input([48]), dense(64), relu, dropout(0.3), dense(10))
const convolved = pipe(input([12, 12, 1]), conv2d({ filters: 8, kernel: 3, padding: 'same' }), relu, maxPool2d(2), flatten, dense(10))

/** Shapes are checked where users hand models to `fit`; this stands below that. */
const untyped = <T>(value: unknown): T => value as T
const sourceOf = (model: unknown, shape: readonly number[], optimizer: unknown): Source => {
  const { init } = untyped<{ init: (k: ReturnType<typeof key>) => unknown }>(model)
  const { init: start } = untyped<{ init: (params: unknown) => unknown }>(optimizer)
  const params = init(key(0))
  const state = { params, optimizer: start(params), key: key(1), step: tensorOf(constant(0, 'i32')) }
  const column = { length: 1, width: 1, sizes: {}, classes: null, values: new Float32Array(0) }
  const columns = [
    { ...column, shape, dtype: 'f32' },
    { ...column, shape: [], dtype: 'i32' },
  ]
  const objective = { loss: softmaxCrossEntropy, metrics: {} }
  return trainingSource(
    untyped(model),
    untyped(objective),
    untyped(optimizer),
    untyped(state),
    untyped({ columns, sizes: {}, rows: [batch] }),
  )
}

const programs: Readonly<Record<string, () => Source>> = {
  dropout: () => sourceOf(dropped, [48], adam({ learningRate: 0.01 })),
  convolution: () => sourceOf(convolved, [12, 12, 1], momentum({ learningRate: 0.02, momentum: 0.9 })),
}

/** Everything that can be divided is; where the host has workers, they have the program when this resolves. */
const machineOf = async (source: Source, threads: number): Promise<Machine> => {
  const built = await build(source, { ...strictTarget, threads, grain: 0 })()
  if (built._tag === 'Left') throw new Error(built.left.message)
  const machine = built.right
  for (let i = 0; i < 1000 && machine.threads() < machine.report.threads; i++) await new Promise((turn) => setTimeout(turn, 10))
  return machine
}

/** A thousand steps on batches that differ; the bits of all state. */
const trained = async (machine: Machine): Promise<string> => {
  const [entry] = machine.entries
  if (entry === undefined) throw new Error('a program without an entry')
  let seed = 1
  const next = (): number => {
    seed = (seed * 48271) % 2147483647
    return seed
  }
  for (let step = 0; step < 1000; step++) {
    // the batch as it was but for some of its numbers
    for (const { view, dtype } of entry.args)
      for (let i = step === 0 ? 0 : step % 7; i < view.length; i += step === 0 ? 1 : 7)
        view[i] = dtype === 'i32' ? next() % 10 : (next() % 1024) / 512 - 1
    entry.run()
  }
  return sha256(machine.state.filter(({ dtype }) => dtype === 'f32').map(({ view }) => Float32Array.from(view)))
}

export interface Run {
  readonly hash: string
  /** Threads that shared the last step. */
  readonly threads: number
  readonly notice: string | null
}

/** Every program on one thread and on two. */
export const run = async (): Promise<Readonly<Record<string, readonly Run[]>>> => {
  const found: Record<string, readonly Run[]> = {}
  for (const [name, source] of Object.entries(programs)) {
    const runs: Run[] = []
    for (const threads of [1, 2]) {
      const machine = await machineOf(source(), threads)
      const hash = await trained(machine)
      runs.push({ hash, threads: machine.threads(), notice: machine.report.threadsNotice })
    }
    found[name] = runs
  }
  return found
}
