/** The workloads of the benchmark: models, losses, optimizers and batches, compiled as `fit` compiles them. */
import * as E from 'fp-ts/lib/Either.js'
import { adam, dense, input, key, momentum, pipe, relu, sigmoidBinaryCrossEntropy, softmaxCrossEntropy, tanh } from 'shapewright'
import { build } from '../../src/compiler/compile.ts'
import { constant } from '../../src/graph/expression.ts'
import { tensorOf } from '../../src/graph/node.ts'
import type { Machine } from '../../src/runtime/machine.ts'
import { type Feed, type Objective, trainingSource, type UntypedModel, type UntypedOptimizer } from '../../src/train/step.ts'

export interface Started {
  readonly machine: Machine
  /** Puts the next batch in its place. */
  readonly feed: () => void
}
export interface Workload {
  readonly name: string
  readonly start: () => Promise<Started>
}

/** Numbers that are the same in every run; quality does not matter, zeros and repetition do (see below). */
const generator = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}
/** As many batches as it takes that gradients do not die out: one batch over and over ends in subnormal numbers, which are slow. */
const batches = 64

interface Task {
  readonly width: number
  readonly target: 'class' | 'flag'
  readonly batch: number
}
const started = async (
  model: UntypedModel & { readonly init: (k: ReturnType<typeof key>) => unknown },
  objective: Objective,
  optimizer: UntypedOptimizer & { readonly init: (params: never) => unknown },
  { width, target, batch }: Task,
): Promise<Started> => {
  const params = model.init(key(0))
  const state = { params, optimizer: optimizer.init(params as never), key: key(1), step: tensorOf(constant(0, 'i32')) }
  const next = generator(7)
  const xs = Array.from({ length: batches }, () =>
    Float32Array.from({ length: batch * width }, () => (width > 2 && next() < 0.8 ? 0 : next())),
  )
  const ys = Array.from({ length: batches }, () =>
    target === 'class'
      ? Int32Array.from({ length: batch }, () => Math.floor(next() * 10))
      : Float32Array.from({ length: batch }, () => Math.round(next())),
  )
  const column = (shape: readonly number[], dtype: 'f32' | 'i32') => ({
    length: batch,
    shape,
    sizes: {},
    width: 1,
    dtype,
    classes: null,
    values: new Float32Array(0),
  })
  const feed: Feed = {
    columns: [column([width], 'f32'), target === 'class' ? column([], 'i32') : column([1], 'f32')],
    sizes: {},
    rows: [batch],
  }
  const built = await build(trainingSource(model, objective, optimizer, state as never, feed), {})()
  if (E.isLeft(built)) throw new Error(built.left.tag)
  const machine = built.right
  const [x, y] = machine.entries[0]?.args ?? []
  let turn = 0
  return {
    machine,
    feed: () => {
      x?.view.set(xs[turn] as Float32Array)
      y?.view.set(ys[turn] as Float32Array)
      turn = (turn + 1) % batches
    },
  }
}

/** Shapes are checked where users hand models to `fit`; the benchmark is below that. */
const untyped = <T>(value: unknown): T => value as T
const classes: Objective = { loss: untyped(softmaxCrossEntropy), metrics: {} }

export const workloads: readonly Workload[] = [
  {
    name: 'W1: 784-256-10, batch 32, Adam',
    start: () =>
      started(untyped(pipe(input([784]), dense(256), relu, dense(10))), classes, untyped(adam({ learningRate: 1e-3 })), {
        width: 784,
        target: 'class',
        batch: 32,
      }),
  },
  {
    name: 'W2: 784-128-10, batch 128, Adam',
    start: () =>
      started(untyped(pipe(input([784]), dense(128), relu, dense(10))), classes, untyped(adam({ learningRate: 1e-3 })), {
        width: 784,
        target: 'class',
        batch: 128,
      }),
  },
  {
    name: 'W3: 784-512-512-10, batch 128, momentum',
    start: () =>
      started(
        untyped(pipe(input([784]), dense(512), relu, dense(512), relu, dense(10))),
        classes,
        untyped(momentum({ learningRate: 1e-3, momentum: 0.9 })),
        {
          width: 784,
          target: 'class',
          batch: 128,
        },
      ),
  },
  {
    name: 'W4: XOR 2-8-1, batch 4, Adam',
    start: () =>
      started(
        untyped(pipe(input([2]), dense(8), tanh, dense(1))),
        { loss: untyped(sigmoidBinaryCrossEntropy), metrics: {} },
        untyped(adam({ learningRate: 1e-2 })),
        {
          width: 2,
          target: 'flag',
          batch: 4,
        },
      ),
  },
]
