/** Convolutions and pooling: values by hand and by definition, sentences from JavaScript. */
import fc from 'fast-check'
import {
  avgPool1d,
  avgPool2d,
  compute,
  type Dim,
  dim,
  full,
  globalAveragePool2d,
  globalMaxPool2d,
  grad,
  maxPool1d,
  maxPool2d,
  ones,
  pipe,
  reshape,
  ShapeError,
  type Size,
  sum,
  type Tensor,
  tensor,
  toArray,
} from 'shapewright'
import { conv1d, conv2d } from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { borderOf, type Sliding } from '../../types/window.ts'
import { type Any, close, numbers, random } from './values.ts'
import { type Case, casesWithin } from './windows.ts'

/** An image of one channel with a row of numbers in each line. */
const image = (...rows: readonly (readonly number[])[]): Any =>
  pipe(tensor(rows as Any) as Any, reshape([1, rows.length, rows[0]?.length ?? 0, 1] as Any) as Any)
const lines = (x: Any): unknown => (toArray(x) as Any)[0].map((row: Any) => row.map(([value]: readonly number[]) => value))

const cases = casesWithin({ side: 6, border: 2 })

/** Along height and along width. */
const slidings = ({ kernel, stride, dilation, padding }: Case): readonly [Sliding, Sliding] => {
  const along = (i: 0 | 1): Sliding => ({
    size: kernel[i],
    stride: stride[i],
    dilation: dilation[i],
    border: typeof padding === 'string' ? padding : padding[i],
  })
  return [along(0), along(1)]
}
/** Where each element of each window stands, outside the image too. */
const places = (n: number, sliding: Sliding): readonly (readonly number[])[] => {
  const [low, high] = borderOf(n, sliding)
  const found: number[][] = []
  for (let at = -low; at + (sliding.size - 1) * sliding.dilation < n + high; at += sliding.stride)
    found.push(Array.from({ length: sliding.size }, (_, i) => at + i * sliding.dilation))
  return found
}

/** The definition, loop by loop. */
const convolved = (given: Case, x: readonly number[], weight: readonly number[]): readonly number[] => {
  const { shape, kernel, filters, groups } = given
  const [b, h, w, c] = shape
  const [down, across] = slidings(given)
  const inGroup = c / groups
  const y: number[] = []
  for (let image = 0; image < b; image++)
    for (const rows of places(h, down))
      for (const columns of places(w, across))
        for (let n = 0; n < filters; n++) {
          const first = Math.floor(n / (filters / groups)) * inGroup
          let total = 0
          rows.forEach((row, i) => {
            columns.forEach((column, j) => {
              if (row < 0 || row >= h || column < 0 || column >= w) return
              for (let channel = 0; channel < inGroup; channel++)
                total +=
                  (x[((image * h + row) * w + column) * c + first + channel] as number) *
                  (weight[((i * kernel[1] + j) * inGroup + channel) * filters + n] as number)
            })
          })
          y.push(total)
        }
  return y
}
const fits = ({ shape, ...rest }: Case): boolean =>
  slidings({ shape, ...rest }).every((sliding, i) => places(shape[i + 1] as number, sliding).length > 0)

describe('conv2d', () => {
  it('is its definition, for random strides, dilations, paddings and groups', () => {
    fc.assert(
      fc.property(cases.filter(fits), (given) => {
        const { shape, kernel, filters, stride, dilation, padding, groups, seed } = given
        const [x, weight] = [random(shape, seed), random([...kernel, (shape[3] as number) / groups, filters], seed + 1)]
        const y = (conv2d(weight, { stride, dilation, padding, groups } as Any) as Any)(x)
        close(numbers(y), convolved(given, numbers(x), numbers(weight)))
      }),
      { numRuns: 150 },
    )
  })
  it("has the odd element of 'same' at the end, as TensorFlow has", () => {
    const x = image([1, 2, 3, 4])
    expect(lines((conv2d(ones([1, 2, 1, 1]), { padding: 'same' }) as Any)(x))).toEqual([[3, 5, 7, 4]])
    expect(lines((conv2d(ones([1, 3, 1, 1]), { padding: 'same', stride: [1, 2] }) as Any)(x))).toEqual([[6, 7]])
  })
  it('leaves the dims in front alone', () => {
    const weight = ones([2, 2, 1, 3])
    expect(conv2d(weight)(ones([4, 4, 1])).shape).toEqual([3, 3, 3])
    expect(conv2d(weight)(ones([2, 'time', 4, 4, 1])).shape).toEqual([2, 'time', 3, 3, 3])
  })
  it("slides over named sizes with 'same'", () => {
    const over = <H extends Dim>(x: Tensor<[H, 3, 1]>) => conv2d(ones([3, 3, 1, 1]), { padding: 'same' })(x)
    const y = over(ones([dim('height', 2), 3, 1]))
    expect(y.shape).toEqual(['height', 3, 1])
    expect(numbers(y)).toEqual([4, 6, 4, 4, 6, 4])
  })
})

describe('conv1d', () => {
  it('is conv2d with one row', () => {
    const [x, weight] = [random([2, 9, 4], 1), random([3, 2, 6], 2)]
    const options = { stride: 2, padding: [2, 1], dilation: 2, groups: 2 } as const
    const rows = (a: Any, shape: readonly number[]) => (reshape(shape as Any) as Any)(a)
    const image = rows(x, [2, 1, 9, 4])
    const wide = { ...options, stride: [1, 2], dilation: [1, 2], padding: [[0, 0], options.padding] }
    const y = (conv1d(weight, options) as Any)(x)
    expect(y.shape).toEqual([2, 4, 6])
    expect(numbers(y)).toEqual(numbers((conv2d(rows(weight, [1, 3, 2, 6]), wide as Any) as Any)(image)))
  })
})

describe('pooling', () => {
  const x: Tensor<[1, 3, 3, 1]> = image([1, 5, 2], [4, 3, 6], [9, 8, 7])
  it('takes the largest, and nothing of the border', () => {
    expect(lines(maxPool2d(2)(x))).toEqual([[5]])
    expect(lines(maxPool2d(2, { stride: 1 })(x))).toEqual([
      [5, 6],
      [9, 8],
    ])
    const negative = image([-1, -5], [-4, -3])
    expect(lines(maxPool2d(2, { padding: 1 })(negative))).toEqual([
      [-1, -5],
      [-4, -3],
    ])
    expect(lines(maxPool2d([2, 1], { padding: 'same' })(negative))).toEqual([[-1, -3]])
  })
  it('takes the mean: zeros of explicit padding count, the border of same does not', () => {
    expect(lines(avgPool2d(2)(x))).toEqual([[3.25]])
    expect(
      lines(
        avgPool2d(2, {
          padding: [
            [1, 0],
            [1, 0],
          ],
        })(x),
      ),
    ).toEqual([
      [0.25, 1.75],
      [3.25, 6],
    ])
    expect(lines(avgPool2d(2, { padding: 'same' })(x))).toEqual([
      [3.25, 4],
      [8.5, 7],
    ])
  })
  it('slides over sequences', () => {
    const line = reshape([5, 1])(tensor([3, 1, 4, 1, 5]))
    expect(toArray(maxPool1d(3, { stride: 1 })(line))).toEqual([[4], [4], [5]])
    expect(toArray(avgPool1d(2, { padding: 'same' })(line))).toEqual([[2], [2.5], [5]])
  })
  it('takes whole images', () => {
    expect(toArray(globalAveragePool2d(x))).toEqual([[5]])
    expect(toArray(globalMaxPool2d(x))).toEqual([[9]])
  })
  it('gives the gradient of a maximum to the first', () => {
    const flat = (y: Any): Any => sum()(y)
    const of = (pool: Any, at: Any): unknown => lines((grad((z: Any) => flat(pool(z))) as Any)(at))
    expect(of(maxPool2d(2), image([1, 1], [1, 1]))).toEqual([
      [1, 0],
      [0, 0],
    ])
    expect(of(maxPool2d(2, { stride: 1 }), image([0, 2, 0], [0, 2, 0]))).toEqual([
      [0, 2, 0],
      [0, 0, 0],
    ])
    expect(of(avgPool2d(2, { stride: 1, padding: 'same' }), image([1, 1], [1, 1]))).toEqual([
      [0.25, 0.75],
      [0.75, 2.25],
    ])
  })
  it('has no window over nothing', () => {
    expect(toArray(maxPool2d(2, { padding: 'same' })(full([0, 2, 1], 1)))).toEqual([])
  })
})

describe('from JavaScript', () => {
  const loose = { conv1d, conv2d, maxPool2d, avgPool1d } as unknown as Record<string, (...args: readonly unknown[]) => Any>
  const call = (name: string, ...args: readonly unknown[]) => (loose[name] as Any)(...args)
  const weight = ones([3, 3, 2, 4])
  const tried: readonly (readonly [string, () => unknown])[] = [
    ["conv2d: there is no option 'strides'", () => call('conv2d', weight, { strides: 2 })],
    ['conv2d: stride must be a whole number, at least 1, got 0', () => call('conv2d', weight, { stride: 0 })],
    ['conv2d: stride must be a whole number, at least 1, got 1.5', () => call('conv2d', weight, { stride: [1, 1.5] })],
    ['conv2d: stride must be a whole number, at least 1, got [1, 2, 3]', () => call('conv2d', weight, { stride: [1, 2, 3] })],
    [
      "conv2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got full",
      () => call('conv2d', weight, { padding: 'full' }),
    ],
    [
      "conv2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got -1",
      () =>
        call('conv2d', weight, {
          padding: [
            [0, -1],
            [0, 0],
          ],
        }),
    ],
    [
      "conv2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got [1, 1]",
      () => call('conv2d', weight, { padding: [1, 1] }),
    ],
    ['conv2d: dilation must be a whole number, at least 1, got NaN', () => call('conv2d', weight, { dilation: Number.NaN })],
    ['conv2d: groups must be a whole number, at least 1, got [1, 1]', () => call('conv2d', weight, { groups: [1, 1] })],
    ['conv2d: 3 groups do not divide 4 filters', () => call('conv2d', weight, { groups: 3 })(ones([5, 5, 6]))],
    ['conv2d: [5, 5, 2] x [3, 3, 2, 4]: expected 4 channels, got 2', () => call('conv2d', weight, { groups: 2 })(ones([5, 5, 2]))],
    ['conv2d: expected a weight [kh, kw, in, out], got [3, 3, 2]', () => call('conv2d', ones([3, 3, 2]))(ones([5, 5, 2]))],
    ['conv2d: the kernel of [0, 3, 2, 4] has no size', () => call('conv2d', ones([0, 3, 2, 4]))(ones([5, 5, 2]))],
    [
      "conv2d: the kernel of ['k'] has no size".replace("['k']", '[k, 3, 2, 4]'),
      () => call('conv2d', ones(['k', 3, 2, 4] as readonly Size[] as Any))(ones([5, 5, 2])),
    ],
    ['conv2d: expected [..., h, w, c], got [5, 2]', () => call('conv2d', weight)(ones([5, 2]))],
    ['conv2d: kernel [3, 3] is larger than the image [5, 2, 2]', () => call('conv2d', weight)(ones([8, 5, 2, 2]))],
    ['conv2d: expected f32, got i32', () => call('conv2d', weight)(ones([5, 5, 2], 'i32'))],
    ['conv2d: expected f32, got i32', () => call('conv2d', ones([3, 3, 2, 4], 'i32'))],
    ['conv1d: kernel 3 is larger than the sequence [2, 2]', () => call('conv1d', ones([3, 2, 4]))(ones([2, 2]))],
    ['maxPool2d: the size must be a whole number, at least 1, got undefined', () => call('maxPool2d')],
    ['maxPool2d: padding 2 is not smaller than the window 2', () => call('maxPool2d', 2, { padding: 2 })],
    ["maxPool2d: there is no option 'dilation'", () => call('maxPool2d', 2, { dilation: 2 })],
    ["avgPool1d: there is no option 'name'", () => call('avgPool1d', 2, { name: 'pool' })],
  ]
  it.each(tried)('%s', (sentence, f) => expect(f).toThrow(new ShapeError(sentence)))
})

describe('a compiled program', () => {
  it('agrees on a deep one', async () => {
    const x = random([1, 8, 8, 2], 3)
    const y = (conv2d(random([3, 3, 2, 4], 4), { padding: 'same' }) as Any)(x)
    expect(numbers(maxPool2d(2)(y)).length).toBe(64)
    expect(numbers(compute({ y: maxPool2d(2)(y) } as Any).y as Any)).toEqual(numbers(maxPool2d(2)(y)))
  })
})
