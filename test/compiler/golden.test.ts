/** What the passes make of the examples, as text that a person reads, and as numbers that may not drift. */
import { describe, expect, it } from 'vitest'
import { lower } from '../../src/compiler/compile.ts'
import { arenaText, kernelsText } from '../../src/compiler/dump.ts'
import { simplify } from '../../src/compiler/simplify/simplify.ts'
import { trace } from '../../src/compiler/trace.ts'
import { bindDims } from '../../src/graph/graph.ts'
import { print } from '../../src/graph/print.ts'
import { sources } from '../laws/sources.ts'

const lowered = (name: keyof typeof sources) => {
  const source = (sources[name] as (typeof sources)[string])()
  const traced = trace(source)
  return { source, traced, ...lower(traced, source.bind) }
}

describe('the step of XOR', () => {
  const { source, traced, entries, plan } = lowered('xor 2-8-1, Adam')

  it('simplifies to this graph', async () => {
    await expect(print(simplify(bindDims(traced.graph, source.bind[0] ?? {}, 'compile')))).toMatchFileSnapshot('../golden/xor-graph.txt')
  })
  it('runs these kernels', async () => {
    await expect(entries.map(({ kernels }) => kernelsText(kernels)).join('\n')).toMatchFileSnapshot('../golden/xor-kernels.txt')
  })
  it('has this arena', async () => {
    await expect(arenaText(entries, plan)).toMatchFileSnapshot('../golden/xor-arena.txt')
  })
})

describe('the number of kernels', () => {
  it.each([
    ['xor 2-8-1, Adam', [11]],
    ['mnist 784-256-10, Adam, two batch sizes', [13, 13]],
    ['dropout, residual, clipping, a schedule', [33]],
  ])('of %s', (name, counts) => {
    expect(lowered(name).entries.map(({ kernels }) => kernels.length)).toEqual(counts)
  })
})
