/** What the host lacks is a value with a sentence, told before anything is allocated. */
import { add, compile, dim, sum, type Tensor, tensor, toArray, zeros } from 'shapewright'
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

  it('compiles elsewhere where a page may not compile on its own thread', async () => {
    const elsewhere = vi.spyOn(WebAssembly, 'compile')
    vi.spyOn(WebAssembly, 'Module').mockImplementation(function refused(): never {
      throw new RangeError('disallowed on the main thread')
    })
    const program = await compile(count, { state: tensor(4), args: [] })()
    expect(elsewhere).toHaveBeenCalledTimes(1)
    expect(program._tag === 'Right' && toArray(program.right.step())).toBe(4)
  })
})
