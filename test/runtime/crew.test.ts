/** A host that refuses workers: steps run on one thread, to the same values, and the report says why. */
import * as E from 'fp-ts/lib/Either.js'
import { compile, matmul, ones, spec, type Tensor, toArray } from 'shapewright'
import { expect, it, vi } from 'vitest'

it('a worker that cannot be started leaves one thread and a line that says why', async () => {
  const real = process.getBuiltinModule
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) =>
    name === 'node:worker_threads'
      ? {
          Worker: class {
            constructor() {
              throw new Error('no workers today')
            }
          },
        }
      : real.call(process, name)) as typeof real)
  const step = (state: Tensor<[256, 256]>, x: Tensor<[64, 256]>) => [state, matmul(x, state)] as const
  const compiled = await compile(step, { state: ones([256, 256]), args: [spec([64, 256])], threads: 2 })()
  if (E.isLeft(compiled)) throw new Error(compiled.left.message)
  const { report, step: run } = compiled.right
  expect(report).toMatchObject({ threads: 1, threadsNotice: 'threads: a worker could not be kept: no workers today' })
  expect(toArray(run(ones([64, 256])))[63]?.[255]).toBe(256)
})
