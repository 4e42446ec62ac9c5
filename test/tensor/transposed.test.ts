/** Transposed and depthwise convolutions: values by loops in f64, what they are the gradient of, programs, sentences from JavaScript. */
import fc from 'fast-check'
import {
  add,
  block,
  compile,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  depthwiseConv2d,
  grad,
  input,
  key,
  mul,
  normal,
  ones,
  permute,
  pipe,
  reshape,
  ShapeError,
  scalar,
  spec,
  sum,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { type Any, close, numbers, random } from './values.ts'
import { type Case, casesWithin } from './windows.ts'

const cases = casesWithin({ side: 5, border: 1 })

/** PyTorch's rule, (n - 1) stride - low - high + dilation (k - 1) + 1; with same, n stride, and the border that makes it so. */
const along = ({ shape, kernel, stride, dilation, padding }: Case, axis: 0 | 1) => {
  const [n, step] = [shape[axis + 1] as number, stride[axis]]
  const natural = (n - 1) * step + (kernel[axis] - 1) * dilation[axis] + 1
  if (padding === 'valid') return { size: natural, low: 0 }
  if (padding === 'same') return { size: n * step, low: Math.floor(Math.max(0, natural - n * step) / 2) }
  const [low, high] = padding[axis]
  return { size: natural - low - high, low }
}
const transposed = (given: Case, x: readonly number[], weight: readonly number[]): readonly number[] => {
  const { shape, kernel, filters, stride, dilation, groups } = given
  const [b, h, w, c] = shape
  const [rows, columns] = [along(given, 0), along(given, 1)]
  const [inGroup, outGroup] = [c / groups, filters / groups]
  const y = new Float64Array(b * rows.size * columns.size * filters)
  for (let image = 0; image < b; image++)
    for (let r = 0; r < h; r++)
      for (let s = 0; s < w; s++)
        for (let channel = 0; channel < c; channel++)
          for (let i = 0; i < kernel[0]; i++)
            for (let j = 0; j < kernel[1]; j++) {
              const [row, column] = [r * stride[0] + i * dilation[0] - rows.low, s * stride[1] + j * dilation[1] - columns.low]
              if (row < 0 || row >= rows.size || column < 0 || column >= columns.size) continue
              const first = Math.floor(channel / inGroup) * outGroup
              for (let n = first; n < first + outGroup; n++)
                (y[((image * rows.size + row) * columns.size + column) * filters + n] as number) +=
                  (x[((image * h + r) * w + s) * c + channel] as number) *
                  (weight[((i * kernel[1] + j) * inGroup + (channel % inGroup)) * filters + n] as number)
            }
  return [...y]
}
const hasSize = (given: Case): boolean => along(given, 0).size > 0 && along(given, 1).size > 0

describe('convTranspose2d', () => {
  it('is its definition, for random strides, dilations, paddings and groups', () => {
    fc.assert(
      fc.property(cases.filter(hasSize), (given) => {
        const { shape, kernel, filters, stride, dilation, padding, groups, seed } = given
        const [x, weight] = [random(shape, seed), random([...kernel, (shape[3] as number) / groups, filters], seed + 1)]
        const y = (ops.convTranspose2d(weight, { stride, dilation, padding, groups } as Any) as Any)(x)
        expect(y.shape).toEqual([shape[0], along(given, 0).size, along(given, 1).size, filters])
        close(numbers(y), transposed(given, numbers(x), numbers(weight)))
      }),
      { numRuns: 100 },
    )
  })
  it('is what the gradient of conv2d is, its weight with in and out exchanged', () => {
    const options = {
      stride: 2,
      padding: [
        [1, 0],
        [1, 0],
      ],
      groups: 2,
    } as Any
    const [g, weight] = [random([2, 4, 4, 6], 1), random([3, 3, 2, 6], 2)]
    const back = grad((x: Any) => pipe((ops.conv2d(weight, options) as Any)(x), mul(g), sum() as Any) as Any)(zeros([2, 8, 8, 4]) as Any)
    const apart = (reshape([3, 3, 2, 2, 3]) as Any)(weight)
    const exchanged = (reshape([3, 3, 3, 4]) as Any)((permute([0, 1, 4, 3, 2]) as Any)(apart))
    close(numbers((ops.convTranspose2d(exchanged, options) as Any)(g)), numbers(back))
  })
  it('makes a layer', () => {
    const model = pipe(input([5, 4, 6]), convTranspose2d({ filters: 4, kernel: [3, 2], stride: 2, groups: 2, padding: 'same' }))
    const params = model.init(key(0))
    expect([model.output, params.convTranspose2d1.weight.shape]).toEqual([
      [10, 8, 4],
      [3, 2, 3, 4],
    ])
    const x = normal(key(1), [2, 5, 4, 6])
    const byHand = pipe(
      x,
      ops.convTranspose2d(params.convTranspose2d1.weight, { stride: 2, groups: 2, padding: 'same' }),
      add(params.convTranspose2d1.bias),
    )
    expect(numbers(model.apply(params, x))).toEqual(numbers(byHand))
  })
})
describe('convTranspose1d', () => {
  it('is convTranspose2d with one row', () => {
    const [x, weight] = [random([2, 5, 4], 1), random([3, 2, 6], 2)]
    const rows = (a: Any, shape: readonly number[]) => (reshape(shape as Any) as Any)(a)
    const y = (ops.convTranspose1d(weight, { stride: 2, padding: [1, 0], dilation: 2, groups: 2 }) as Any)(x)
    const wide = {
      stride: [1, 2],
      dilation: [1, 2],
      padding: [
        [0, 0],
        [1, 0],
      ],
      groups: 2,
    }
    const image = (ops.convTranspose2d(rows(weight, [1, 3, 2, 6]), wide as Any) as Any)(rows(x, [2, 1, 5, 4]))
    expect(numbers(y)).toEqual(numbers(image))
    expect(pipe(input([5, 4]), convTranspose1d({ filters: 3, kernel: 4, stride: 2, padding: 1 })).output).toEqual([10, 3])
  })
})

describe('depthwiseConv2d', () => {
  it('is conv2d with as many groups as channels', () => {
    const [x, weight] = [random([2, 6, 5, 3], 1), random([3, 2, 1, 6], 2)]
    for (const options of [{}, { stride: 2, padding: 'same' }, { dilation: [2, 1], padding: 1 }] as const) {
      const whole = (ops.conv2d(weight, { ...options, groups: 3 } as Any) as Any)(x)
      expect(numbers((ops.depthwiseConv2d(weight, options as Any) as Any)(x))).toEqual(numbers(whole))
    }
  })
  it('makes a layer, and with a convolution of kernel 1 a separable one', () => {
    const separable = block(depthwiseConv2d({ kernel: 3, multiplier: 2, padding: 'same' }), conv2d({ filters: 5, kernel: 1 }))
    const model = pipe(input([6, 6, 3]), separable)
    const { block1 } = model.init(key(0))
    expect([block1.depthwiseConv2d1.weight.shape, block1.depthwiseConv2d1.bias.shape]).toEqual([[3, 3, 1, 6], [6]])
    expect(model.output).toEqual([6, 6, 5])
  })
})

/** A program of the value and of all gradients, beside the evaluator. */
const compiled = async (f: (x: Any, weight: Any) => Any, x: Any, weight: Any): Promise<void> => {
  const all = (image: Any, kernel: Any): Any => {
    const weighted = (a: Any, b: Any): Any => {
      const y = f(a, b)
      return pipe(mul(y, mul(y, 0.5) as Any) as Any, sum() as Any)
    }
    return [f(image, kernel), grad((a: Any) => weighted(a, kernel))(image), grad((b: Any) => weighted(image, b))(kernel)]
  }
  const step = (state: Any, a: Any, b: Any): Any => [state, all(a, b)]
  const built: Any = await (compile as Any)(step, { state: scalar(0), args: [(spec as Any)(x.shape), (spec as Any)(weight.shape)] })()
  if (built._tag === 'Left') throw new Error(built.left.message)
  const got = built.right.step(x, weight)
  all(x, weight).forEach((wanted: Any, i: number) => {
    close(numbers(got[i]), numbers(wanted), 2e-4)
  })
}
describe('programs agree with the evaluator, gradients too, for', () => {
  const shapes = { x: [2, 5, 6, 8], wide: [3, 3, 8, 12], deep: [3, 3, 1, 8], twice: [3, 2, 1, 16], groups: [3, 3, 2, 8] } as const
  const tried: readonly (readonly [string, readonly number[], (weight: Any) => Any])[] = [
    ['convTranspose2d by 2', shapes.wide, (w) => ops.convTranspose2d(w, { stride: 2, padding: 'same' })],
    ['convTranspose2d by 3 and 1, dilated', shapes.wide, (w) => ops.convTranspose2d(w, { stride: [3, 1], dilation: [1, 2], padding: 1 })],
    ['convTranspose2d in groups', shapes.groups, (w) => ops.convTranspose2d(w, { stride: 2, groups: 4 })],
    ['depthwiseConv2d', shapes.deep, (w) => ops.depthwiseConv2d(w, { padding: 'same' })],
    ['depthwiseConv2d by 2', shapes.deep, (w) => ops.depthwiseConv2d(w, { padding: 'same', stride: 2 })],
    ['depthwiseConv2d dilated, twice as many', shapes.twice, (w) => ops.depthwiseConv2d(w, { padding: 1, dilation: 2 })],
    ['conv2d in groups', shapes.groups, (w) => ops.conv2d(w, { padding: 'same', groups: 4 })],
    ['conv2d in groups by 2', shapes.groups, (w) => ops.conv2d(w, { padding: 'same', groups: 4, stride: 2 })],
  ]
  it.each(tried)('%s', (_, weight, op) => compiled((x, w) => op(w)(x), random(shapes.x, 1), random(weight, 2)))
})

describe('from JavaScript', () => {
  const loose = ops as unknown as Record<string, (...args: readonly unknown[]) => Any>
  const call = (name: string, ...args: readonly unknown[]) => (loose[name] as Any)(...args)
  const tried: readonly (readonly [string, () => unknown])[] = [
    [
      'convTranspose2d: the padding leaves nothing of [1, 1, 2]',
      () => call('convTranspose2d', ones([2, 2, 2, 4]), { padding: 1 })(ones([1, 1, 2])),
    ],
    [
      "convTranspose1d: a window over a named size of [t, 2] has no size; use padding 'same' and stride 1",
      () => call('convTranspose1d', ones([2, 2, 4]))(ones(['t', 2] as Any)),
    ],
    [
      'convTranspose2d: 3 groups do not divide 4 filters',
      () => call('convTranspose2d', ones([2, 2, 2, 4]), { groups: 3 })(ones([5, 5, 6])),
    ],
    ["convTranspose2d: there is no option 'outputPadding'", () => call('convTranspose2d', ones([2, 2, 2, 4]), { outputPadding: 1 })],
    [
      'depthwiseConv2d: expected a weight [kh, kw, 1, out], got [3, 3, 2, 4]',
      () => call('depthwiseConv2d', ones([3, 3, 2, 4]))(ones([5, 5, 2])),
    ],
    ['depthwiseConv2d: 3 groups do not divide 4 filters', () => call('depthwiseConv2d', ones([3, 3, 1, 4]))(ones([5, 5, 3]))],
    [
      'depthwiseConv2d: the channels of [5, 5, c] have no size',
      () => call('depthwiseConv2d', ones([3, 3, 1, 4]))(ones([5, 5, 'c'] as Any)),
    ],
    ["depthwiseConv2d: there is no option 'groups'", () => call('depthwiseConv2d', ones([3, 3, 1, 4]), { groups: 2 })],
    ["depthwiseConv2d: the option 'kernel' is missing", () => (depthwiseConv2d as Any)({})],
    ['depthwiseConv2d: multiplier must be a whole number, at least 1, got 0', () => (depthwiseConv2d as Any)({ kernel: 3, multiplier: 0 })],
  ]
  it.each(tried)('%s', (sentence, f) => expect(f).toThrow(new ShapeError(sentence)))
})
