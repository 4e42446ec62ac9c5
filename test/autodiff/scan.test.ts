/** Gradients of loops over time, by central differences, and what they keep of the forward steps. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grad } from '../../src/autodiff/grad.ts'
import { pullBack, pullBackAll } from '../../src/autodiff/pull-back.ts'
import * as x from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { scanned } from '../../src/graph/loop.ts'
import { nodeOf, tensorOf } from '../../src/graph/node.ts'
import type { Node, NodeOf } from '../../src/graph/op.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { compare, evaluate, numbers, type Point, spread } from './differences.ts'

const point = (shape: readonly number[], seed: number): Point => ({
  shape,
  values: spread(
    shape.reduce((a, b) => a * b, 1),
    seed,
    0.2,
  ),
})
const at = (nodes: readonly Node[], i: number): Node => nodes[i] as Node
const total = (...nodes: readonly Node[]): Node => nodes.map((n) => x.sum(n, x.allAxes(n))).reduce((a, b) => x.add(a, b))

/** Steps over two carries [2], rows [3] and [], and constants [3, 2] and [2]. */
type Step = (h: Node, c: Node, row: Node, weight: Node, s: Node) => readonly [readonly Node[], readonly Node[]]
const steps: Readonly<Record<string, Step>> = {
  recurrent: (h, c, row, weight, s) => {
    const next = x.tanh(x.add(x.add(x.dot(row, weight, [[0], [0]]), x.mul(h, s)), c))
    return [[next, x.mul(c, 0.9)], [next]]
  },
  gated: (h, c, row, weight, s) => {
    const z = x.add(x.dot(row, weight, [[0], [0]]), h)
    const gate = x.sigmoid(z)
    const cell = x.add(x.mul(gate, c), x.mul(x.sub(1, gate), x.tanh(x.mul(z, s))))
    return [
      [x.mul(gate, x.tanh(cell)), cell],
      [cell, gate],
    ]
  },
  'unchanged carry': (h, c, row, weight) => [[x.add(h, x.mul(c, x.dot(row, weight, [[0], [0]]))), c], [h]],
  'unused carry': (_, c, row) => [[x.broadcastTo(x.sum(row, [0]), [2]), x.mul(c, c)], []],
  'reset carry': (h, c, row) => [[x.full([2], 0.5), x.add(c, x.mul(h, x.sum(row, [0])))], [x.mul(h, h)]],
  'exchanged carries': (h, c, row, _, s) => [[x.mul(c, s), x.add(h, x.sum(row, [0]))], []],
  'stopped carry': (h, c, row) => [[x.stopGradient(x.add(h, x.sum(row, [0]))), x.mul(c, x.unary('sin', h))], [x.mul(h, h)]],
  maxima: (h, c, row, weight) => {
    const y = x.maximum(x.dot(row, weight, [[0], [0]]), h)
    return [
      [x.mul(y, 0.5), x.add(c, x.max(x.concat([h, c], 0), [0]))],
      [y, x.select(x.greater(y, 0.3), y, x.mul(y, c))],
    ]
  },
  'rows alone': (h, c, row, weight) => [[h, c], [x.tanh(x.dot(row, weight, [[0], [0]]))]],
  powers: (h, c, row, _, s) => [
    [x.add(h, x.exp(x.mul(s, x.sum(row, [0])))), x.sqrt(x.add(x.mul(c, c), 1))],
    [x.div(h, x.add(x.exp(c), 1))],
  ],
}

const loop =
  (step: Step, length: number, reverse: boolean, read: (carries: readonly Node[], results: readonly Node[]) => Node) =>
  (...[h, c, rows, scalars, weight, s]: readonly Node[]): Node => {
    const found = scanned(
      { initial: [h as Node, c as Node], sequences: [rows as Node, scalars as Node], length, reverse },
      (carries, [row, scalar]) => {
        const [next, results] = step(at(carries, 0), at(carries, 1), x.add(row as Node, scalar as Node), weight as Node, s as Node)
        return { carries: next, results }
      },
    )
    return read(found.carries, found.results)
  }
const points = (length: number, seed: number) => [
  point([2], seed),
  point([2], seed + 1),
  point([length, 3], seed + 2),
  point([length], seed + 3),
  point([3, 2], seed + 4),
  point([2], seed + 5),
]
const reads: Readonly<Record<string, (carries: readonly Node[], results: readonly Node[]) => Node>> = {
  'the first carry': (carries) => at(carries, 0),
  'the second carry': (carries) => at(carries, 1),
  'the results': (carries, results) => (results.length > 0 ? total(...results.map(x.tanh)) : at(carries, 0)),
  everything: (carries, results) => x.mul(total(...carries, ...results), at(carries, 1)),
}

/** The same without a loop: row after row. */
const unrolled =
  (step: Step, length: number, reverse: boolean, read: (carries: readonly Node[], results: readonly Node[]) => Node) =>
  (...[h, c, rows, scalars, weight, s]: readonly Node[]): Node => {
    let state = [h as Node, c as Node]
    const found: (readonly Node[])[] = []
    for (let i = 0; i < length; i++) {
      const t = reverse ? length - 1 - i : i
      const row = x.reshape(x.slice(rows as Node, [t, 0], [1, 3]), [3])
      const [next, results] = step(at(state, 0), at(state, 1), x.add(row, x.slice(scalars as Node, [t], [1])), weight as Node, s as Node)
      state = [...next]
      found[t] = results
    }
    const stacked = (found[0] ?? []).map((_, i) =>
      x.concat(
        found.map((all) => x.reshape(at(all, i), [1, ...at(all, i).shape])),
        0,
      ),
    )
    return read(state, stacked)
  }
const gradientsOf = (f: (...inputs: readonly Node[]) => Node, all: readonly Point[]): readonly (readonly number[])[] => {
  const inputs = all.map(({ shape }, i) => x.parameter(`x${i}`, shape, 'f32'))
  const gradients = pullBack(total(f(...inputs)), x.constant(1), inputs).map((g, i) => g ?? x.full(at(inputs, i).shape, 0))
  return evaluate(gradients, inputs, all).map(({ values }) => [...values])
}

describe('the gradient of a loop by constants that are known from their place', () => {
  const shapes = points(3, 1).map(({ shape }) => shape)
  const values = [0, 1, 2, 0.5, 0, 1]
  /** Numbers of their own, and expressions of constants, of which a loop keeps what it likes inside. */
  const written = {
    data: (shape: readonly number[], value: number) => x.data(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape, 'f32'),
    full: (shape: readonly number[], value: number) => x.full(shape, value),
    product: (shape: readonly number[], value: number) => x.mul(x.full(shape, value), x.full(shape, 1)),
  }
  const by = (write: (shape: readonly number[], value: number) => Node, step: Step, read: (typeof reads)[string]) => {
    const given = shapes.map((shape, i) => tensorOf(write(shape, values[i] as number)) as AnyTensor)
    const f = (all: readonly AnyTensor[]): Tensor<[]> => tensorOf(total(loop(step, 3, false, read)(...all.map(nodeOf))))
    return grad(f)(given).map((g) => numbers(nodeOf(g)))
  }
  for (const [name, step] of Object.entries(steps))
    it(name, () => {
      for (const read of Object.values(reads))
        for (const write of [written.full, written.product]) expect(by(write, step, read)).toEqual(by(written.data, step, read))
    })
})

describe('the gradient of a loop is that of its steps written one after the other', () => {
  for (const [name, step] of Object.entries(steps))
    it(name, () => {
      for (const read of Object.values(reads))
        for (const [length, reverse] of [
          [1, false],
          [3, true],
          [4, false],
        ] as const) {
          const [found, wanted] = [loop, unrolled].map((write) => gradientsOf(write(step, length, reverse, read), points(length, 3)).flat())
          found?.forEach((g, i) => {
            expect(g).toBeCloseTo(wanted?.[i] as number, 10)
          })
        }
    })
})

/** Finite differences see through `stopGradient`, and nothing at ties. */
const smooth = Object.entries(steps).filter(([name]) => name !== 'stopped carry' && name !== 'maxima')

describe('the gradient of a loop agrees with central differences', () => {
  for (const [name, step] of smooth)
    it(name, () => {
      fc.assert(
        fc.property(
          fc.constantFrom(0, 1, 2, 4),
          fc.boolean(),
          fc.constantFrom(...Object.keys(reads)),
          fc.nat(1000),
          (length, reverse, read, seed) => {
            const { found, measured, error } = compare(loop(step, length, reverse, reads[read] as never), points(length, seed))
            expect(error, JSON.stringify({ found, measured })).toBeLessThan(1e-7)
          },
        ),
        { numRuns: 40, seed: 1 },
      )
    })

  it('through a loop in a loop, whose rows are those of the outer one', () => {
    const nested = (...[h, rows, weight]: readonly Node[]): Node => {
      const { carries, results } = scanned({ initial: [h as Node], sequences: [rows as Node], length: 3 }, ([outer], [row]) => {
        const inner = scanned({ initial: [outer as Node], sequences: [row as Node], length: 2, reverse: true }, ([state], [item]) => {
          const next = x.tanh(x.add(x.dot(state as Node, weight as Node, [[0], [0]]), x.mul(item as Node, outer as Node)))
          return { carries: [next], results: [x.sum(next, [0])] }
        })
        return { carries: [...inner.carries], results: [x.sum(at(inner.results, 0), [0])] }
      })
      return x.add(at(carries, 0), x.sum(at(results, 0), [0]))
    }
    const { error } = compare(nested, [point([2], 1), point([3, 2, 2], 2), point([2, 2], 3)])
    expect(error).toBeLessThan(1e-7)
  })

  it('a second time', () => {
    for (const name of ['recurrent', 'gated', 'powers', 'reset carry']) {
      const slope = (...inputs: readonly Node[]): Node => {
        const y = total(loop(steps[name] as Step, 3, false, reads.everything as never)(...inputs))
        const gradients = pullBack(y, x.constant(1), inputs)
        return total(...gradients.flatMap((g) => (g === null ? [] : [x.mul(g, g)])))
      }
      const { error, found, measured } = compare(slope, points(3, 5), 1e-5)
      expect(error, JSON.stringify({ name, found, measured })).toBeLessThan(1e-6)
    }
  })
})

describe('what a gradient keeps', () => {
  const [h, rows, weight] = [x.parameter('h', [4], 'f32'), x.parameter('rows', [9, 3], 'f32'), x.parameter('weight', [4, 4], 'f32')]
  const input = x.parameter('input', [3, 4], 'f32')
  const backOf = (step: (h: Node, row: Node) => Node, sources: readonly Node[]) => {
    const { carries } = scanned({ initial: [h], sequences: [rows], length: 9 }, ([state], [row]) => ({
      carries: [step(state as Node, row as Node)],
      results: [],
    }))
    const found = pullBackAll(carries, [x.full([4], 1)], sources)
    const loops = graphOf(
      found.filter((g) => g !== null),
      [],
    ).nodes.filter((n): n is NodeOf<'scan'> => n.op === 'scan')
    const forward = loops.find(({ attributes }) => !attributes.reverse) as NodeOf<'scan'>
    const back = loops.find(({ attributes }) => attributes.reverse) as NodeOf<'scan'>
    const kept = (forward?.attributes.body.outputs ?? []).slice(1).map(({ op }) => op)
    return { kept, back: back.attributes.body.nodes.map(({ op }) => op) }
  }

  it('is the output of tanh and the carry, and no contraction is computed again', () => {
    const { kept, back } = backOf(
      (state, row) => x.tanh(x.add(x.dot(state, weight, [[0], [0]]), x.dot(row, input, [[0], [0]]))),
      [h, rows, weight, input],
    )
    expect(kept).toEqual(['parameter', 'tanh'])
    expect(back.filter((op) => op === 'dot')).toHaveLength(4)
    expect(back).not.toContain('tanh')
  })

  it('is nothing where a few operations on rows make it', () => {
    const { kept } = backOf((state, row) => x.add(state, x.mul(x.broadcastTo(x.sum(row, [0]), [4]), 0.5)), [h, rows])
    expect(kept).toEqual([])
  })

  it('goes nowhere through integers', () => {
    const counter = x.parameter('counter', [], 'i32')
    const { carries } = scanned({ initial: [h, counter], sequences: [], length: 3 }, ([state, count]) => ({
      carries: [x.mul(state as Node, x.cast(count as Node, 'f32')), x.add(count as Node, 1)],
      results: [],
    }))
    const [toH, toCounter] = pullBack(at(carries, 0), x.full([4], 1), [h, counter])
    expect(toH).not.toBe(null)
    expect(toCounter).toBe(null)
    expect(pullBack(at(carries, 1), x.constant(1), [h])).toEqual([null])
  })
})
