/**
 * Convolutions over windows of 3 by 3 with fewer products, Winograd's F(2x2, 3x3) (Lavin and Gray, "Fast Algorithms for Convolutional
 * Neural Networks", 2016): four by four elements of an image, transformed, times the weight, transformed, are two by two results,
 * transformed. 16 products stand in the place of 36, and no result depends on an element that its own window does not hold.
 */
import {
  type Body,
  type BufferId,
  bodyOver,
  type ContractKernel,
  contiguous,
  emptyBody,
  type Instruction,
  type Kernel,
  type LoopKernel,
  product,
  type View,
} from '../kernel.ts'
import type { Target } from '../target.ts'
import { costTable } from './cost-table.ts'
import { type Element, followed, type Matrix, transformed, transposed } from './linear.ts'
import { repeated, stepsOf } from './moving.ts'
import { nanosecondsOf } from './tiling.ts'

/** Asks for buffers: one of so many floats, and one that is a row of another. */
export interface NewBuffers {
  readonly floats: (elements: number) => BufferId
  readonly row: (of: BufferId) => BufferId
}

/** The transforms along one axis: of four elements of an image, of three of a weight, of four products. */
const ofImage: Matrix = [
  [1, 0, -1, 0],
  [0, 1, 1, 0],
  [0, -1, 1, 0],
  [0, 1, 0, -1],
]
const ofWeight: Matrix = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
]
const ofProducts: Matrix = [
  [1, 1, 1, 0],
  [0, 1, -1, -1],
]
/** Products of a tile, for each channel and each filter; results along one side of it. */
const count = 16
const side = 2

/** The convolution itself, or the gradient of its weight. */
interface Windowed {
  readonly kernel: ContractKernel
  readonly isGradient: boolean
  /** Over `images, height, width, channels`, from the first element of the first window on. */
  readonly x: View
  readonly images: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly filters: number
}

/** The kernels that take the place of a contraction over such windows, if they take less time by the committed table. */
export const withFewerProducts = (kernel: Kernel, newBuffers: NewBuffers, target: Target): readonly Kernel[] | null => {
  const w = kernel.kind === 'contract' ? (windowed(kernel, false) ?? windowed(kernel, true)) : null
  return w === null || !pays(w, target) ? null : (madeOf(w, newBuffers, target) ?? apart(w, newBuffers, target))
}
const madeOf = (w: Windowed, newBuffers: NewBuffers, { threads }: Target): readonly Kernel[] | null => {
  if (!isPlaceless(w.kernel.after)) return null
  const chunk = chunkOf(w, threads)
  return w.isGradient ? gradient(w, chunk, newBuffers) : convolution(w, chunk, newBuffers)
}

/** Where what follows a result counts along an axis, or moves as no loop can say, it comes behind all results. */
const apart = (w: Windowed, newBuffers: NewBuffers, target: Target): readonly Kernel[] | null => {
  const { kernel } = w
  const inner = [...kernel.m, ...kernel.n]
  const view: View = { buffer: newBuffers.floats(product(inner)), offset: 0, strides: contiguous(inner) }
  const { instructions, stores } = kernel.after
  const body: Body = { instructions: instructions.map((i) => (i.op === 'accumulator' ? { op: 'load', view, dtype: 'f32' } : i)), stores }
  const plain: Body = { instructions: [sumOf], stores: [{ value: 0, view }] }
  const results = madeOf({ ...w, kernel: { ...kernel, after: plain } }, newBuffers, target)
  return results === null ? null : [...results, loop([], [{ inner, bodies: [body] }])]
}
const sumOf = { op: 'accumulator', index: 0, dtype: 'f32' } as const

/** `images, height, width` over `3, 3, channels`, a window for each place; for the gradient the other way round. */
const windowed = (kernel: ContractKernel, isGradient: boolean): Windowed | null => {
  const { batch, m, n, k, x, y, dtype } = kernel
  const [places, window] = isGradient ? [k, m] : [m, k]
  if (batch.length > 0 || places.length !== 3 || window.length !== 3 || n.length !== 1 || dtype !== 'f32') return null
  const [p, w] = isGradient ? [x.strides.slice(3), x.strides] : [x.strides, x.strides.slice(3)]
  const [images, height, width, channels] = [...places, window[2]] as [number, number, number, number]
  const lieBeside = p[1] === w[0] && p[2] === w[1] && w[2] === 1 && y.strides[0] === 1 && window[0] === 3 && window[1] === 3
  if (!lieBeside || images * height * width * channels === 0) return null
  return {
    kernel,
    isGradient,
    x: { ...x, strides: [...p.slice(0, 3), 1] },
    images,
    height,
    width,
    channels,
    filters: n[0] as number,
  }
}

/** What must be saved on an image, in nanoseconds: code for the transforms has to be compiled and kept. */
const leastSaved = 2000
/** By what one image takes, its weight transformed for it alone: whether a sum is made of other products must not depend on the size of a batch. */
const pays = ({ height, width, channels, filters }: Windowed, { fastMath }: Target): boolean => {
  const table = fastMath ? costTable.fast : costTable.strict
  const tiles = Math.ceil(height / side) * Math.ceil(width / side)
  const time = (m: number, k: number): number => nanosecondsOf({ m, n: filters, k, kAxes: [k], after: 1 }, table)
  const transforms = (costTable.transform.perVector * (tiles * (channels + filters) + channels * filters)) / 4
  return count * time(tiles, channels) + transforms + leastSaved < height * time(width, 9 * channels)
}

/** Bytes between the transforms of a unit: they stay in the second cache of whoever does it until they are read again. */
const unitBytes = 640 * 1024
/**
 * What is done at once. Threads share it by units, each some images, or some rows of the tiles of one, so that what a thread
 * transforms it multiplies too.
 */
interface Chunk {
  readonly units: number
  /** Whether units are rows of one image. */
  readonly isBanded: boolean
  /** Images, rows of tiles and tiles in a row of a unit, and all its tiles. */
  readonly group: number
  readonly rows: number
  readonly across: number
  readonly tiles: number
  /** How often a chunk is done for an image, or 1, and then for all images. */
  readonly parts: number
  readonly times: number
}
const chunkOf = ({ images, height, width, channels, filters, isGradient }: Windowed, threads: number): Chunk => {
  const [down, across] = [Math.ceil(height / side), Math.ceil(width / side)]
  const bytes = 4 * count * across * (channels + filters)
  // sums of a gradient are kept by units: their number must not depend on the threads
  const wanted = isGradient ? 2 : Math.max(2, threads)
  const rows = height % side === 0 ? divisorUpTo(down, unitBytes / bytes) : down
  const group = rows < down ? 1 : divisorUpTo(images, Math.min(unitBytes / (bytes * down), images / wanted))
  const isBanded = rows < down
  const all = isBanded ? down / rows : images / group
  const units = divisorFrom(all, wanted)
  const [parts, times] = isBanded ? [all / units, images] : [1, all / units]
  return { units, isBanded, group, rows, across, tiles: group * rows * across, parts, times }
}
/** The largest divisor that is no more, and the smallest that is no less, or n. */
const divisorUpTo = (n: number, most: number): number => {
  for (let d = Math.min(n, Math.floor(most)); d > 1; d--) if (n % d === 0) return d
  return 1
}
const divisorFrom = (n: number, least: number): number => {
  for (let d = least; d < n; d++) if (n % d === 0) return d
  return n
}

/** The buffers between the transforms: blocks of four by four for each tile and channel, weight, tile and filter. */
interface Between {
  readonly image: BufferId
  readonly weight: BufferId
  readonly result: BufferId
}
/** The tiles of images, times the weight's, are those of the results. */
const convolution = (w: Windowed, chunk: Chunk, newBuffers: NewBuffers): readonly Kernel[] | null => {
  const { kernel, channels, filters, x } = w
  const between = buffersOf(w, chunk, newBuffers)
  const { image, weight, result } = between
  const [, h = 0, v = 0, c = 0] = kernel.y.strides
  const elements = transformed(ofWeight, (i, j) => moved(kernel.y, i * h + j * v, [c, 1]), blocks(weight, channels * filters, [filters, 1]))
  const inside = [
    ...intoTiles(w, chunk, ofImage, x, image),
    products(chunk.units, [chunk.tiles, filters, channels], [image, channels, 1], [weight, filters, 1], result),
    ...outOfTiles(w, chunk, result),
  ]
  const all = repeatedOver(inside, between, chunk, newBuffers)
  return all === null ? null : [loop([channels], [{ inner: [filters], bodies: elements }]), ...all]
}

/** The gradient of the weight: the tiles of images times those of the gradient, transformed as the transposed maps say. */
const gradient = (w: Windowed, chunk: Chunk, newBuffers: NewBuffers): readonly Kernel[] | null => {
  const { kernel, channels, filters, x } = w
  const between = buffersOf(w, chunk, newBuffers)
  const { image, weight, result } = between
  const y: View = { ...kernel.y, strides: [...kernel.y.strides.slice(1), 1] }
  const inside = [
    ...intoTiles(w, chunk, ofImage, x, image),
    ...intoTiles(w, chunk, transposed(ofProducts), y, result),
    products(chunk.units, [channels, filters, chunk.tiles], [image, 1, channels], [result, filters, 1], weight, true),
  ]
  const inWindow = (view: View, i: number, j: number): View => {
    const [h = 0, v = 0, c = 0, f = 0] = view.strides
    return moved(view, i * h + j * v, [c, f])
  }
  const elements = followed(transposed(ofWeight), blocks(weight, channels * filters, [filters, 1]), (i, j) =>
    bodyOver(kernel.after, (view) => inWindow(view, i, j)),
  )
  const all = repeatedOver(inside, between, chunk, newBuffers)
  const size = count * channels * filters
  const zeros = loop([], [{ inner: [chunk.units * size], bodies: [zerosIn(weight)] }])
  const whole = loop([], [{ inner: [size], bodies: [sumOfParts(weight, size, chunk.units)] }])
  return all === null ? null : [zeros, ...all, whole, loop([channels], [{ inner: [filters], bodies: elements }])]
}

/** Whether no instruction counts along an axis: it would have to know how far its rows have moved. */
const isPlaceless = ({ instructions }: Body): boolean => instructions.every(({ op }) => op !== 'index')
const buffersOf = ({ channels, filters, isGradient }: Windowed, { units, tiles }: Chunk, { floats }: NewBuffers): Between => ({
  image: floats(units * count * tiles * channels),
  weight: floats((isGradient ? units : 1) * count * channels * filters),
  result: floats(units * count * tiles * filters),
})
const moved = (view: View, by: number, strides: readonly number[]): View => ({ ...view, offset: view.offset + by, strides })
/** Elements of one size, four by four of them, one after the other. */
const blocks =
  (buffer: BufferId, size: number, strides: readonly number[], from = 0): Element =>
  (row, column) => ({ buffer, offset: (4 * row + column) * size + from, strides })

interface Space {
  readonly inner: readonly number[]
  readonly bodies: readonly Body[]
}
const loop = (outer: readonly number[], spaces: readonly Space[]): LoopKernel => ({
  kind: 'loop',
  outer,
  phases: spaces.flatMap(({ inner, bodies }) => bodies.map((body) => ({ inner, body, accumulate: [], after: emptyBody }))),
})
const zerosIn = (buffer: BufferId): Body => ({
  instructions: [{ op: 'constant', value: 0, dtype: 'f32' }],
  stores: [{ value: 0, view: { buffer, offset: 0, strides: [1] } }],
})

/** The parts of a buffer, one after the other, added to the first of them. */
const sumOfParts = (buffer: BufferId, size: number, parts: number): Body => {
  const view = (part: number): View => ({ buffer, offset: part * size, strides: [1] })
  const instructions: Instruction[] = [{ op: 'load', view: view(0), dtype: 'f32' }]
  for (let part = 1; part < parts; part++) {
    const sum = instructions.length - 1
    instructions.push({ op: 'load', view: view(part), dtype: 'f32' }, { op: 'apply', apply: 'add', inputs: [sum, sum + 1], dtype: 'f32' })
  }
  return { instructions, stores: [{ value: instructions.length - 1, view: view(0) }] }
}

/** Tiles along an axis: whole ones, and the last one of an odd axis, which is cut. */
interface Band {
  readonly start: number
  readonly tiles: number
  readonly isCut: boolean
}
const bandsOf = (extent: number, tiles: number): readonly Band[] => {
  const whole = extent % side === 0 ? tiles : tiles - 1
  const cut = { start: whole, tiles: tiles - whole, isCut: true }
  return [{ start: 0, tiles: whole, isCut: false }, cut].filter((band) => band.tiles > 0)
}
/** A loop over each band of rows, with a space for each band of columns. */
const overBands = (
  { height, width }: Windowed,
  { units, group, rows, across }: Chunk,
  channels: number,
  bodies: (rows: Band, columns: Band) => readonly Body[],
): readonly LoopKernel[] =>
  bandsOf(height, rows).map((down) =>
    loop(
      [units, group, down.tiles],
      bandsOf(width, across).map((along) => ({ inner: [along.tiles, channels], bodies: bodies(down, along) })),
    ),
  )
/** Of a block whose last row or column is not there where the tile is cut. */
const isThere = (down: Band, along: Band, size: number, i: number, j: number): boolean =>
  !(down.isCut && i === size - 1) && !(along.isCut && j === size - 1)
/** The element of every tile, of a view over `images, height, width, channels`, from unit to unit. */
const inTiles = (view: View, { isBanded, group, rows }: Chunk, down: Band, along: Band, i: number, j: number): View => {
  const [b = 0, h = 0, w = 0, c = 0] = view.strides
  const unit = isBanded ? side * rows * h : group * b
  return moved(view, (side * down.start + i) * h + (side * along.start + j) * w, [unit, b, side * h, side * w, c])
}
const tilesOf = (buffer: BufferId, { rows, across, tiles }: Chunk, channels: number, down: Band, along: Band): Element =>
  blocks(
    buffer,
    tiles * channels,
    [count * tiles * channels, rows * across * channels, across * channels, channels, 1],
    (down.start * across + along.start) * channels,
  )

const intoTiles = (w: Windowed, chunk: Chunk, map: Matrix, view: View, to: BufferId): readonly LoopKernel[] => {
  const size = map[0]?.length ?? 0
  const channels = view === w.x ? w.channels : w.filters
  return overBands(w, chunk, channels, (down, along) =>
    transformed(
      map,
      (i, j) => (isThere(down, along, size, i, j) ? inTiles(view, chunk, down, along, i, j) : null),
      tilesOf(to, chunk, channels, down, along),
    ),
  )
}
const outOfTiles = (w: Windowed, chunk: Chunk, from: BufferId): readonly LoopKernel[] =>
  overBands(w, chunk, w.filters, (down, along) =>
    followed(ofProducts, tilesOf(from, chunk, w.filters, down, along), (i, j) =>
      isThere(down, along, side, i, j) ? bodyOver(w.kernel.after, (view) => inTiles(view, chunk, down, along, i, j)) : null,
    ),
  )

/** A buffer of matrices, and the elements from row to row and from column to column in one. */
type Matrices = readonly [buffer: BufferId, row: number, column: number]
/** A product of matrices, `[m, k] x [k, n]`, for each unit and each place of a block; where it `adds`, to what is there. */
const products = (
  units: number,
  [m, n, k]: readonly [number, number, number],
  x: Matrices,
  y: Matrices,
  to: BufferId,
  adds = false,
): ContractKernel => {
  const view: View = { buffer: to, offset: 0, strides: [count * m * n, m * n, n, 1] }
  const added: Body = {
    instructions: [{ op: 'load', view, dtype: 'f32' }, sumOf, { op: 'apply', apply: 'add', inputs: [0, 1], dtype: 'f32' }],
    stores: [{ value: 2, view }],
  }
  return {
    kind: 'contract',
    batch: [units, count],
    m: [m],
    n: [n],
    k: [k],
    x: { buffer: x[0], offset: 0, strides: [count * m * k, m * k, x[1], x[2]] },
    // a transformed weight is the same for all units
    y: { buffer: y[0], offset: 0, strides: [adds ? count * k * n : 0, k * n, y[2], y[1]] },
    dtype: 'f32',
    after: adds ? added : { instructions: [sumOf], stores: [{ value: 0, view }] },
  }
}

/** What is done for a chunk, for all of them; null where no loop can say how its views move. */
const repeatedOver = (inside: readonly Kernel[], between: Between, chunk: Chunk, { row }: NewBuffers): readonly Kernel[] | null => {
  const own = new Set(Object.values(between))
  const { units, isBanded, parts, times } = chunk
  const onwards = stepsOf(inside, own, ({ strides }) => units * (strides[0] ?? 0))
  const ofImage = stepsOf(inside, own, ({ strides }) => strides[1] ?? 0)
  if (onwards === null || ofImage === null) return null
  return isBanded ? repeated(repeated(inside, parts, onwards, row), times, ofImage, row) : repeated(inside, times, onwards, row)
}
