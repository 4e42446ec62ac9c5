/** What a program is compiled for: the strict one has no relaxed instruction, the fast one has them where the host does. */
import * as E from 'fp-ts/lib/Either.js'
import { compile, matmul, spec, type Tensor, tensor, toArray } from 'shapewright'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { build, lower } from '../../src/compiler/compile.ts'
import { strictTarget, type Target } from '../../src/compiler/target.ts'
import { trace } from '../../src/compiler/trace.ts'
import type { Machine } from '../../src/runtime/machine.ts'
import { emit } from '../../src/wasm/emit/emit.ts'
import { sources } from '../laws/sources.ts'
import { refuses } from '../model/helpers.ts'
import { enableRelaxed } from '../wasm/instance.ts'

const fast: Target = { ...strictTarget, fastMath: true }
const relaxedIn = (source: (typeof sources)[string], target: Target): number => {
  const given = source()
  const emitted = emit({ ...lower(trace(given), given.bind, target), target })
  return emitted.text().match(/relaxed/g)?.length ?? 0
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the instructions of a step', () => {
  it.each(Object.entries(sources))('%s', (_, source) => {
    expect(relaxedIn(source, strictTarget)).toBe(0)
    expect(relaxedIn(source, fast)).toBeGreaterThan(0)
  })
})

const product = (state: Tensor<[]>, x: Tensor<['n', 3]>) => [state, matmul(x, tensor([[1], [2], [3]]))] as const
const options = { state: tensor(0), args: [spec(['n', 3])], bind: { n: 2 } } as const
const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
])
const compiled = async (given: { readonly fastMath?: boolean }) => {
  const program = await compile(product, { ...options, ...given })()
  if (E.isLeft(program)) throw new Error(program.left.message)
  return program.right
}

describe('fastMath', () => {
  it('is strict where the host has no relaxed SIMD, and the report says so', async () => {
    const validate = WebAssembly.validate
    vi.spyOn(WebAssembly, 'validate').mockImplementation((bytes) => (bytes as Uint8Array).length > 40 && validate(bytes))
    const program = await compiled({ fastMath: true })
    expect(program.report).toMatchObject({
      fastMath: false,
      fastMathNotice: 'fastMath: this host has no relaxed SIMD, so products and sums are rounded one by one',
    })
    expect((await compiled({})).report.fastMathNotice).toBe(null)
    expect(toArray(program.step(x as never))).toEqual([[14], [32]])
  })

  it('is another program of the same function, where the host can', async () => {
    enableRelaxed()
    const [strict, relaxed] = [await compiled({}), await compiled({ fastMath: true })]
    expect([strict.report.fastMath, relaxed.report.fastMath]).toEqual([false, true])
    expect(relaxed.report.fastMathNotice).toBe(null)
    expect(toArray(relaxed.step(x as never))).toEqual([[14], [32]])
    expect((await compiled({ fastMath: true })).report.compileMilliseconds).toBe(0)
  })

  it('stays near the strict program over steps of training', async () => {
    enableRelaxed()
    const started = async (target: Target): Promise<Machine> => {
      const machine = await build((sources['mnist 784-256-10, Adam, two batch sizes'] as (typeof sources)[string])(), target)()
      if (E.isLeft(machine)) throw new Error(machine.left.message)
      return machine.right
    }
    const machines = [await started(strictTarget), await started(fast)]
    for (const { entries } of machines) {
      const [inputs, targets] = entries[0]?.args ?? []
      inputs?.view.forEach((_, i, view) => {
        view[i] = ((i * 7919) % 251) / 251
      })
      targets?.view.forEach((_, i, view) => {
        view[i] = (i * 7) % 10
      })
      for (let step = 0; step < 5; step++) entries[0]?.run()
    }
    const losses = machines.map(({ entries }) => entries[0]?.results[0]?.view[0] as number)
    expect(losses[0]).toBeGreaterThan(0)
    expect(losses[1]).toBeCloseTo(losses[0] as number, 4)
  })

  it('from JavaScript must be true or false', () => {
    const sentence = (op: string) => `${op}: fastMath must be true or false, got 1`
    refuses(sentence('compile'), () => Reflect.apply(compile, null, [product, { ...options, fastMath: 1 }]))
  })
})
