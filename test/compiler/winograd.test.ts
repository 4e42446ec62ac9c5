/** Convolutions over 3 by 3 windows with fewer products: where they are chosen, what they become, and that they keep what users rely on. */
import { dropout, grad, key, mul, pipe, relu, sum } from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { build, lower } from '../../src/compiler/compile.ts'
import { kernelsText } from '../../src/compiler/dump.ts'
import { costTable } from '../../src/compiler/layout/cost-table.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import { type Source, trace } from '../../src/compiler/trace.ts'

// biome-ignore lint/suspicious/noExplicitAny: shapes and options are data
type Any = any
type Shape = readonly number[]

const conv = (x: Any, w: Any, options: Any = { padding: 'same' }): Any => (ops.conv2d(w, options) as Any)(x)
const functions: Readonly<Record<string, (x: Any, w: Any, g: Any) => Any>> = {
  results: (x, w) => conv(x, w),
  'gradient of the image': (x, w, g) => grad((z: Any) => pipe(mul(conv(z, w), g) as Any, sum() as Any) as Any)(x),
  'gradient of the weight': (x, w, g) => grad((z: Any) => pipe(mul(conv(x, z), g) as Any, sum() as Any) as Any)(w),
}
const sourceOf = (f: (...xs: Any[]) => Any, shapes: readonly Shape[]): Source => ({
  step: ((_: never, ...xs: Any[]) => [{}, f(...xs)]) as unknown as Source['step'],
  state: {},
  args: shapes.map((shape) => ({ shape, dtype: 'f32' as const })),
  bind: [{}],
})
const shapesOf = ([b, h, w, c, n]: readonly [number, number, number, number, number]): readonly Shape[] => [
  [b, h, w, c],
  [3, 3, c, n],
  [b, h, w, n],
]
const size = (shape: Shape): number => shape.reduce((a, b) => a * b, 1)
/** Whole numbers from -3 to 3, of which every sum here is exact, whatever its order: quarters of them too. */
const whole = (shape: Shape, seed: number): Float32Array =>
  Float32Array.from({ length: size(shape) }, (_, i) => ((Math.imul(i + seed, 2654435761) >>> 9) % 7) - 3)

const run = async (
  f: (...xs: Any[]) => Any,
  shapes: readonly Shape[],
  values: readonly Float32Array[],
  threads = 1,
): Promise<Float32Array> => {
  const built = await build(sourceOf(f, shapes), { ...strictTarget, threads, grain: 0 })()
  if (built._tag === 'Left') throw new Error(built.left.tag)
  const entry = built.right.entries[0] ?? expect.unreachable()
  for (let i = 0; threads > 1 && i < 500 && built.right.threads() < threads; i++) await new Promise((turn) => setTimeout(turn, 10))
  entry.args.forEach(({ view }, i) => {
    view.set(values[i] as Float32Array)
  })
  entry.run()
  const [result] = entry.results
  return (result ?? expect.unreachable()).view.slice() as Float32Array
}
const kernelsOf = (f: (...xs: Any[]) => Any, shapes: readonly Shape[]) => {
  const source = sourceOf(f, shapes)
  return lower(trace(source), source.bind).entries[0] ?? expect.unreachable()
}
/** Whether a program multiplies transformed tiles. */
const isChosen = (f: (...xs: Any[]) => Any, shapes: readonly Shape[]): boolean =>
  kernelsOf(f, shapes).buffers.some(({ path }) => path === 'tiles')

/** The three, by their definition, in f64. */
const expected = ([b, h, w, c, n]: readonly [number, number, number, number, number], [x, weight, g]: readonly Float32Array[]) => {
  const [results, ofImage, ofWeight] = [b * h * w * n, b * h * w * c, 9 * c * n].map((length) => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let image = 0; image < b; image++)
    for (let at = 0; at < h * w * 9; at++) {
      const [place, element] = [Math.floor(at / 9), at % 9]
      const [row, column] = [Math.floor(place / w) + Math.floor(element / 3) - 1, (place % w) + (element % 3) - 1]
      if (row < 0 || column < 0 || row >= h || column >= w) continue
      const [from, to] = [((image * h + row) * w + column) * c, (image * h * w + place) * n]
      for (let i = 0; i < c; i++)
        for (let j = 0; j < n; j++) {
          const k = (element * c + i) * n + j
          const [a, v, d] = [x?.[from + i] as number, weight?.[k] as number, g?.[to + j] as number]
          results[to + j] = (results[to + j] as number) + a * v
          ofImage[from + i] = (ofImage[from + i] as number) + d * v
          ofWeight[k] = (ofWeight[k] as number) + a * d
        }
    }
  return Object.fromEntries(Object.keys(functions).map((name, i) => [name, [results, ofImage, ofWeight][i] as Float64Array]))
}

/** Images, height, width, channels, filters: even and odd, one image and several at once, parts of an image, channels that no vector divides. */
const cases = [
  [2, 8, 8, 32, 32],
  [5, 7, 9, 32, 20],
  [3, 10, 7, 17, 19],
  [1, 7, 8, 32, 16],
  [2, 48, 48, 32, 16],
  [12, 4, 6, 64, 64],
] as const

describe('a convolution over 3 by 3 windows', () => {
  it('has a price that was measured', () => {
    expect(costTable.transform.engine).toMatch(/^V8 \d/)
    expect(costTable.transform.perVector).toBeGreaterThan(0)
  })
  it('is chosen by what one image takes, not by the batch', () => {
    const chosen = [
      [28, 28, 32, 64],
      [14, 14, 64, 64],
      [7, 7, 64, 128],
      [32, 32, 16, 16],
      [32, 32, 3, 16],
      [28, 28, 1, 32],
      [4, 4, 4, 4],
      [2, 2, 512, 512],
    ].map(([h = 0, w = 0, c = 0, n = 0]) =>
      [1, 2, 32].map((b) => Object.values(functions).map((f) => isChosen(f, shapesOf([b, h, w, c, n])))).map((three) => three.join()),
    )
    for (const batches of chosen) expect(new Set(batches).size).toBe(1)
    expect(chosen.map(([one]) => one)).toEqual([
      'true,true,true',
      'true,true,true',
      'true,true,true',
      'true,true,true',
      'false,true,false',
      'false,false,false',
      'false,false,false',
      'false,false,false',
    ])
  })
  it('is left alone with other windows, strides and groups', () => {
    const image = [2, 16, 16, 32]
    expect(isChosen((x, w) => conv(x, w), [image, [3, 3, 32, 32]])).toBe(true)
    expect(isChosen((x, w) => conv(x, w), [image, [5, 5, 32, 32]])).toBe(false)
    expect(isChosen((x, w) => conv(x, w), [image, [3, 1, 32, 32]])).toBe(false)
    expect(isChosen((x, w) => conv(x, w, { padding: 'same', stride: 2 }), [image, [3, 3, 32, 32]])).toBe(false)
    expect(isChosen((x, w) => conv(x, w, { padding: 'same', dilation: 2 }), [image, [3, 3, 32, 32]])).toBe(false)
    expect(isChosen((x, w) => conv(x, w, { padding: 'same', groups: 2 }), [image, [3, 3, 16, 32]])).toBe(false)
  })
  it('becomes these kernels', async () => {
    const shown = Object.entries(functions).filter(([name]) => name !== 'gradient of the image')
    const text = shown.map(([name, f]) => `${name}\n${kernelsText(kernelsOf(f, shapesOf([40, 8, 8, 32, 32])))}`)
    await expect(`${text.join('\n\n')}\n`).toMatchFileSnapshot('../golden/winograd-kernels.txt')
  })
})

describe('fewer products', () => {
  it.each(cases)('are the same sums, of %i images of %i by %i by %i, of %i filters, on one thread and on two', async (...sizes) => {
    const shapes = shapesOf(sizes)
    const values = shapes.map((shape, i) => whole(shape, 1 + i))
    const wanted = expected(sizes, values)
    for (const [name, f] of Object.entries(functions)) {
      expect(isChosen(f, shapes)).toBe(true)
      const found = await run(f, shapes, values)
      expect(found.every((value, i) => value === wanted[name]?.[i])).toBe(true)
      expect(await run(f, shapes, values, 2)).toEqual(found)
    }
  })
  it('are followed by what follows the sum, where it counts along an axis too', async () => {
    const shapes = shapesOf([3, 8, 8, 32, 32])
    const values = shapes.map((shape, i) => whole(shape, 1 + i))
    const drop = (x: Any): Any => (dropout(0.5, key(3)) as Any)(x)
    const after = (x: Any, w: Any, g: Any) => drop(relu(mul(conv(x, w) as Any, g) as Any) as Any)
    const separate = (y: Any, g: Any) => drop(relu(mul(y, g) as Any) as Any)
    const sums = await run((x, w) => conv(x, w), shapes.slice(0, 2), values)
    const image = shapes[2] as Shape
    expect(isChosen(after, shapes)).toBe(true)
    expect(await run(after, shapes, values)).toEqual(await run(separate, [image, image], [sums, values[2] as Float32Array]))
  })
  it('give an image the same bits whatever images stand beside it', async () => {
    const random = (shape: Shape, seed: number) =>
      Float32Array.from({ length: size(shape) }, (_, i) => ((Math.imul(i + 1, 2654435761) ^ Math.imul(seed, 40503)) >>> 8) / 2 ** 23 - 1)
    const [x, w] = [random([6, 9, 9, 16], 1), random([3, 3, 16, 16], 2)]
    const all = await run((a, b) => conv(a, b), shapesOf([6, 9, 9, 16, 16]).slice(0, 2), [x, w])
    const one = 9 * 9 * 16
    const third = await run((a, b) => conv(a, b), shapesOf([1, 9, 9, 16, 16]).slice(0, 2), [x.slice(2 * one, 3 * one), w])
    expect(third).toEqual(all.slice(2 * one, 3 * one))
  })
  it('let nothing reach a result that its window does not hold', async () => {
    const shapes = shapesOf([1, 9, 9, 16, 16]).slice(0, 2)
    const [x, w] = shapes.map((shape, i) => whole(shape, 1 + i)) as [Float32Array, Float32Array]
    const before = await run((a, b) => conv(a, b), shapes, [x, w])
    const [row, column] = [4, 5]
    x.fill(Number.POSITIVE_INFINITY, (row * 9 + column) * 16, (row * 9 + column + 1) * 16)
    const found = await run((a, b) => conv(a, b), shapes, [x, w])
    found.forEach((value, i) => {
      const [h, v] = [Math.floor(i / 16 / 9), Math.floor(i / 16) % 9]
      if (Math.abs(h - row) > 1 || Math.abs(v - column) > 1) expect(value).toBe(before[i])
    })
  })
})
