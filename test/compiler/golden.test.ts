/** What the passes make of the examples, as text that a person reads, and as numbers that may not drift. */
import { describe, expect, it } from 'vitest'
import { lower } from '../../src/compiler/compile.ts'
import { arenaText, kernelsText } from '../../src/compiler/dump.ts'
import { simplify } from '../../src/compiler/simplify/simplify.ts'
import { trace } from '../../src/compiler/trace.ts'
import { bindDims, type Graph } from '../../src/graph/graph.ts'
import { print } from '../../src/graph/print.ts'
import { sources, workloads } from '../laws/sources.ts'

const all = { ...sources, ...workloads }
const cnn = 'W5: 28x28x1, conv 5x5x8, pool, conv 5x5x16, pool, dense 10, batch 64, Adam'
const transformer = 'a transformer block, 64 steps of 128 in 4 heads, batch 32, Adam'
const lowered = (name: string) => {
  const source = (all[name] as (typeof all)[string])()
  const traced = trace(source)
  return { source, traced, ...lower(traced, source.bind) }
}

describe('the step of XOR', () => {
  const { source, traced, entries, plan } = lowered('xor 2-8-1, Adam')

  it('simplifies to this graph', async () => {
    await expect(print(simplify(bindDims(traced.graph, source.bind[0] ?? {}, 'compile')))).toMatchFileSnapshot('../golden/xor-graph.txt')
  })
  it('runs these kernels', async () => {
    await expect(entries.map((entry) => kernelsText(entry)).join('\n')).toMatchFileSnapshot('../golden/xor-kernels.txt')
  })
  it('has this arena', async () => {
    await expect(arenaText(entries, plan)).toMatchFileSnapshot('../golden/xor-arena.txt')
  })
})

describe('the steps of W1, of the small convolutional network and of a transformer block', () => {
  const kernelsOf = (name: string): string =>
    lowered(name)
      .entries.slice(0, 1)
      .map((entry) => kernelsText(entry))
      .join()

  it('run these kernels', async () => {
    await expect(kernelsOf('mnist 784-256-10, Adam, two batch sizes')).toMatchFileSnapshot('../golden/w1-kernels.txt')
    await expect(kernelsOf(cnn)).toMatchFileSnapshot('../golden/cnn-kernels.txt')
    await expect(kernelsOf(transformer)).toMatchFileSnapshot('../golden/transformer-kernels.txt')
  })
  it('read windows where they lie, and make no buffer of them', () => {
    const largest = Math.max(...(lowered(cnn).entries[0]?.buffers ?? []).map(({ shape }) => shape.reduce((n, d) => n * d, 1)))
    expect(largest).toBe(64 * 28 * 28 * 8)
  })
})

describe('the number of kernels', () => {
  it.each([
    ['xor 2-8-1, Adam', [7]],
    ['mnist 784-256-10, Adam, two batch sizes', [11, 11]],
    ['W2: 784-128-10, batch 128, Adam', [11]],
    ['W3: 784-512-512-10, batch 128, momentum', [16]],
    ['dropout, residual, clipping, a schedule', [22]],
    ['tokens: embedding, Adam', [10]],
    ['images: convolution, pooling, Adam', [14]],
    ['normalisation: batch, layer, group, RMS, gradient descent, two batch sizes', [44, 43]],
    [cnn, [25]],
    ['a transformer that writes, Adam', [103]],
    [transformer, [47]],
  ])('of %s', (name, counts) => {
    expect(lowered(name).entries.map(({ kernels }) => kernels.length)).toEqual(counts)
  })
})

/** Contractions of a graph, those of a loop's body among them. */
const products = ({ nodes }: Graph): number => {
  const bodies = new Set(nodes.flatMap((n) => (n.op === 'scan' ? [n.attributes.body] : [])))
  return nodes.filter(({ op }) => op === 'dot').length + [...bodies].reduce((sum, body) => sum + products(body), 0)
}
/** How often a result of the graph's contractions is computed: once. */
describe('no contraction is computed twice', () => {
  it.each(Object.keys(all))('in %s', (name) => {
    const { source, traced, entries } = lowered(name)
    const graph = simplify(bindDims(traced.graph, source.bind[0] ?? {}, 'compile'))
    const contractions = entries[0]?.kernels.filter(({ kind }) => kind === 'contract').length
    expect(contractions).toBe(products(graph))
  })
})
