/** A limit on the memory of programs: what is over it is refused before anything is allocated, but for what can do with less. */
import * as E from 'fp-ts/lib/Either.js'
import {
  accuracy,
  adam,
  type CompileError,
  classes,
  compile,
  dataset,
  dense,
  evaluate,
  fit,
  input,
  key,
  mean,
  mul,
  type ProgramMemory,
  pipe,
  pixels,
  predict,
  relu,
  softmaxCrossEntropy,
  spec,
  type Tensor,
  type TrainingEvent,
  tensor,
  toArray,
  valueAndGrad,
  zeros,
} from 'shapewright'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { refuses } from '../model/helpers.ts'
import { leftOf, numbers, rightOf } from './values.ts'

afterEach(() => {
  vi.restoreAllMocks()
})
type OverLimit = Extract<CompileError, { readonly tag: 'OverLimit' }>
const overLimit = <R>(either: E.Either<{ readonly tag: string }, R>): OverLimit => {
  const error = leftOf(either)
  expect(error.tag).toBe('OverLimit')
  return error as OverLimit
}
const sumOf = ({ stateBytes, capturedBytes, residentBytes, stepBytes }: ProgramMemory): number =>
  stateBytes + capturedBytes + residentBytes + stepBytes

describe('compile', () => {
  const table = tensor([[1, 2, 3]])
  const make = (memoryLimit?: number) =>
    compile(
      (state: Tensor<[3]>, x: Tensor<[500, 3]>) => {
        const [value, gradient] = valueAndGrad((w: typeof state) => pipe(x, mul(w), mul(table), mean()))(state)
        return [gradient, value] as const
      },
      { state: zeros([3]), args: [spec([500, 3])], ...(memoryLimit === undefined ? {} : { memoryLimit }) },
    )
  it('refuses one byte below what the plan says, and not at it', async () => {
    const compiling = vi.spyOn(WebAssembly, 'Module')
    const starting = vi.spyOn(WebAssembly, 'instantiate')
    // unknown yet: it is refused before there is a module
    const first = overLimit(await make(1)())
    expect([compiling.mock.calls.length, starting.mock.calls.length]).toEqual([0, 0])
    const { arenaBytes } = first.memory
    const { report } = rightOf(await make(arenaBytes)())
    expect(report.arenaBytes).toBe(arenaBytes)
    expect(starting).toHaveBeenCalledTimes(1)
    // remembered: it is refused before there is an instance
    const error = overLimit(await make(arenaBytes - 1)())
    expect(starting).toHaveBeenCalledTimes(1)
    expect(error).toEqual({ ...first, memoryLimit: arenaBytes - 1, message: error.message })
    expect(rightOf(await make()()).report.arenaBytes).toBe(arenaBytes)
  })
  it('says what the memory is for', async () => {
    const { memory, message } = overLimit(await make(1000)())
    expect(sumOf(memory)).toBe(memory.arenaBytes)
    expect(memory).toMatchObject({ stateBytes: 16, capturedBytes: 16, residentBytes: 0 })
    expect(memory.largest[0]).toEqual({ path: 'argument 0', shape: [500, 3], dtype: 'f32', bytes: 6000 })
    expect(message).toBe(
      `compile: the program needs ${memory.arenaBytes} bytes of memory, the limit is 1000: 16 of state, 16 of data that it holds, ${memory.stepBytes} of what a step computes, the largest argument 0 [500, 3] with 6000`,
    )
  })
  it('takes a number of bytes', () => {
    refuses('compile: memoryLimit must be a number of bytes from 1 on, got 0', () => make(0))
    refuses('compile: memoryLimit must be a number of bytes from 1 on, got NaN', () => make(Number.NaN))
    refuses('compile: memoryLimit must be a number of bytes, got 1 GB', () => make('1 GB' as never))
  })
})

const bytes = Uint8Array.from({ length: 300 * 20 }, (_, i) => (i * i) % 251)
const labels = Array.from({ length: 300 }, (_, i) => i % 3)
const data = rightOf(dataset(pixels(bytes, [20]), classes(labels, 3)))
const model = pipe(input([20]), dense(8), relu, dense(3))
const options = { data, loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 0.01 }), batchSize: 8, epochs: 2, key: key(0) }

describe('fit', () => {
  const compiled = async (memoryLimit?: number) => {
    const reports: { readonly arenaBytes: number; readonly residentBytes: number }[] = []
    const onEvent = (event: TrainingEvent): undefined => {
      if (event.tag === 'Compiled') reports.push(event.report)
    }
    const result = await fit(model, { ...options, ...(memoryLimit === undefined ? {} : { memoryLimit }), onEvent })()
    return { result, report: reports[0] }
  }
  it('keeps fewer samples in memory before it gives up, with the same bits', async () => {
    const whole = await compiled()
    const { arenaBytes = 0, residentBytes = 0 } = whole.report ?? {}
    const bits = numbers(rightOf(whole.result).params)
    const exactly = await compiled(arenaBytes)
    expect(exactly.report).toMatchObject({ arenaBytes, residentBytes })
    const below = await compiled(arenaBytes - 1)
    expect(below.report?.residentBytes).toBeLessThan(residentBytes)
    expect(below.report?.residentBytes).toBeGreaterThan(residentBytes / 2)
    // a batch of 8 samples takes 20 bytes of pixels and 4 of a label each
    const least = arenaBytes - residentBytes + 8 * 24
    for (const limit of [arenaBytes - 1, arenaBytes - residentBytes / 2, least + 100, least + 1, least]) {
      const { result, report } = await compiled(limit)
      expect(numbers(rightOf(result).params)).toEqual(bits)
      expect(report?.arenaBytes).toBeLessThanOrEqual(limit)
    }
    const { memory, memoryLimit } = overLimit((await compiled(least - 1)).result)
    expect([memory.arenaBytes, memory.residentBytes, memoryLimit]).toEqual([least, 8 * 24, least - 1])
    expect(sumOf(memory)).toBe(least)
  })
  it('scores fewer samples at once, if it must', async () => {
    const validated = { ...options, validation: data, metrics: { accuracy } }
    const free = rightOf(await fit(model, validated)())
    const { memory } = overLimit(await fit(model, { ...validated, memoryLimit: 1 })())
    const limited = rightOf(await fit(model, { ...validated, memoryLimit: memory.arenaBytes })())
    expect(limited.history).toEqual(free.history)
  })
  it('takes a number of bytes', async () => {
    const message = 'fit: memoryLimit must be a number of bytes from 1 on, got -1'
    expect(await fit(model, { ...options, memoryLimit: -1 })()).toEqual(E.left({ tag: 'Invalid', message }))
  })
})

describe('evaluate and predict', () => {
  const params = model.init(key(1))
  const inputs = tensor(
    Array.from({ length: 6000 }, (_, i) => (i % 7) / 7),
    [300, 20],
  )
  it('take fewer at once, down to one, and give the same', async () => {
    const scoring = { params, data, loss: softmaxCrossEntropy, metrics: { accuracy } }
    const [scores, answers] = [rightOf(await evaluate(model, scoring)()), toArray(rightOf(await predict(model, { params, inputs })()))]
    const { memory: one } = overLimit(await evaluate(model, { ...scoring, memoryLimit: 1 })())
    const { memory: alone } = overLimit(await predict(model, { params, inputs, memoryLimit: 1 })())
    for (const more of [0, 1000, 10_000]) {
      expect(rightOf(await evaluate(model, { ...scoring, memoryLimit: one.arenaBytes + more })())).toEqual(scores)
      expect(toArray(rightOf(await predict(model, { params, inputs, memoryLimit: alone.arenaBytes + more })()))).toEqual(answers)
    }
    overLimit(await evaluate(model, { ...scoring, memoryLimit: one.arenaBytes - 1 })())
    overLimit(await predict(model, { params, inputs, memoryLimit: alone.arenaBytes - 1 })())
  })
})
