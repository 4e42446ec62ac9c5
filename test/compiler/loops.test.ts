/** Loops over time: what is computed in them, and what for all rows at once. */
import { describe, expect, it } from 'vitest'
import { pullBackAll } from '../../src/autodiff/pull-back.ts'
import { type Pass, simplifyPasses } from '../../src/compiler/simplify/simplify.ts'
import * as e from '../../src/graph/expression.ts'
import { bindDims, type Graph, graphOf } from '../../src/graph/graph.ts'
import { scanned } from '../../src/graph/loop.ts'
import type { Node, NodeOf } from '../../src/graph/op.ts'
import { print } from '../../src/graph/print.ts'
import { verify } from '../../src/graph/verify.ts'

const [batch, time, features, hidden] = [4, 100, 3, 5]
const parameter = (name: string, ...shape: readonly number[]): Node => e.parameter(name, shape, 'f32')
const gate = (z: Node, i: number): Node => e.slice(z, [0, i * hidden], [batch, hidden])
const at = (nodes: readonly Node[], i: number): Node => nodes[i] as Node

/** One step of gradient descent on an LSTM whose last state is summed up; the sequences are [batch, time, features]. */
const lstmStep = (): Graph => {
  const x = parameter('x', batch, time, features)
  const [wx, wh, b] = [
    parameter('inputWeight', features, 4 * hidden),
    parameter('recurrentWeight', hidden, 4 * hidden),
    parameter('bias', 4 * hidden),
  ]
  const zeros = e.full([batch, hidden], 0)
  const { carries } = scanned({ initial: [zeros, zeros], sequences: [e.permute(x, [1, 0, 2])], length: time }, ([h, c], [row]) => {
    const z = e.add(e.add(e.dot(row as Node, wx, [[1], [0]]), e.dot(h as Node, wh, [[1], [0]])), b)
    const [i, f, g, o] = [e.sigmoid(gate(z, 0)), e.sigmoid(gate(z, 1)), e.tanh(gate(z, 2)), e.sigmoid(gate(z, 3))]
    const cell = e.add(e.mul(f, c as Node), e.mul(i, g))
    return { carries: [e.mul(o, e.tanh(cell)), cell], results: [] }
  })
  const loss = e.sum(at(carries, 0), [0, 1])
  const weights = [wx, wh, b]
  const gradients = pullBackAll([loss], [e.constant(1)], weights)
  return bindDims(
    graphOf([loss, ...weights.map((w, i) => e.sub(w, e.mul(at(gradients as readonly Node[], i), 0.1)))], [...weights, x]),
    {},
    'test',
  )
}
const until = (graph: Graph, last: string, including: boolean): Graph => {
  const end = simplifyPasses.findIndex(({ name }) => name === last) + (including ? 1 : 0)
  return simplifyPasses.slice(0, end).reduce((g: Graph, pass: Pass) => verify(pass.run(g), pass.name), graph)
}
const loopsOf = (graph: Graph): readonly Graph[] => [
  ...new Set(graph.nodes.flatMap((n) => (n.op === 'scan' ? [(n as NodeOf<'scan'>).attributes.body] : []))),
]

const lstm = until(lstmStep(), 'strength', true)
const contractions = (graph: Graph): readonly string[] =>
  graph.nodes.flatMap((n) => (n.op === 'dot' ? [n.inputs.map(({ shape }) => `[${shape}]`).join(' * ')] : []))

describe('a training step of an LSTM', () => {
  it('reads before and after as its golden files', async () => {
    await expect(print(until(lstmStep(), 'hoist', false))).toMatchFileSnapshot('../golden/lstm-before-hoist.txt')
    await expect(print(lstm)).toMatchFileSnapshot('../golden/lstm-after-hoist.txt')
  })

  it('has two loops, and in each the one contraction that goes round: h Wh, and dg Wh^T', () => {
    expect(loopsOf(lstm).map(contractions)).toEqual([['[4,5] * [5,20]'], ['[4,20] * [5,20]']])
  })

  it('has one contraction over all rows for x Wx, one for each gradient of a weight, and one sum for that of the bias', () => {
    expect(contractions(lstm)).toEqual(['[100,4,3] * [3,20]', '[4,100,3] * [100,4,20]', '[100,4,5] * [100,4,20]'])
    expect(lstm.nodes.flatMap((n) => (n.op === 'sum' ? [n.inputs[0]?.shape] : []))).toEqual([
      [4, 5],
      [100, 4, 20],
    ])
  })

  it('keeps of each step what six arrays of its gates and states hold', () => {
    const [forward] = loopsOf(lstm)
    expect((forward?.outputs ?? []).slice(2).map(({ op }) => op)).toEqual([
      'parameter',
      'parameter',
      'sigmoid',
      'sigmoid',
      'sigmoid',
      'tanh',
      'tanh',
    ])
  })
})

/** The graph after hoisting, the value kept. */
const hoisted = (outputs: readonly Node[], inputs: readonly Node[]): Graph => until(graphOf(outputs, inputs), 'hoist', true)
const row = (n: Node | undefined): Node => n as Node

describe('hoist', () => {
  const xs = parameter('xs', 7, 2, 3)
  const w = parameter('w', 3, 3)
  const h = parameter('h', 2, 3)

  it('computes results behind the loop that nothing in it reads', () => {
    const { results } = scanned({ initial: [h], sequences: [xs], length: 7 }, ([state], [x]) => {
      const next = e.tanh(e.add(row(state), row(x)))
      return { carries: [next], results: [e.tanh(e.dot(next, w, [[1], [0]]))] }
    })
    const graph = hoisted(results, [xs, w, h])
    expect(contractions(graph)).toEqual(['[7,2,3] * [3,3]'])
    expect(loopsOf(graph).map(contractions)).toEqual([[]])
  })

  it('leaves nothing of a loop whose steps do not need each other', () => {
    const { results, carries } = scanned({ initial: [h], sequences: [xs], length: 7 }, ([sum], [x]) => {
      const y = e.tanh(e.dot(row(x), w, [[1], [0]]))
      return { carries: [e.add(row(sum), y)], results: [y] }
    })
    expect(loopsOf(hoisted([...results, ...carries], [xs, w, h]))).toEqual([])
  })

  it('adds up the rows of a table at once', () => {
    const indices = e.parameter('indices', [7, 2], 'i32')
    const table = parameter('table', 9, 3)
    const { carries } = scanned({ initial: [table], sequences: [indices, xs], length: 7 }, ([sum], [at, x]) => ({
      carries: [e.add(row(sum), e.scatterAdd(row(x), row(at), [9, 3]))],
      results: [],
    }))
    const graph = hoisted(carries, [indices, xs, table])
    expect(graph.nodes.map(({ op }) => op)).toEqual(['parameter', 'parameter', 'parameter', 'scatterAdd', 'add'])
  })

  it('adds up step by step what is larger than any row', () => {
    const large = parameter('large', 50, 50)
    const { carries } = scanned({ initial: [large, e.sum(large, [0, 1])], sequences: [], length: 7 }, ([sum, state]) => ({
      carries: [e.add(row(sum), e.sum(e.tanh(e.add(e.broadcastTo(large, [2, 50, 50]), row(state))), [0])), e.tanh(row(state))],
      results: [],
    }))
    const loop = hoisted(carries, [large]).nodes.find((n): n is NodeOf<'scan'> => n.op === 'scan')
    expect(loop?.attributes.carries).toBe(2)
  })

  it('keeps a carry that is read, or whose sums are results', () => {
    const { carries, results } = scanned({ initial: [h], sequences: [xs], length: 7 }, ([sum], [x]) => {
      const next = e.add(row(sum), row(x))
      return { carries: [next], results: [next] }
    })
    expect(loopsOf(hoisted([...carries, ...results], [xs, h]))[0]?.inputs).toHaveLength(2)
  })
})

describe('loops', () => {
  const xs = parameter('xs', 7, 3)
  const tidied = (outputs: readonly Node[], inputs: readonly Node[]): Graph => until(graphOf(outputs, inputs), 'loops', true)

  it('hold no carry that nobody asks for, nor one that stays the same', () => {
    const [a, b, c] = [parameter('a', 3), parameter('b', 3), parameter('c', 3)]
    const { carries } = scanned({ initial: [a, b, c], sequences: [xs, xs], length: 7 }, ([p, q, r], [x, y]) => ({
      carries: [e.mul(row(p), e.add(row(q), row(x))), row(q), e.add(row(r), row(y))],
      results: [row(x), row(q)],
    }))
    const graph = tidied(carries.slice(0, 2), [xs, a, b, c])
    const [loop] = graph.nodes.filter((n): n is NodeOf<'scan'> => n.op === 'scan')
    expect(loop?.attributes).toMatchObject({ carries: 1, sequences: 1 })
    expect(loop?.inputs).toEqual([a, xs, b])
    expect(graph.outputs[1]).toBe(b)
  })

  it('of no steps, or of one, are none', () => {
    for (const length of [0, 1]) {
      const rows = parameter('rows', length, 3)
      const { carries, results } = scanned({ initial: [parameter('a', 3)], sequences: [rows], length }, ([p], [x]) => ({
        carries: [e.add(row(p), row(x))],
        results: [e.tanh(row(p))],
      }))
      const a = carries[0]?.inputs[0] as Node
      expect(tidied([...carries, ...results], [rows, a]).nodes.every(({ op }) => op !== 'scan')).toBe(true)
    }
  })

  it('of one walk are one, in bodies too', () => {
    const a = parameter('a', 3)
    const walk = (start: Node, rows: Node, result: (n: Node) => Node) =>
      scanned({ initial: [start], sequences: [rows], length: 7 }, ([p], [x]) => ({
        carries: [e.tanh(e.add(row(p), row(x)))],
        results: [result(row(p))],
      }))
    const graph = tidied([...walk(a, xs, e.exp).results, ...walk(a, xs, e.neg).results], [xs, a])
    expect(loopsOf(graph)).toHaveLength(1)
    const nested = scanned({ initial: [a], sequences: [], length: 3 }, ([p]) => ({
      carries: [e.add(e.sum(row(walk(row(p), xs, e.exp).results[0]), [0]), e.sum(row(walk(row(p), xs, e.neg).results[0]), [0]))],
      results: [],
    }))
    const [outer] = loopsOf(tidied(nested.carries, [xs, a]))
    expect(loopsOf(outer as Graph)).toHaveLength(1)
  })
})
