/** Kernels in words of the user: the names are those of layers and parameters, wherever a kernel stands in the step. */
import { describe, expect, it } from 'vitest'
import { lower } from '../../src/compiler/compile.ts'
import { trace } from '../../src/compiler/trace.ts'
import { wordsOf } from '../../src/compiler/words.ts'
import { sources } from '../laws/sources.ts'

const wordsIn = (name: string): readonly string[] => {
  const source = sources[name]?.() as ReturnType<(typeof sources)[string]>
  const [entry] = lower(trace(source), source.bind).entries
  return wordsOf(entry ?? expect.unreachable()).map(({ about, computes }) => `${about}: ${computes}`)
}

describe('the words of', () => {
  it('XOR: a layer where it is computed, a parameter where it is updated or its gradient is', () => {
    const words = wordsIn('xor 2-8-1, Adam')
    expect(words).toContain('hidden: matmul, add, tanh')
    expect(words).toContain('gradient of hidden.weight: matmul')
    expect(words).toContain('optimizer.count, step, hidden.weight, output.weight, output.bias: mul, tanh, add, div, sqrt, sum, ...')
    expect(words).toContain('hidden.bias: sum, mul, add, sqrt, div')
  })
  it('W1: kernels that are large enough to stand alone', () => {
    const words = wordsIn('mnist 784-256-10, Adam, two batch sizes')
    expect(words).toContain('logits: matmul, add')
    expect(words).toContain('hidden.weight: mul, add, sqrt, div')
  })
  it('a table that is read and added to', () => {
    const words = wordsIn('tokens: embedding, Adam')
    expect(words[0]).toMatch(/^embedding1: gather$/)
    expect(words.some((text) => text === 'gradient of embedding1.weight: scatterAdd')).toBe(true)
  })
  it('every kernel, though not all of them have a name', () => {
    for (const name of Object.keys(sources)) for (const text of wordsIn(name)) expect(text).toMatch(/^.*: .+$/)
  })
})
