/** Contractions give the same bits however they are walked: tiles, panels, blocks of k and order are nobody's business. */
import { describe, expect, it } from 'vitest'
import type { Body, Buffer, View } from '../../src/compiler/kernel.ts'
import type { LaidContract } from '../../src/compiler/layout/laid.ts'
import { columnRuns, rowRuns } from '../../src/compiler/layout/runs.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import { emit } from '../../src/wasm/emit/emit.ts'

interface Sizes {
  readonly m: number
  readonly n: number
  readonly k: number
}
type Form = 'NN' | 'TN' | 'NT'
interface Choice {
  readonly rows: number
  readonly vectors: number
  readonly outer: LaidContract['outer']
  readonly panel: boolean
  /** Elements of k in a block, kept in the result or beside it; null for one block. */
  readonly block: number | null
  readonly beside: boolean
  readonly form: Form
}
const places = { x: 0, y: 1, z: 2, panel: 3, sums: 4, bias: 5 } as const

const accumulator = { op: 'accumulator', index: 0, dtype: 'f32' } as const
/** The sum alone, or with a bias for each column and a floor. */
const bodyOf = (z: View, plain: boolean): Body =>
  plain
    ? { instructions: [accumulator], stores: [{ value: 0, view: z }] }
    : {
        instructions: [
          accumulator,
          { op: 'load', view: { buffer: places.bias, offset: 0, strides: [0, 1] }, dtype: 'f32' },
          { op: 'apply', apply: 'add', inputs: [0, 1], dtype: 'f32' },
          { op: 'constant', value: 0, dtype: 'f32' },
          { op: 'apply', apply: 'maximum', inputs: [2, 3], dtype: 'f32' },
        ],
        stores: [{ value: 4, view: z }],
      }
const kernelOf = ({ m, n, k }: Sizes, { rows, vectors, outer, panel, block, beside, form }: Choice): LaidContract => {
  const z: View = { buffer: places.z, offset: 0, strides: [n, 1] }
  return {
    kind: 'contract',
    batch: [],
    m,
    n,
    k,
    kAxes: [k],
    x: { buffer: places.x, offset: 0, strides: form === 'TN' ? [1, m] : [k, 1] },
    y: { buffer: places.y, offset: 0, strides: form === 'NT' ? [k, 1] : [1, n] },
    dtype: 'f32',
    after: bodyOf(z, !beside),
    rows: rowRuns(m, rows),
    columns: columnRuns(n, vectors),
    outer,
    panel: panel ? places.panel : null,
    blocks:
      block === null ? null : { size: block, around: 'tiles', sums: beside ? { buffer: places.sums, offset: 0, strides: [n, 1] } : z },
    split: null,
  }
}

const value = (i: number): number => Math.fround(((i * 7919) % 1009) / 1009 - 0.5)
const filled = (length: number, from: number): Float32Array => Float32Array.from({ length }, (_, i) => value(i + from))

const emitted = (sizes: Sizes, choice: Choice) => {
  const { m, n, k } = sizes
  const counts = [m * k, k * n, m * n, k * (n + 4), m * n, n]
  const offsets = new Map<number, number>()
  let end = 0
  counts.forEach((count, i) => {
    offsets.set(i, end)
    end += Math.ceil((count * 4) / 16) * 16
  })
  const kernel = kernelOf(sizes, choice)
  const plan = { offsets: [offsets], bytes: end + 64, residentBytes: 0, sync: null }
  const buffers = counts.map((count, id): Buffer => ({ id, role: 'temporary', path: '', shape: [count], dtype: 'f32' }))
  const { bytes, text } = emit({
    entries: [{ kernels: [kernel], buffers, regions: [] }],
    plan,
    threads: 1,
    barriers: [],
    target: strictTarget,
  })
  return { bytes, text, counts, offsets }
}
const result = (sizes: Sizes, choice: Choice): Float32Array => {
  const { m, n, k } = sizes
  const { bytes, counts, offsets } = emitted(sizes, choice)
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  const { buffer } = exports.memory as WebAssembly.Memory
  const at = (place: number): Float32Array => new Float32Array(buffer, offsets.get(place), counts[place])
  new Float32Array(buffer).fill(Number.NaN)
  at(places.x).set(filled(m * k, 0))
  at(places.y).set(filled(k * n, 500))
  at(places.bias).set(filled(n, 9))
  ;(exports.step0 as () => void)()
  return at(places.z).slice()
}

/** The definition: products rounded, then added in the order of k. */
const expected = ({ m, n, k }: Sizes, { form, beside }: Choice): Float32Array => {
  const [x, y, bias] = [filled(m * k, 0), filled(k * n, 500), filled(n, 9)]
  return Float32Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    let sum = 0
    for (let p = 0; p < k; p++) {
      const left = x[form === 'TN' ? p * m + i : i * k + p] as number
      const right = y[form === 'NT' ? j * k + p : p * n + j] as number
      sum = Math.fround(sum + Math.fround(left * right))
    }
    return beside ? Math.max(0, Math.fround(sum + (bias[j] as number))) : sum
  })
}

const shapes: readonly Sizes[] = [
  { m: 1, n: 1, k: 1 },
  { m: 1, n: 33, k: 7 },
  { m: 7, n: 10, k: 9 },
  { m: 5, n: 3, k: 17 },
  { m: 17, n: 30, k: 4 },
  { m: 13, n: 41, k: 31 },
  { m: 32, n: 16, k: 8 },
]
const tiles = [
  [4, 2],
  [3, 3],
  [6, 2],
  [1, 8],
  [2, 1],
] as const

describe('a contraction has the bits of its definition', () => {
  it.each(shapes)('$m x $k x $n', (sizes) => {
    for (const form of ['NN', 'TN', 'NT'] as const)
      for (const [rows, vectors] of tiles)
        for (const outer of ['rows', 'columns'] as const)
          for (const [panel, block] of [
            [false, null],
            [true, null],
            [false, 3],
            [false, 8],
          ] as const)
            for (const beside of [false, true]) {
              const choice: Choice = { rows, vectors, outer, panel, block, beside, form }
              expect({ choice, bits: result(sizes, choice) }).toEqual({ choice, bits: expected(sizes, choice) })
            }
  })
})

it('the largest tile is emitted last, whatever is left of rows and columns', () => {
  const choice: Choice = { rows: 6, vectors: 2, outer: 'rows', panel: false, block: null, beside: false, form: 'TN' }
  const loops = emitted({ m: 17, n: 20, k: 32 }, choice).text().split('loop')
  const sums = loops.map((text) => text.match(/f32x4\.mul/g)?.length ?? 0).filter((count) => count > 0)
  // 6 + 6 + 5 rows by 8 + 8 + 4 columns
  expect(sums).toEqual([5, 10, 6, 12])
})
