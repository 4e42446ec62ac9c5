/** What register tiles cost on this machine, measured through our own emitter, with everything they touch in the first cache. */

import { type ContractKernel, contiguous } from '../../src/compiler/kernel.ts'
import type { TileCost } from '../../src/compiler/layout/cost-table.ts'
import type { LaidContract, LaidKernel, LaidLoop } from '../../src/compiler/layout/laid.ts'
import { layLoop } from '../../src/compiler/layout/loop.ts'
import { withFewerProducts } from '../../src/compiler/layout/winograd.ts'
import type { Target } from '../../src/compiler/target.ts'
import { emit } from '../../src/wasm/emit/emit.ts'

/** Tiles that are measured: more rows or vectors than these can't pay, since their sums alone would fill the registers twice. */
const most = { rows: 8, vectors: 8, sums: 16 } as const
/** The same tile over a short and a long k: the difference is what a k costs, the rest is what a tile costs by itself. */
const lengths = { short: 16, long: 80 } as const
const rounds = 40
const roundMicroseconds = 400

interface Measured {
  readonly rows: number
  readonly vectors: number
  readonly runs: readonly Running[]
}
interface Running {
  readonly run: () => void
  readonly times: number
  /** Tiles that one call does. */
  readonly tiles: number
  /** Nanoseconds of one tile, the least of all rounds. */
  best: number
}
/** Tiles that one call does. */
const calls = { down: 4, across: 2 } as const

/** [rows - 1][vectors - 1]; null where there are too many sums. */
export const tileCosts = (target: Target): readonly (readonly (TileCost | null)[])[] => {
  const all = Array.from({ length: most.rows * most.vectors }, (_, i) => ({
    rows: 1 + Math.floor(i / most.vectors),
    vectors: 1 + (i % most.vectors),
  }))
  const measured = all
    .filter(({ rows, vectors }) => rows * vectors <= most.sums)
    .map(({ rows, vectors }): Measured => ({ rows, vectors, runs: Object.values(lengths).map((k) => running(rows, vectors, k, target)) }))
  for (let round = 0; round < rounds; round++) for (const { runs } of measured) for (const r of runs) time(r)
  return Array.from({ length: most.rows }, (_, r) =>
    Array.from({ length: most.vectors }, (_, v) => {
      const found = measured.find(({ rows, vectors }) => rows === r + 1 && vectors === v + 1)
      return found === undefined ? null : costOf(found)
    }),
  )
}

/** Windows of a few rows over channels, as depthwise convolutions walk them: the difference between few and many terms is what one costs. */
export const directCost = (target: Target): TileCost => {
  const runs = ([1, 3] as const).map((height) =>
    timed(compiled(loopOver(height), loopElements, target), (places.rows * places.channels) / 4),
  )
  for (let round = 0; round < rounds; round++) for (const r of runs) time(r)
  const [few, many] = runs.map(({ best }) => best) as [number, number]
  const perK = (many - few) / (2 * width)
  return { perTile: rounded(Math.max(0, few - width * perK)), perK: rounded(perK) }
}
const places = { rows: 8, channels: 32 } as const
const width = 3
const loopElements = [
  (places.rows + width) * width * places.channels,
  width * width * places.channels,
  places.rows * places.channels,
] as const
const loopOver = (height: number): LaidLoop => {
  const { rows, channels } = places
  const [line] = contiguous([rows + width, channels]) as [number, number]
  const inBody = [
    { op: 'load', view: { buffer: 0, offset: 0, strides: [line, 1, (rows + width) * channels, line] }, dtype: 'f32' },
    { op: 'load', view: { buffer: 1, offset: 0, strides: [0, 1, width * channels, channels] }, dtype: 'f32' },
    { op: 'apply', apply: 'mul', inputs: [0, 1], dtype: 'f32' },
  ] as const
  const after = {
    instructions: [{ op: 'accumulator', index: 0, dtype: 'f32' }],
    stores: [{ value: 0, view: { buffer: 2, offset: 0, strides: [channels, 1] } }],
  } as const
  const phase = {
    inner: [height, width],
    body: { instructions: inBody, stores: [] },
    accumulate: [{ op: 'sum', value: 2, dtype: 'f32' }],
    after,
  } as const
  return { kind: 'loop', outer: [rows, channels], phases: [phase], lanes: 'outer', straight: [2], vectors: 1, split: null }
}

/** An image to its tiles, and tiles to results, as many as lie in the second cache: nanoseconds for four channels of a tile. */
export const transformCost = (target: Target): number => {
  const sizes = [16 * 16 * depth, 9 * depth * depth, 14 * 14 * depth]
  const buffers = { floats: (elements: number) => sizes.push(elements) - 1, row: (of: number) => of }
  const kernels = withFewerProducts(convolution, buffers, target) ?? []
  // between the weight's transform and the last one stand the tiles, and the products
  const transforms = kernels.flatMap((k, at) => (k.kind === 'loop' && at > 0 ? [layLoop(k)] : []))
  const runs = transforms.map((k) => timed(compiled(k, sizes, target), (7 * 7 * depth) / 4))
  for (let round = 0; round < rounds; round++) for (const r of runs) time(r)
  return rounded(runs.reduce((sum, { best }) => sum + best, 0) / runs.length)
}
const depth = 64
const convolution: ContractKernel = {
  kind: 'contract',
  batch: [],
  m: [1, 14, 14],
  n: [depth],
  k: [3, 3, depth],
  x: { buffer: 0, offset: 0, strides: [0, 16 * depth, depth, 16 * depth, depth, 1] },
  y: { buffer: 1, offset: 0, strides: [1, 3 * depth * depth, depth * depth, depth] },
  dtype: 'f32',
  after: {
    instructions: [{ op: 'accumulator', index: 0, dtype: 'f32' }],
    stores: [{ value: 0, view: { buffer: 2, offset: 0, strides: [0, 14 * depth, depth, 1] } }],
  },
}

const costOf = ({ runs }: Measured): TileCost => {
  const [short, long] = runs.map(({ best }) => best) as [number, number]
  const perK = (long - short) / (lengths.long - lengths.short)
  return { perTile: rounded(Math.max(0, short - lengths.short * perK)), perK: rounded(perK) }
}
const rounded = (nanoseconds: number): number => Number(nanoseconds.toPrecision(3))

/** Processor time, so that what else the machine does counts little. */
const microseconds = (): number => {
  const { user, system } = process.cpuUsage()
  return user + system
}
const time = (running: Running): void => {
  const start = microseconds()
  for (let i = 0; i < running.times; i++) running.run()
  const spent = (1000 * (microseconds() - start)) / running.times / running.tiles
  running.best = Math.min(running.best, spent)
}

const running = (rows: number, vectors: number, k: number, target: Target): Running => {
  const kernel = kernelOf(rows, vectors, k)
  return timed(compiled(kernel, [kernel.m * k, k * kernel.n, kernel.m * kernel.n], target), calls.down * calls.across)
}
const timed = (run: () => void, tiles: number): Running => {
  const start = microseconds()
  let times = 0
  while (microseconds() - start < 20 * roundMicroseconds) {
    run()
    times++
  }
  return { run, times: Math.max(1, Math.round(times / 20)), tiles, best: Number.POSITIVE_INFINITY }
}

const kernelOf = (rows: number, vectors: number, k: number): LaidContract => {
  const [m, n] = [rows * calls.down, 4 * vectors * calls.across]
  return {
    kind: 'contract',
    batch: [],
    m,
    n,
    k,
    kAxes: [k],
    x: { buffer: 0, offset: 0, strides: [k, 1] },
    y: { buffer: 1, offset: 0, strides: [1, n] },
    dtype: 'f32',
    after: {
      instructions: [{ op: 'accumulator', index: 0, dtype: 'f32' }],
      stores: [{ value: 0, view: { buffer: 2, offset: 0, strides: [n, 1] } }],
    },
    rows: [{ size: rows, count: calls.down }],
    columns: [{ size: 4 * vectors, count: calls.across }],
    outer: 'rows',
    panel: null,
    blocks: null,
    split: null,
  }
}

/** `elements` of buffers 0, 1, 2, one behind the other. */
const compiled = (kernel: LaidKernel, elements: readonly number[], target: Target): (() => void) => {
  let end = 0
  const offsets = new Map(
    elements.map((count, i) => {
      const place = end
      end += 4 * count
      return [i, place]
    }),
  )
  const plan = { offsets: [offsets], bytes: end + 64, residentBytes: 0, sync: null }
  const { bytes } = emit({ entries: [{ kernels: [kernel], buffers: [], regions: [] }], plan, threads: 1, barriers: [], target })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  new Float32Array((exports.memory as WebAssembly.Memory).buffer).fill(0.5)
  return exports.step0 as () => void
}
