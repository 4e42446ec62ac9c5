/** Law 6: a training step makes no garbage; heap and WebAssembly memory are flat over 10,000 steps. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import { sources } from './sources.ts'

const steps = 10_000
/** What a step could leave and stay unnoticed: less than one byte. */
const tolerance = steps / 2

const collect = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

describe('10,000 steps', () => {
  it('leave heap and memory as they were', async () => {
    const gc = collect()
    const built = await build((sources['xor 2-8-1, Adam'] as (typeof sources)[string])(), {})()
    if (built._tag === 'Left') throw new Error(built.left.tag)
    const { entries, memory } = built.right
    const run = entries[0]?.run ?? expect.unreachable()
    const some = (n: number): void => {
      for (let i = 0; i < n; i++) run()
    }
    some(1000)
    const arena = memory.buffer
    const grown = [1, 2, 3].map(() => {
      gc()
      const before = process.memoryUsage().heapUsed
      some(steps)
      return process.memoryUsage().heapUsed - before
    })
    // other parts of the process may allocate now and then; a step that does would show in every round
    expect(Math.min(...grown)).toBeLessThan(tolerance)
    expect(memory.buffer).toBe(arena)
  })
})
