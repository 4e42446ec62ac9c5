/** Our own line: the workload's model, compiled as `fit` and `predict` compile it, with the time of each kernel. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import {
  adam,
  conv2d,
  dense,
  flatten,
  input,
  key,
  maxPool2d,
  momentum,
  pipe,
  relu,
  sigmoidBinaryCrossEntropy,
  softmaxCrossEntropy,
  tanh,
} from 'shapewright'
import { build, lower } from '../../src/compiler/compile.ts'
import type { Laid } from '../../src/compiler/layout/layout.ts'
import { type Source, trace } from '../../src/compiler/trace.ts'
import type { Column } from '../../src/data/column.ts'
import { constant } from '../../src/graph/expression.ts'
import { tensorOf } from '../../src/graph/node.ts'
import type { Entry, Machine, Slot } from '../../src/runtime/machine.ts'
import { predictingSource, trainingSource, type UntypedModel, type UntypedOptimizer } from '../../src/train/step.ts'
import { classify, type Piece } from './pieces.ts'
import type { Job } from './protocol.ts'
import { type Runner, serve, steps } from './serve.ts'

/** Shapes are checked where users hand models to `fit`; the benchmark is below that. */
const untyped = <T>(value: unknown): T => value as T
type Model = UntypedModel & { readonly init: (k: ReturnType<typeof key>) => unknown }

const modelOf = ({ network, sizes, loss }: Job): Model => {
  if (network === 'cnn')
    return untyped(
      pipe(
        input([28, 28, 1]),
        conv2d({ filters: 8, kernel: 5, padding: 'same' }),
        relu,
        maxPool2d(2),
        conv2d({ filters: 16, kernel: 5, padding: 'same' }),
        relu,
        maxPool2d(2),
        flatten,
        dense(10),
      ),
    )
  const [first, ...widths] = sizes
  const layers = widths.flatMap((width, i) => [dense(width), ...(i + 1 < widths.length ? [loss === 'flags' ? tanh : relu] : [])])
  return layers.reduce((model: unknown, layer) => (layer as unknown as (m: unknown) => unknown)(model), input([first as number])) as Model
}
const optimizerOf = ({ optimizer, rate }: Job): UntypedOptimizer & { readonly init: (params: never) => unknown } =>
  untyped(optimizer === 'adam' ? adam({ learningRate: rate }) : momentum({ learningRate: rate, momentum: 0.9 }))

const columnOf = (length: number, shape: readonly number[], dtype: 'f32' | 'i32'): Column => ({
  length,
  shape,
  sizes: {},
  width: shape.reduce((a, b) => a * b, 1),
  dtype,
  classes: null,
  values: new Float32Array(0),
})

export const sourceOf = (job: Job): Source => {
  const { batch, network, sizes, loss, mode } = job
  const model = modelOf(job)
  const params = model.init(key(0))
  const pixels = columnOf(batch, network === 'cnn' ? [28, 28, 1] : [sizes[0] as number], 'f32')
  if (mode === 'infer') return predictingSource(model, params, { columns: [pixels], sizes: {}, rows: [batch] })
  const optimizer = optimizerOf(job)
  const objective = { loss: untyped<never>(loss === 'flags' ? sigmoidBinaryCrossEntropy : softmaxCrossEntropy), metrics: {} }
  const state = { params, optimizer: optimizer.init(params as never), key: key(1), step: tensorOf(constant(0, 'i32')) }
  const targets = loss === 'flags' ? columnOf(batch, [1], 'f32') : columnOf(batch, [], 'i32')
  return trainingSource(model, objective, optimizer, state as never, { columns: [pixels, targets], sizes: {}, rows: [batch] })
}

/** The numbers of a data file, in the order in which they were written. */
const reader = (path: string) => {
  const { buffer, byteOffset } = readFileSync(path)
  let at = byteOffset
  return <A>(kind: new (from: ArrayBufferLike, offset: number, length: number) => A, length: number): A => {
    at += 4 * length
    return new kind(buffer, at - 4 * length, length)
  }
}

/** A machine, its data, and how a step is fed. */
interface Fed {
  readonly job: Job
  readonly machine: Machine
  readonly entry: Entry
  readonly feed: (batch: number) => void
  readonly reset: () => void
}

const start = async (job: Job): Promise<Runner> => {
  const began = performance.now()
  const source = sourceOf(job)
  const built = await build(source, {})()
  if (E.isLeft(built)) throw new Error(built.left.message)
  const machine = built.right
  const [entry] = machine.entries
  if (entry === undefined) throw new Error('a program without an entry')
  const state = machine.state.map(({ view }) => view.slice())
  entry.run()
  const firstStep = performance.now() - began
  const fed = fedBy(job, machine, entry, state)
  const runner: Runner = {
    version: process.version,
    reset: fed.reset,
    step: (batch) => {
      fed.feed(batch)
      entry.run()
    },
    values: () => (entry.results[0] as Slot).view.subarray(0, 4),
  }
  return {
    ...runner,
    report: { firstStepMilliseconds: firstStep, ...machine.report },
    more: {
      split: (request) => splitOf(fed, piecesOf(source), request.do === 'split' ? request.milliseconds : 1),
      garbage: (request) => ({ bytes: growth(job, runner, request.do === 'garbage' ? request.steps : 1) }),
    },
  }
}

/** The weights are the file's, everything else of the state is what it was before the first step. */
const fedBy = (job: Job, machine: Machine, entry: Entry, state: readonly Slot['view'][]): Fed => {
  const take = reader(job.data)
  const initial = machine.state.map(({ view, path }, i) =>
    path.startsWith('params') ? take(Float32Array, view.length) : (state[i] as Slot['view']),
  )
  const weights = initial.reduce((sum, { length }, i) => sum + (machine.state[i]?.path.startsWith('params') ? length : 0), 0)
  if (weights !== job.parameters) throw new Error('not the parameters of this network')
  const [x, y] = entry.args
  if (x === undefined) throw new Error('a step without inputs')
  const kind = job.loss === 'classes' ? Int32Array : Float32Array
  const xs = Array.from({ length: job.batches }, () => take(Float32Array, x.view.length))
  const ys = y === undefined ? [] : Array.from({ length: job.batches }, () => take<Slot['view']>(kind, y.view.length))
  return {
    job,
    machine,
    entry,
    feed: (batch) => {
      x.view.set(xs[batch] as Float32Array)
      y?.view.set(ys[batch] as Slot['view'])
    },
    reset: () => {
      for (const [i, { view }] of machine.state.entries()) view.set(initial[i] as Slot['view'])
    },
  }
}

const piecesOf = (source: Source): readonly Piece[] => {
  const [entry] = lower(trace(source), source.bind).entries
  return classify(entry as Laid)
}

/** Kernel by kernel in the order of the step, so that each finds what it needs, and finds it as warm as in the step. */
const splitOf = ({ job, machine, feed, reset }: Fed, pieces: readonly Piece[], milliseconds: number) => {
  const kernels = machine.kernels(0)
  const spent = kernels.map(() => 0)
  const began = performance.now()
  let turns = 0
  for (; turns === 0 || performance.now() - began < milliseconds; turns++) {
    if (turns % 1000 === 0) reset()
    feed(turns % job.batches)
    kernels.forEach(({ run }, i) => {
      const from = performance.now()
      run()
      spent[i] = (spent[i] as number) + performance.now() - from
    })
  }
  const each = kernels.map(({ name }, i) => ({ name, piece: pieces[i] as Piece, microseconds: ((spent[i] as number) * 1000) / turns }))
  const sum = (piece: Piece): number => each.filter((k) => k.piece === piece).reduce((all, k) => all + k.microseconds, 0)
  return { gemm: sum('gemm'), optimizer: sum('optimizer'), rest: sum('rest'), kernels: each }
}

/** The engine puts code and feedback of its own on the heap when steps start anew: short tries go before, until they leave nothing. */
const shortTries = 20
const longTries = 3
const longMilliseconds = 5000

/** The least that so many steps in a row added to the heap, in bytes. The loop is the one that is timed, so that the engine knows it. */
const growth = (job: Job, { reset, step }: Runner, count: number): number => {
  const collect = globalThis.gc
  if (collect === undefined) throw new Error('needs --expose-gc')
  const added = (some: number): number => {
    reset()
    collect()
    const before = process.memoryUsage().heapUsed
    steps(step, some, job.batches)
    return process.memoryUsage().heapUsed - before
  }
  const least = (tries: number, some: number): number => {
    const began = performance.now()
    let bytes = Number.POSITIVE_INFINITY
    for (let i = 0; i < tries && bytes > 0 && (i === 0 || performance.now() - began < longMilliseconds); i++)
      bytes = Math.min(bytes, added(some))
    return bytes
  }
  least(shortTries, Math.ceil(count / shortTries))
  return Math.max(0, least(longTries, count))
}

await serve(start)
