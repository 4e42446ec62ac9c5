/** Our own line: the workload's model, compiled as `fit` and `predict` compile it, with the time of each kernel. */
import { readFileSync } from 'node:fs'
import { getHeapSpaceStatistics } from 'node:v8'
import * as E from 'fp-ts/lib/Either.js'
import {
  adam,
  conv2d,
  dense,
  flatten,
  input,
  key,
  lstm,
  maxPool2d,
  momentum,
  pipe,
  relu,
  sigmoidBinaryCrossEntropy,
  softmaxCrossEntropy,
  tanh,
} from 'shapewright'
import { build } from '../../src/compiler/compile.ts'
import { strictTarget, type Target } from '../../src/compiler/target.ts'
import type { Source } from '../../src/compiler/trace.ts'
import { wordsOf } from '../../src/compiler/words.ts'
import type { Column } from '../../src/data/column.ts'
import { constant } from '../../src/graph/expression.ts'
import { tensorOf } from '../../src/graph/node.ts'
import type { Entry, Machine, Slot } from '../../src/runtime/machine.ts'
import { predictingSource, trainingSource, type UntypedModel, type UntypedOptimizer } from '../../src/train/step.ts'
import { stockOf } from '../../src/train/stock.ts'
import { classify, type Piece } from './pieces.ts'
import type { Job } from './protocol.ts'
import { type Runner, serve, steps } from './serve.ts'
import { wasmPeaks } from './wasm-peaks.ts'
import { sampleShape } from './workloads.ts'

/** Shapes are checked where users hand models to `fit`; the benchmark is below that. */
const untyped = <T>(value: unknown): T => value as T
type Model = UntypedModel & { readonly init: (k: ReturnType<typeof key>) => unknown }

const modelOf = ({ network, sizes, time, loss }: Job): Model => {
  if (network === 'lstm') {
    const [features = 0, hidden = 0, classes = 0] = sizes
    const layers: readonly unknown[] = [lstm(hidden, { returns: 'last' }), dense(classes)]
    return layers.reduce((model: unknown, layer) => (layer as (m: unknown) => unknown)(model), input([time, features])) as Model
  }
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

/** A kernel is divided between threads as it is for users. */
const targetOf = ({ threads, fastMath }: Job): Target => ({ ...strictTarget, threads, fastMath })

/** The numbers of a data file, in the order in which they were written. */
interface Numbers {
  readonly weights: Float32Array
  readonly columns: readonly [Column, Column]
}
const numbersOf = (job: Job): Numbers => {
  const { batch, batches, mode, loss } = job
  const { buffer, byteOffset } = readFileSync(job.data)
  const length = batch * batches
  const shape = sampleShape(job)
  const width = shape.reduce((a, b) => a * b, 1)
  const inputs = new Float32Array(buffer, byteOffset + 4 * job.parameters, length * width)
  const behind = inputs.byteOffset + inputs.byteLength
  const flags = loss === 'flags'
  // `fit` keeps pixels as bytes, and so does this; a prediction is of numbers
  const values = flags || mode === 'infer' ? inputs : Uint8Array.from(inputs, (x) => Math.round(x * 255))
  const targets = flags ? new Float32Array(buffer, behind, length) : new Int32Array(buffer, behind, length)
  const column = { length, sizes: {}, classes: null }
  return {
    weights: new Float32Array(buffer, byteOffset, job.parameters),
    columns: [
      { ...column, shape, width, dtype: 'f32', stored: values instanceof Uint8Array ? 'u8' : 'f32', values },
      { ...column, shape: flags ? [1] : [], width: 1, dtype: flags ? 'f32' : 'i32', stored: flags ? 'f32' : 'i32', values: targets },
    ],
  }
}

/** The program that `fit` or `predict` would compile. Samples of training lie in the arena, and a step is told their numbers. */
const sourceOf = (job: Job, [inputs, targets]: Numbers['columns']): Source => {
  const { batch, batches, loss, mode } = job
  const model = modelOf(job)
  const params = model.init(key(0))
  if (mode === 'infer') return predictingSource(model, params, { columns: [inputs], sizes: {}, rows: [batch] })
  const optimizer = optimizerOf(job)
  const objective = { loss: untyped<never>(loss === 'flags' ? sigmoidBinaryCrossEntropy : softmaxCrossEntropy), metrics: {} }
  const state = { params, optimizer: optimizer.init(params as never), key: key(1), step: tensorOf(constant(0, 'i32')) }
  const feed = { columns: [inputs, targets], sizes: {}, rows: [batch], residents: batch * batches }
  return trainingSource(model, objective, optimizer, state as never, feed)
}

const start = async (job: Job): Promise<Runner> => {
  const numbers = numbersOf(job)
  const began = performance.now()
  const source = sourceOf(job, numbers.columns)
  const built = await build(source, targetOf(job))()
  if (E.isLeft(built)) throw new Error(built.left.message)
  const machine = built.right
  const [entry] = machine.entries
  if (entry === undefined) throw new Error('a program without an entry')
  const reset = resetOf(machine, numbers.weights)
  entry.run()
  const firstStepMilliseconds = performance.now() - began
  await granted(job, machine)
  const feed = feedOf(job, machine, entry, numbers.columns)
  const runner: Runner = {
    version: `Node ${process.version}${job.fastMath ? ', fastMath' : ''}`,
    reset,
    step: (batch) => {
      feed(batch)
      entry.run()
    },
    values: () => (entry.results[0] as Slot).view.subarray(0, 4),
  }
  return {
    ...runner,
    report: { firstStepMilliseconds, ...machine.report },
    more: {
      split: (request) => splitOf(job, machine, { reset, feed }, request.do === 'split' ? request.milliseconds : 1),
      peaks: (request) => wasmPeaks(request.do === 'peaks' ? request.milliseconds : 1),
      garbage: (request) => ({ bytes: growth(job, runner, request.do === 'garbage' ? request.steps : 1) }),
    },
  }
}

/** Puts the file's weights back, and everything else of the state as it is before the first step. */
const resetOf = ({ state, stateBytes }: Machine, weights: Float32Array): (() => void) => {
  let at = 0
  for (const { path, view } of state) {
    if (!path.startsWith('params')) continue
    view.set(weights.subarray(at, at + view.length))
    at += view.length
  }
  if (at !== weights.length) throw new Error(`${at} parameters, and the file has ${weights.length}`)
  const initial = stateBytes.slice()
  return () => stateBytes.set(initial)
}

const feedOf = (job: Job, machine: Machine, entry: Entry, columns: Numbers['columns']): ((batch: number) => void) => {
  const { batch, batches } = job
  if (job.mode === 'infer') {
    const [{ values, width }] = columns
    const each = Array.from({ length: batches }, (_, i) => values.subarray(i * batch * width, (i + 1) * batch * width))
    return (i) => entry.args[0]?.view.set(each[i] as Float32Array)
  }
  const order = Uint32Array.from({ length: batch * batches }, (_, i) => i)
  const [inputs, targets] = columns
  // in the order of the file: no epoch is opened, which would draw one
  const stock = stockOf(machine, { inputs, targets, weights: null }, order.length, order, [0, 0])
  return (i) => stock.serve(entry, i * batch, batch)
}

/** Waits for the workers. What was asked for and is not there is a reason not to be measured. */
const granted = async ({ threads, fastMath }: Job, machine: Machine): Promise<void> => {
  const { report } = machine
  if (fastMath && !report.fastMath) throw new Error(`Node ${process.version} has no relaxed SIMD`)
  if (report.threads < threads) throw new Error(report.threadsNotice ?? 'too small to split between threads')
  const until = performance.now() + workersMilliseconds
  while (machine.threads() < threads) {
    if (performance.now() > until) throw new Error('the workers did not come')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
const workersMilliseconds = 5000

/** Kernel by kernel in the order of the step, so that each finds what it needs, and finds it as warm as in the step. */
const splitOf = (job: Job, machine: Machine, { reset, feed }: Fed, milliseconds: number) => {
  if (job.threads > 1) throw new Error('kernels share their time between threads')
  const laid = machine.laid(0)
  const [pieces, words] = [classify(laid), wordsOf(laid)]
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
  const each = kernels.map(({ name }, i) => ({
    name,
    about: words[i]?.about ?? '',
    computes: words[i]?.computes ?? '',
    piece: pieces[i] as Piece,
    microseconds: ((spent[i] as number) * 1000) / turns,
  }))
  const sum = (piece: Piece): number => each.filter((k) => k.piece === piece).reduce((all, k) => all + k.microseconds, 0)
  return { gemm: sum('gemm'), optimizer: sum('optimizer'), rest: sum('rest'), kernels: each }
}
interface Fed {
  readonly reset: () => void
  readonly feed: (batch: number) => void
}

/** The engine puts code and feedback of its own on the heap at times; steps that make garbage do so in every try. */
const shortTries = 20
const longTries = 3

/**
 * The least that so many steps in a row added to the heap, in bytes, beyond what no step at all adds: asking for the heap puts the answer
 * on it. The loop is the one that is timed, so that the engine knows it; it is not made to collect garbage in between, since it would
 * forget, and a try in which it did so on its own counts for nothing.
 */
const growth = (job: Job, { reset, step }: Runner, count: number): number => {
  if (globalThis.gc === undefined) throw new Error('needs --expose-gc')
  const added = (some: number): number => {
    reset()
    const code = codeBytes()
    const before = process.memoryUsage().heapUsed
    steps(step, some, job.batches)
    const grown = process.memoryUsage().heapUsed - before
    return grown - (codeBytes() - code)
  }
  const least = (tries: number, some: number): number => {
    let bytes = Number.POSITIVE_INFINITY
    for (let i = 0; i < tries && bytes > 0; i++) {
      const grown = added(some) - added(0)
      if (grown >= 0) bytes = Math.min(bytes, grown)
    }
    return bytes
  }
  globalThis.gc()
  least(shortTries, Math.ceil(count / shortTries / 10))
  return least(longTries, count)
}

/**
 * What the engine's own code takes: it compiles a loop anew when it pleases, and a page of the heap that it opens for that counts as
 * used at once, all 200 KB of it.
 */
const codeBytes = (): number =>
  getHeapSpaceStatistics().reduce(
    (sum, { space_name, space_used_size }) => (/^(code|trusted)_/.test(space_name) ? sum + space_used_size : sum),
    0,
  )

await serve(start)
