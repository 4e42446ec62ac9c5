/** Programs far larger than any model: they compile in bounded time, run, and agree with the evaluator. */
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import type { Source } from '../../src/compiler/trace.ts'
import * as e from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'

/** The next state and the results after one step. */
const run = async (
  step: (state: readonly Node[]) => readonly [readonly Node[], readonly Node[]],
  state: readonly Node[],
): Promise<{ readonly state: readonly (readonly number[])[]; readonly results: readonly (readonly number[])[] }> => {
  const built = await build({ step: step as unknown as Source['step'], state, args: [], bind: [{}] })()
  if (built._tag === 'Left') throw new Error(built.left.tag)
  const entry = built.right.entries[0] ?? expect.unreachable()
  entry.run()
  return { state: built.right.state.map(({ view }) => [...view]), results: entry.results.map(({ view }) => [...view]) }
}
const row = (...values: readonly number[]): Node => e.data(Float32Array.from(values), [values.length], 'f32')

describe('a very deep expression', () => {
  /** 10,000 operations that come back to where they started. */
  const long = (x: Node): Node => Array.from({ length: 10_000 }).reduce<Node>((y, _, i) => (i % 2 === 0 ? e.mul(y, 2) : e.mul(y, 0.5)), x)

  it('over an input', async () => {
    const { state } = await run(([x]) => [[long(x as Node)], []], [row(1, -2, 3)])
    expect(state).toEqual([[1, -2, 3]])
  })

  it('over a sum, and over a product of matrices', async () => {
    const step = ([x]: readonly Node[]) =>
      [[x as Node], [long(e.sum(x as Node, [1])), long(e.dot(x as Node, x as Node, [[1], [1]]))]] as const
    const { results } = await run(step, [e.data(Float32Array.of(1, 2, 3, 4), [2, 2], 'f32')])
    expect(results).toEqual([
      [3, 7],
      [5, 11, 11, 25],
    ])
  })
})

describe('a very long chain of movement', () => {
  it('that strides can say, and that they can not', async () => {
    const cut = (x: Node): Node => e.slice(e.permute(e.broadcastTo(e.reshape(x, [1, 2, 3]), [2, 2, 3]), [0, 2, 1]), [0, 0, 0], [1, 3, 2])
    const turned = (x: Node): Node => e.reshape(e.permute(x, [1, 0]), [2, 3])
    const repeated = (x: Node, times: number, f: (x: Node) => Node): Node => Array.from({ length: times }).reduce<Node>((y) => f(y), x)
    const step = ([x]: readonly Node[]) =>
      [
        [x as Node],
        [repeated(x as Node, 2000, (y) => e.permute(e.reshape(cut(y), [3, 2]), [1, 0])), repeated(x as Node, 600, turned)],
      ] as const
    const { results } = await run(step, [e.data(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3], 'f32')])
    expect(results).toEqual([
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 6],
    ])
  })
})

describe('more tensors than a function has parameters', () => {
  const many = Array.from({ length: 1100 }, (_, i) => row(i, 2, 2, 1))

  it('joined', async () => {
    const { results } = await run((state) => [state, [e.concat(state, 0)]], many)
    expect(results[0]).toEqual(Array.from({ length: 1100 }, (_, i) => [i, 2, 2, 1]).flat())
  })

  it('summed and scaled together', async () => {
    const step = (state: readonly Node[]) => {
      const total = state.map((x) => e.sum(x, [0])).reduce((a, b) => e.add(a, b))
      return [state.map((x) => e.sub(x, total)), [total]] as const
    }
    const sum = (1100 * 1099) / 2 + 5 * 1100
    const { state, results } = await run(step, many)
    expect(results).toEqual([[sum]])
    expect(state[1099]).toEqual([1099 - sum, 2 - sum, 2 - sum, 1 - sum])
  })
})

describe('more than 32 bits can address', () => {
  it('is told before it is written down', async () => {
    const wide = e.iota([2 ** 30], 0)
    const step = () => [[], [e.concat([wide, wide], 0)]]
    const refused = await build({ step: step as unknown as Source['step'], state: [], args: [], bind: [{}] })()
    expect(refused).toMatchObject({ _tag: 'Left', left: { tag: 'TooLarge' } })
  })
})
