/** Upsampling and augmentation: values by hand and by loops, the same key the same images, layers that act while training alone. */
import {
  compile,
  globalAveragePool1d,
  globalMaxPool1d,
  grad,
  input,
  key,
  mul,
  ones,
  pipe,
  randomCrop,
  randomFlip,
  randomShift,
  reshape,
  ShapeError,
  scalar,
  sequential,
  spec,
  sum,
  tensor,
  toArray,
  upsample1d,
  upsample2d,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { type Any, close, numbers, random } from './values.ts'

/** The value of a function and its gradient, by a program and by the evaluator. */
const agrees = async (f: (x: Any) => Any, x: Any): Promise<void> => {
  const both = (a: Any): Any => [f(a), grad((b: Any) => pipe(f(b), (y: Any) => mul(y, y) as Any, sum() as Any) as Any)(a)]
  const built: Any = await (compile as Any)((state: Any, a: Any) => [state, both(a)], {
    state: scalar(0),
    args: [(spec as Any)(x.shape)],
  })()
  if (built._tag === 'Left') throw new Error(built.left.message)
  const got = built.right.step(x)
  both(x).forEach((wanted: Any, i: number) => {
    close(numbers(got[i]), numbers(wanted))
  })
}

describe('global pooling of sequences', () => {
  it('takes the mean and the largest of each channel', () => {
    const x = tensor([
      [1, 5],
      [2, 3],
    ])
    expect(toArray(globalAveragePool1d(x))).toEqual([1.5, 4])
    expect(toArray(globalMaxPool1d(x))).toEqual([2, 5])
    expect(globalMaxPool1d(ones([2, 'batch', 7, 3])).shape).toEqual([2, 'batch', 3])
    expect(pipe(input(['time', 3]), globalAveragePool1d).output).toEqual([3])
  })
})

/** Sampled at (i + 1/2) / by - 1/2, coordinates kept inside, as PyTorch does without align_corners. */
const bilinear = (x: readonly number[], [b, h, w, c]: readonly number[], down: number, across: number): readonly number[] => {
  const y: number[] = []
  const [height, width, channels] = [h as number, w as number, c as number]
  const at = (i: number, by: number, n: number) => {
    const place = Math.max(0, (i + 0.5) / by - 0.5)
    const low = Math.min(Math.floor(place), n - 1)
    return { low, high: Math.min(low + 1, n - 1), part: Math.min(place - low, 1) }
  }
  for (let image = 0; image < (b as number); image++)
    for (let i = 0; i < height * down; i++)
      for (let j = 0; j < width * across; j++)
        for (let k = 0; k < channels; k++) {
          const [r, s] = [at(i, down, height), at(j, across, width)]
          const value = (row: number, column: number): number => x[((image * height + row) * width + column) * channels + k] as number
          const line = (row: number): number => value(row, s.low) * (1 - s.part) + value(row, s.high) * s.part
          y.push(line(r.low) * (1 - r.part) + line(r.high) * r.part)
        }
  return y
}

describe('upsampling', () => {
  const x = random([2, 3, 4, 2], 1)
  it('repeats', () => {
    expect(toArray(upsample1d(3)(tensor([[1], [2]])))).toEqual([[1], [1], [1], [2], [2], [2]])
    const wide = pipe(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      reshape([2, 2, 1]),
      upsample2d([1, 2]),
      reshape([2, 4]),
    )
    expect(toArray(wide)).toEqual([
      [1, 1, 2, 2],
      [3, 3, 4, 4],
    ])
  })
  it('interpolates', () => {
    for (const [down, across] of [
      [2, 2],
      [3, 1],
      [4, 5],
    ] as const) {
      const y = (upsample2d([down, across], { method: 'bilinear' }) as Any)(x)
      expect(y.shape).toEqual([2, 3 * down, 4 * across, 2])
      close(numbers(y), bilinear(numbers(x), [2, 3, 4, 2], down, across))
    }
    expect(toArray(upsample1d(2, { method: 'linear' })(tensor([[7]])))).toEqual([[7], [7]])
    expect(upsample1d(2, { method: 'linear' })(ones([2, 0, 3])).shape).toEqual([2, 0, 3])
  })
  it.each([
    ['nearest', upsample2d(2)],
    ['nearest, wide', upsample2d([1, 3])],
    ['bilinear', upsample2d([2, 3], { method: 'bilinear' })],
  ])('programs agree with the evaluator: %s', (_, f) => agrees(f as Any, x))
})

const images = (x: Any): readonly (readonly number[])[] => {
  const [n] = (x as { shape: readonly number[] }).shape
  const all = numbers(x)
  return Array.from({ length: n as number }, (_, i) => all.slice((i * all.length) / (n as number), ((i + 1) * all.length) / (n as number)))
}
const pixel = (
  x: readonly number[],
  [h, w, c]: readonly [number, number, number],
  row: number,
  column: number,
  channel: number,
): number | null => (row < 0 || row >= h || column < 0 || column >= w ? null : (x[(row * w + column) * c + channel] as number))
/** The image seen with its corner at a row and a column of it. */
const seen = (
  x: readonly number[],
  from: readonly [number, number, number],
  size: readonly [number, number],
  corner: readonly [number, number],
  edge: boolean,
) => {
  const [h, w, c] = from
  const y: number[] = []
  for (let i = 0; i < size[0]; i++)
    for (let j = 0; j < size[1]; j++)
      for (let k = 0; k < c; k++) {
        const [row, column] = [corner[0] + i, corner[1] + j]
        const kept = [Math.min(Math.max(row, 0), h - 1), Math.min(Math.max(column, 0), w - 1)] as const
        y.push(edge ? (pixel(x, from, ...kept, k) as number) : (pixel(x, from, row, column, k) ?? 0))
      }
  return y
}

describe('augmentation', () => {
  const [n, h, w, c] = [64, 5, 6, 3] as const
  const batch = random([n, h, w, c], 7)
  const places = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  /** Which of the candidates each image is, and how often each is met. */
  const met = (y: Any, candidates: (x: readonly number[]) => readonly (readonly number[])[]): readonly number[] => {
    const originals = images(batch)
    return images(y).map((image, i) => {
      const found = candidates(originals[i] as readonly number[]).findIndex((each) => each.every((value, at) => value === image[at]))
      expect(found).toBeGreaterThanOrEqual(0)
      return found
    })
  }
  it('flips each image or not', () => {
    const turned = (x: readonly number[]) =>
      x.map((_, at) => pixel(x, [h, w, c], Math.floor(at / w / c), w - 1 - (Math.floor(at / c) % w), at % c) as number)
    const found = met(randomFlip(key(1))(batch), (x) => [x, turned(x)])
    expect(found.filter((i) => i === 1).length).toBeGreaterThan(n / 4)
    expect(found.filter((i) => i === 0).length).toBeGreaterThan(n / 4)
    expect(found).not.toEqual(met(randomFlip(key(2))(batch), (x) => [x, turned(x)]))
  })
  it.each(['zeros', 'edge'] as const)('shifts each image by its own, and fills with %s', (fill) => {
    const corners = places(-2, 2).flatMap((row) => places(-1, 1).map((column) => [row, column] as const))
    const found = met(randomShift([2, 1], key(3), { fill })(batch), (x) =>
      corners.map((corner) => seen(x, [h, w, c], [h, w], corner, fill === 'edge')),
    )
    expect(new Set(found).size).toBeGreaterThan(10)
  })
  it('crops each image at its own place', () => {
    const corners = places(0, 2).flatMap((row) => places(0, 2).map((column) => [row, column] as const))
    const found = met(randomCrop([3, 4], key(4))(batch), (x) => corners.map((corner) => seen(x, [h, w, c], [3, 4], corner, false)))
    expect(new Set(found).size).toBe(9)
  })
  it('acts in applyTraining alone, by the key; a crop takes the middle else', () => {
    const model = sequential(input([h, w, c]), randomFlip(), randomShift(1), randomCrop([3, 4]))
    const apart = (x: Any): readonly number[] => numbers(x)
    const middle = images(batch).flatMap((x) => seen(x, [h, w, c], [3, 4], [1, 1], false))
    expect(apart(model.apply({}, batch))).toEqual(middle)
    const [once, again, other] = [key(5), key(5), key(6)].map((k) => apart(model.applyTraining({}, batch, k)[0]))
    expect(once).toEqual(again)
    expect(once).not.toEqual(other)
    expect(once).not.toEqual(middle)
  })
  it.each([
    ['flip', randomFlip(key(1))],
    ['shift', randomShift(2, key(1))],
    ['shift of the edge', randomShift([1, 2], key(1), { fill: 'edge' })],
    ['crop', randomCrop(4, key(1))],
  ])('gives the same in a program: %s', async (_, f) => {
    const [x, y] = [random([8, h, w, c], 1), random([8, h, w, 1], 2)]
    await agrees(f as Any, x)
    await agrees(f as Any, y)
  })
  it('leaves what is empty empty', () => {
    expect(randomFlip(key(0))(ones([0, 4, 4, 1])).shape).toEqual([0, 4, 4, 1])
    expect(toArray(reshape([0])(randomShift(3, key(0))(ones([2, 0, 4, 1]))))).toEqual([])
  })
})

describe('from JavaScript', () => {
  const loose = { upsample1d, upsample2d, randomFlip, randomShift, randomCrop } as unknown as Record<
    string,
    (...args: readonly unknown[]) => Any
  >
  const call = (name: string, ...args: readonly unknown[]) => (loose[name] as Any)(...args)
  const tried: readonly (readonly [string, () => unknown])[] = [
    ["upsample2d: the method is 'nearest' or 'bilinear', got cubic", () => call('upsample2d', 2, { method: 'cubic' })],
    ['upsample2d: the factor must be a whole number, at least 1, got 0', () => call('upsample2d', [1, 0])],
    ["upsample1d: 't' of [t, 2] is a name; its factor must be 1, got 2", () => call('upsample1d', 2)(ones(['t', 2] as Any))],
    ['upsample1d: axis 1 of the result is 2^53 or longer', () => call('upsample1d', 2)(ones([1, 2 ** 53 - 1, 1] as Any))],
    ['randomFlip: on a tensor it needs a key; write randomFlip(key)', () => call('randomFlip')(ones([1, 2, 2, 1]))],
    ['randomFlip: expected [n, h, w, c], got [2, 2, 1]', () => call('randomFlip', key(0))(ones([2, 2, 1]))],
    ['randomShift: pixels must be a whole number, at least 0, got -1', () => call('randomShift', -1)],
    ["randomShift: fill must be 'zeros' or 'edge', got wrap", () => call('randomShift', 1, { fill: 'wrap' })],
    ["randomShift: there is no option 'mode'", () => call('randomShift', 1, key(0), { mode: 'edge' })],
    ['randomShift: on a tensor it needs a key; write randomShift(pixels, key)', () => call('randomShift', 1)(ones([1, 2, 2, 1]))],
    ['randomCrop: crop [3, 2] is larger than the image [2, 2, 1]', () => call('randomCrop', [3, 2], key(0))(ones([1, 2, 2, 1]))],
    ['randomCrop: [h, 2, 1] has a size that is only a name', () => call('randomCrop', 1, key(0))(ones([1, 'h', 2, 1] as Any))],
    ['randomCrop: the size must be a whole number, at least 1, got 0', () => call('randomCrop', 0)],
  ]
  it.each(tried)('%s', (sentence, f) => expect(f).toThrow(new ShapeError(sentence)))
})
