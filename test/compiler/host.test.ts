/** What the host lacks is a value with a sentence, told before anything is allocated. */
import { add, compile, dim, sum, type Tensor, tensor, zeros } from 'shapewright'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const count = (n: Tensor<[]>) => [add(n, 1), n] as const

describe('compile', () => {
  it('says that there is no WebAssembly, or none with vectors', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    expect(await compile(count, { state: tensor(0), args: [] })()).toEqual({
      _tag: 'Left',
      left: { tag: 'Unsupported', feature: 'WebAssembly SIMD', message: 'compile: this host has no WebAssembly SIMD' },
    })
    vi.stubGlobal('WebAssembly', undefined)
    expect(await compile(count, { state: tensor(0), args: [] })()).toEqual({
      _tag: 'Left',
      left: { tag: 'Unsupported', feature: 'WebAssembly', message: 'compile: this host has no WebAssembly' },
    })
  })

  it('says that a program is too large for any memory', async () => {
    const huge = zeros([dim('rows', 60_000), dim('columns', 60_000)])
    const grow = (w: typeof huge) => [add(w, 1), sum()(w)] as const
    const refused = await compile(grow, { state: huge, args: [] })()
    expect(refused).toMatchObject({
      _tag: 'Left',
      left: { tag: 'TooLarge', message: 'compile: the program needs 13733 MB, a WebAssembly memory has at most 4096 MB' },
    })
  })
})
