/** The greatest and the least, of axes and of pairs: NaN wins wherever it stands, and 0 is greater than -0. */
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import type { Source } from '../../src/compiler/trace.ts'
import * as e from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'

/** The results of a program over f32 inputs, each of one shape. */
const run = async (f: (...xs: Node[]) => readonly Node[], inputs: readonly Float32Array[], shape: readonly number[]) => {
  const step = ((_: never, ...xs: Node[]) => [{}, f(...xs)]) as unknown as Source['step']
  const built = await build({ step, state: {}, args: inputs.map(() => ({ shape, dtype: 'f32' as const })), bind: [{}] })()
  if (built._tag === 'Left') throw new Error(built.left.tag)
  const entry = built.right.entries[0] ?? expect.unreachable()
  entry.args.forEach(({ view }, i) => {
    view.set(inputs[i] as Float32Array)
  })
  entry.run()
  return entry.results.map(({ view }) => [...view])
}
const specials = [0, -0, 1, -1, NaN, Infinity, -Infinity, 1e-40, -1e-40, 3e38]

it('of every pair of special values', async () => {
  const pairs = specials.flatMap((x) => specials.map((y) => [x, y] as const))
  const [x, y] = [0, 1].map((side) => Float32Array.from(pairs, (pair) => pair[side as 0 | 1])) as [Float32Array, Float32Array]
  const [max, min] = await run((a, b) => [e.maximum(a as Node, b as Node), e.minimum(a as Node, b as Node)], [x, y], [pairs.length])
  expect(max).toEqual([...x].map((v, i) => Math.max(v, y[i] as number)))
  expect(min).toEqual([...x].map((v, i) => Math.min(v, y[i] as number)))
})

describe('of an axis', () => {
  const extrema = (axis: number) => (x: Node) => [e.reduce('max', x, [axis]), e.reduce('min', x, [axis])]

  it.each([1, 2, 3, 4, 5, 16, 31, 32, 33, 47, 64, 70])('of %i elements, along rows and along columns', async (length) => {
    const rows = 16
    const values = Float32Array.from({ length: rows * length }, (_, i) => {
      const [row, at] = [Math.floor(i / length), i % length]
      if (row === 0) return at % 3 === 0 ? 0 : -0
      if (row === 1) return -0
      return row < 8 && at === (row * 13) % length ? (specials[row] as number) : Math.fround(Math.sin(i * 12.9898))
    })
    const row = (i: number): number[] => [...values.subarray(i * length, (i + 1) * length)]
    const wanted = [Math.max, Math.min].map((f) => Array.from({ length: rows }, (_, i) => f(...row(i))))
    expect(await run((x) => extrema(1)(x as Node), [values], [rows, length])).toEqual(wanted)
    const turned = Float32Array.from({ length: rows * length }, (_, i) => values[(i % rows) * length + Math.floor(i / rows)] as number)
    expect(await run((x) => extrema(0)(x as Node), [turned], [length, rows])).toEqual(wanted)
  })
})
