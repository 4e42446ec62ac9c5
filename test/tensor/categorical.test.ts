/** Classes drawn from logits: their frequencies, temperatures, the likeliest alone, sentences. */
import {
  argmax,
  categorical,
  compile,
  dim,
  foldIn,
  type Key,
  key,
  log,
  normal,
  pipe,
  ShapeError,
  spec,
  type Tensor,
  tensor,
  toArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { rightOf } from '../train/values.ts'

const refuses = (sentence: string, mistake: () => unknown) => expect(mistake).toThrow(new ShapeError(sentence))
const shares = (classes: readonly number[], count: number): readonly number[] =>
  Array.from({ length: count }, (_, c) => classes.filter((drawn) => drawn === c).length / classes.length)
const p = [0.1, 0.2, 0.3, 0.4]
const rows = tensor(Array.from({ length: 4000 }, () => p.map((x) => Math.log(x))).flat(), [4000, 4])

describe('categorical', () => {
  it('draws classes as often as their probabilities say', () => {
    const found = shares(toArray(pipe(rows, categorical(key(1)))), 4)
    found.forEach((share, c) => {
      expect(Math.abs(share - (p[c] as number))).toBeLessThan(0.03)
    })
    expect(toArray(pipe(rows, categorical(key(1))))).toEqual(toArray(pipe(rows, categorical(key(1), { temperature: 1 }))))
    expect(toArray(pipe(rows, categorical(foldIn(key(1), 1))))).not.toEqual(toArray(pipe(rows, categorical(key(1)))))
  })

  it('is bolder or shyer by its temperature', () => {
    const squares = p.map((x) => x * x)
    const found = shares(toArray(pipe(rows, categorical(key(2), { temperature: 0.5 }))), 4)
    found.forEach((share, c) => {
      expect(Math.abs(share - (squares[c] as number) / 0.3)).toBeLessThan(0.03)
    })
    const x = normal(key(3), [5, 3, 7])
    expect(toArray(pipe(x, categorical(key(4), { temperature: 0 })))).toEqual(toArray(argmax(-1)(x)))
  })

  it('draws from the likeliest alone', () => {
    const found = shares(toArray(pipe(rows, categorical(key(5), { topK: 2 }))), 4)
    expect(found.slice(0, 2)).toEqual([0, 0])
    expect(Math.abs((found[3] as number) - 4 / 7)).toBeLessThan(0.03)
    expect(toArray(pipe(rows, categorical(key(5), { topK: 9 })))).toEqual(toArray(pipe(rows, categorical(key(5)))))
    expect(toArray(pipe(tensor([1, 3, 2]), categorical(key(0), { topK: 1 })))).toBe(1)
  })

  it('is compiled, with a key as an argument', async () => {
    const step = (k: Key, x: Tensor<['batch', 4]>) => [{ bits: foldIn(k, 1).bits }, pipe(log(x), categorical(k, { topK: 3 }))] as const
    const program = rightOf(await compile(step, { state: key(7), args: [spec(['batch', 4])], bind: { batch: 5 } })())
    const x = tensor(Array.from({ length: 5 }, () => p).flat(), [dim('batch', 5), 4])
    expect(toArray(program.step(x))).toEqual(toArray(pipe(log(x), categorical(key(7), { topK: 3 }))))
  })

  it('says what is wrong from JavaScript as well', () => {
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = categorical as any
    refuses('categorical: expected logits [..., classes], got []', () => js(key(0))(zeros([])))
    refuses('categorical: expected f32, got i32', () => js(key(0))(zeros([3], 'i32')))
    refuses('categorical: the temperature must be a number from 0 on, got -1', () => js(key(0), { temperature: -1 }))
    refuses('categorical: topK must be a whole number from 1 on, got 0', () => js(key(0), { topK: 0 }))
    refuses("categorical: there is no option 'k'", () => js(key(0), { k: 1 }))
  })
})
