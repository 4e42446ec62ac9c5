/** The option `threads`: what a host offers, what a step gains, and a line that says why where it is less. */
import { execFileSync } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'
import {
  adam,
  classes,
  compile,
  dataset,
  dense,
  evaluate,
  fit,
  input,
  key,
  matmul,
  pipe,
  predict,
  relu,
  samples,
  softmaxCrossEntropy,
  spec,
  type Tensor,
  toTypedArray,
  zeros,
} from 'shapewright'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
})

const wide = (state: Tensor<[512, 512]>, x: Tensor<[64, 512]>) => [state, matmul(x, state)] as const
const narrow = (state: Tensor<[4, 4]>, x: Tensor<[4, 4]>) => [state, matmul(x, state)] as const
const programOf = async (given: { readonly threads?: number } = {}) => {
  const compiled = await compile(wide, { state: zeros([512, 512]), args: [spec([64, 512])], ...given })()
  if (E.isLeft(compiled)) throw new Error(compiled.left.message)
  return compiled.right
}
const isShared = (memory: WebAssembly.Memory): boolean => memory.buffer instanceof SharedArrayBuffer

describe('threads', () => {
  it('share a step as they are asked for', async () => {
    const [one, two, three] = [await programOf({ threads: 1 }), await programOf({ threads: 2 }), await programOf({ threads: 3 })]
    expect([one, two, three].map(({ report }) => report.threads)).toEqual([1, 2, 3])
    expect([one, two, three].map(({ report }) => report.threadsNotice)).toEqual([null, null, null])
    expect([one, two, three].map(({ memory }) => isShared(memory))).toEqual([false, true, true])
  })

  it('are as many as the host has, unless said', async () => {
    const os = { availableParallelism: () => 2 }
    vi.spyOn(process, 'getBuiltinModule').mockImplementation(() => os as never)
    expect((await programOf()).report.threads).toBe(2)
    os.availableParallelism = () => 1
    expect((await programOf()).report).toMatchObject({ threads: 1, threadsNotice: null })
    vi.restoreAllMocks()
  })

  it('are one where a step is too short to gain, in a memory of its own', async () => {
    for (const threads of [2, 8]) {
      const compiled = await compile(narrow, { state: zeros([4, 4]), args: [spec([4, 4])], threads })()
      if (E.isLeft(compiled)) throw new Error(compiled.left.message)
      const { report, memory } = compiled.right
      expect(report).toMatchObject({ threads: 1, threadsNotice: 'threads: the step is too short to gain from a second thread' })
      expect(isShared(memory)).toBe(false)
    }
  })

  it('are one where the host has no shared memory, and a line says so', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined)
    for (const given of [{}, { threads: 2 }])
      expect((await programOf(given)).report).toMatchObject({
        threads: 1,
        threadsNotice: 'threads: this host has no shared memory, so one thread runs each step',
      })
    expect((await programOf({ threads: 1 })).report.threadsNotice).toBe(null)
  })
})

const model = pipe(input([64]), dense(128), relu, dense(4))
const numbers = Array.from({ length: 256 * 64 }, (_, i) => ((i * 37) % 101) / 50 - 1)
const data = () => {
  const made = dataset(
    samples(numbers, [64]),
    classes(
      numbers.slice(0, 256).map((_, i) => (i * 7) % 4),
      4,
    ),
  )
  if (E.isLeft(made)) throw new Error(made.left.message)
  return made.right
}

describe('a model', () => {
  it('is trained, scored and used to the same bits on any number of threads', async () => {
    const found = []
    for (const threads of [1, 2, 3]) {
      const options = { data: data(), loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 0.01 }), key: key(3), threads }
      const reports: number[] = []
      const onEvent = (event: { readonly tag: string }) => {
        if ('report' in event) reports.push((event as { readonly report: { readonly threads: number } }).report.threads)
      }
      const trained = await fit(model, { ...options, batchSize: 64, epochs: 30, onEvent })()
      if (E.isLeft(trained)) throw new Error(trained.left.message)
      expect(reports).toEqual([threads])
      const { params, history } = trained.right
      const scores = await evaluate(model, { params, data: data(), loss: softmaxCrossEntropy, threads })()
      const inputs = zeros([256, 64])
      const predicted = await predict(model, { params, inputs, threads })()
      if (E.isLeft(predicted)) throw new Error(predicted.left.message)
      const { dense1, dense2 } = params
      const weights = [toTypedArray(dense1.weight), toTypedArray(dense1.bias), toTypedArray(dense2.weight), toTypedArray(dense2.bias)]
      found.push(JSON.stringify([history, scores, [...weights, toTypedArray(predicted.right)].map((leaf) => [...leaf])]))
    }
    expect(found[1]).toBe(found[0])
    expect(found[2]).toBe(found[0])
  })

  it('is refused a number of threads that is none', async () => {
    const message = (op: string) => `${op}: threads must be a whole number from 1 on, got 0`
    const options = { data: data(), loss: softmaxCrossEntropy, threads: 0 }
    const params = model.init(key(0))
    const trained = await fit(model, { ...options, optimizer: adam({ learningRate: 0.01 }), key: key(0), batchSize: 8, epochs: 1 })()
    expect(trained).toMatchObject(E.left({ tag: 'Invalid', message: message('fit') }))
    expect(await evaluate(model, { ...options, params })()).toEqual(E.left({ tag: 'Invalid', message: message('evaluate') }))
    expect(await predict(model, { params, inputs: zeros([2, 64]), threads: 0 })()).toEqual(
      E.left({ tag: 'Invalid', message: message('predict') }),
    )
  })
})

/** A process that runs steps on two threads, then idles, and says what its processors did meanwhile. */
const idling = `
import { compile, matmul, spec, zeros } from 'shapewright'
const step = (state, x) => [state, matmul(x, state)]
const { right } = await compile(step, { state: zeros([512, 512]), args: [spec([64, 512])], threads: 2 })()
const { step: run } = right
const x = zeros([64, 512])
const start = performance.now()
while (performance.now() - start < 500) run(x)
// the quietest of some spans: on a busy machine the engine is late with work of its own, while a thread that spins does so in all of them
let idle = 1
for (let i = 0; i < 5; i++) {
  const before = process.cpuUsage()
  await new Promise((turn) => setTimeout(turn, 200))
  const { user, system } = process.cpuUsage(before)
  idle = Math.min(idle, (user + system) / 200_000)
}
console.log(JSON.stringify({ threads: right.report.threads, idle }))
`

describe('workers', () => {
  it('neither keep a process alive nor burn its processors when there is nothing to do', { timeout: 30_000 }, () => {
    const code = idling.replace("'shapewright'", JSON.stringify(`${process.cwd()}/src/index.ts`))
    const said = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
      encoding: 'utf8',
      timeout: 25_000,
    })
    const { threads, idle } = JSON.parse(said) as { readonly threads: number; readonly idle: number }
    expect(threads).toBe(2)
    expect(idle).toBeLessThan(0.2)
  })
})
