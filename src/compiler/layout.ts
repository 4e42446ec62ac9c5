/** layout: how each kernel walks its space: axes that lie side by side become one, lanes and register tiles are chosen. */
import {
  type Accumulate,
  type Body,
  type ContractKernel,
  type Instruction,
  type Kernel,
  type LoopKernel,
  type Phase,
  product,
  type View,
} from './kernel.ts'

/** Four lanes run along the last outer axis, each its own result, or along the last inner axis, four partial results. */
export type Lanes = 'outer' | 'inner'

export interface LaidLoop extends LoopKernel {
  readonly lanes: Lanes
}
/** Rows of x by vectors of four columns of y that are held in registers at once. */
export interface Tile {
  readonly rows: number
  readonly vectors: number
}
/** Batch axes are loops around the whole; m, n and k are one axis each. */
export interface LaidContract {
  readonly kind: 'contract'
  readonly batch: readonly number[]
  readonly m: number
  readonly n: number
  readonly k: number
  readonly x: View
  readonly y: View
  readonly dtype: ContractKernel['dtype']
  readonly after: Body
  /** Lanes along n, with x broadcast; or along k, four partial sums, where n lies apart in y and k does not. */
  readonly lanes: 'n' | 'k'
  readonly tile: Tile
}
export type LaidKernel = LaidLoop | LaidContract

export const layout = (kernels: readonly Kernel[]): readonly LaidKernel[] =>
  kernels.map((k) => (k.kind === 'loop' ? layLoop(k) : layContract(k)))

/** Groups of adjacent axes that can be walked as one, the outermost first; axes of size 1 are in none. `mayJoin` can forbid. */
const groupsOf = (
  extents: readonly number[],
  strides: readonly (readonly number[])[],
  mayJoin: (axis: number) => boolean = () => true,
): readonly (readonly number[])[] => {
  const groups: number[][] = []
  extents.forEach((d, axis) => {
    if (d === 1) return
    const last = groups[groups.length - 1]
    const before = last?.[last.length - 1]
    const adjacent = before !== undefined && strides.every((s) => s[before] === (s[axis] as number) * d)
    if (last !== undefined && adjacent && mayJoin(axis)) last.push(axis)
    else groups.push([axis])
  })
  return groups
}
const joinedExtents = (extents: readonly number[], groups: readonly (readonly number[])[]): readonly number[] =>
  groups.map((g) => product(g.map((i) => extents[i] as number)))
/** A group is stepped over as its innermost axis is. */
const joinedStrides = (strides: readonly number[], groups: readonly (readonly number[])[]): readonly number[] =>
  groups.map((g) => strides[g[g.length - 1] as number] as number)

const stridesOf = (body: Body): readonly (readonly number[])[] => [
  ...body.instructions.flatMap((i) => (i.op === 'load' ? [i.view.strides] : i.op === 'index' ? [i.strides] : [])),
  ...body.stores.map((s) => s.view.strides),
]
const mapStrides = (body: Body, f: (strides: readonly number[]) => readonly number[]): Body => ({
  instructions: body.instructions.map(
    (i): Instruction =>
      i.op === 'load' ? { ...i, view: { ...i.view, strides: f(i.view.strides) } } : i.op === 'index' ? { ...i, strides: f(i.strides) } : i,
  ),
  stores: body.stores.map((s) => ({ ...s, view: { ...s.view, strides: f(s.view.strides) } })),
})

const layLoop = (k: LoopKernel): LaidLoop => {
  const rank = k.outer.length
  const head = (strides: readonly number[]): readonly number[] => strides.slice(0, rank)
  const all = k.phases.flatMap(({ body, after }) => [...stridesOf(body), ...stridesOf(after)])
  const outer = groupsOf(k.outer, all.map(head))
  const phases = k.phases.map((p): Phase => {
    const tail = (strides: readonly number[]): readonly number[] => strides.slice(rank)
    const inner = groupsOf(p.inner, stridesOf(p.body).map(tail), (axis) => keepsSums(p.inner, axis, p.accumulate))
    return {
      inner: joinedExtents(p.inner, inner),
      body: mapStrides(p.body, (s) => [...joinedStrides(head(s), outer), ...joinedStrides(tail(s), inner)]),
      accumulate: p.accumulate,
      after: mapStrides(p.after, (s) => joinedStrides(s, outer)),
    }
  })
  const laid = { ...k, outer: joinedExtents(k.outer, outer), phases }
  return { ...laid, lanes: lanesOf(laid) }
}

/** The innermost reduced axis has four partial sums, an order that a longer axis keeps only if four divides it. */
const keepsSums = (inner: readonly number[], axis: number, accumulate: readonly Accumulate[]): boolean => {
  const last = inner.findLastIndex((d) => d !== 1)
  return axis !== last || (inner[last] as number) % 4 === 0 || accumulate.every(({ op, dtype }) => op !== 'sum' || dtype !== 'f32')
}

/** Lanes go where more of the operands lie side by side. */
const lanesOf = ({ outer, phases }: LoopKernel): Lanes => {
  const [only, ...more] = phases
  if (outer.length === 0 || more.length > 0 || only === undefined) return 'inner'
  const loads = only.body.instructions.flatMap((i) => (i.op === 'load' ? [i.view.strides] : []))
  const along = (axis: number): number => loads.filter((s) => s[axis] === 1).length
  return along(outer.length - 1) > along(outer.length + only.inner.length - 1) || only.inner.length === 0 ? 'outer' : 'inner'
}

const layContract = (k: ContractKernel): LaidContract => {
  const [b, m, n] = [k.batch.length, k.m.length, k.n.length]
  const after = stridesOf(k.after)
  const part = (s: readonly number[], from: number, count: number) => s.slice(from, from + count)
  const batch = groupsOf(k.batch, [part(k.x.strides, 0, b), part(k.y.strides, 0, b), ...after.map((s) => part(s, 0, b))])
  const rows = groupsOf(k.m, [part(k.x.strides, b, m), ...after.map((s) => part(s, b, m))])
  const columns = groupsOf(k.n, [part(k.y.strides, b, n), ...after.map((s) => part(s, b + m, n))])
  // axes of m and n that can't be joined to the innermost are walked outside, like batches
  const [outerRows, lastRow] = [rows.slice(0, -1), rows.slice(-1)]
  const [outerColumns, lastColumn] = [columns.slice(0, -1), columns.slice(-1)]
  const zeros = (groups: readonly unknown[]) => groups.map(() => 0)
  const one = (extents: readonly number[], groups: readonly (readonly number[])[]): number => joinedExtents(extents, groups)[0] ?? 1
  const step = (strides: readonly number[], groups: readonly (readonly number[])[]): readonly number[] =>
    groups.length === 0 ? [0] : joinedStrides(strides, groups)
  const xs = (s: readonly number[]) => [
    ...joinedStrides(part(s, 0, b), batch),
    ...joinedStrides(part(s, b, m), outerRows),
    ...zeros(outerColumns),
    ...step(part(s, b, m), lastRow),
    ...part(s, b + m, 1),
  ]
  const ys = (s: readonly number[]) => [
    ...joinedStrides(part(s, 0, b), batch),
    ...zeros(outerRows),
    ...joinedStrides(part(s, b, n), outerColumns),
    ...step(part(s, b, n), lastColumn),
    ...part(s, b + n, 1),
  ]
  const both = (s: readonly number[]) => [
    ...joinedStrides(part(s, 0, b), batch),
    ...joinedStrides(part(s, b, m), outerRows),
    ...joinedStrides(part(s, b + m, n), outerColumns),
    ...step(part(s, b, m), lastRow),
    ...step(part(s, b + m, n), lastColumn),
  ]
  const x = { ...k.x, strides: xs(k.x.strides) }
  const y = { ...k.y, strides: ys(k.y.strides) }
  const sizes = { m: one(k.m, lastRow), n: one(k.n, lastColumn), k: product(k.k) }
  const lanes = lanesOfContract(x, y, sizes)
  return {
    kind: 'contract',
    batch: [...joinedExtents(k.batch, batch), ...joinedExtents(k.m, outerRows), ...joinedExtents(k.n, outerColumns)],
    ...sizes,
    x,
    y,
    dtype: k.dtype,
    after: mapStrides(k.after, both),
    lanes,
    tile: tileOf(sizes, lanes),
  }
}

interface Sizes {
  readonly m: number
  readonly n: number
  readonly k: number
}
/** Where k lies side by side in both operands, and n does not in y, lanes along k need no transposed copy. */
const lanesOfContract = (x: View, y: View, { n, k }: Sizes): 'n' | 'k' => {
  const alongK = x.strides.at(-1) === 1 && y.strides.at(-1) === 1 && k >= 4
  return alongK && (n === 1 || y.strides.at(-2) !== 1) ? 'k' : 'n'
}

/** Accumulators that fit the sixteen vector registers beside operands: measured, the ninth already costs. */
const registers = 8

/** The tile with the least work, counted in multiply-adds and loads over the whole space, edges included. */
const tileOf = ({ m, n }: Sizes, lanes: 'n' | 'k'): Tile => {
  const columns = lanes === 'n' ? Math.ceil(n / 4) : n
  const tiles = [1, 2, 3, 4, 5, 6, 8]
    .flatMap((rows) => [1, 2, 3, 4, 8].map((vectors): Tile => ({ rows, vectors })))
    .filter(({ rows, vectors }) => rows * vectors <= registers)
  const work = (t: Tile): number => {
    const [fullRows, restRows] = [Math.floor(m / t.rows), m % t.rows]
    const [fullColumns, restColumns] = [Math.floor(columns / t.vectors), columns % t.vectors]
    const one = (rows: number, vectors: number): number => (rows * vectors === 0 ? 0 : rows * vectors + (rows + vectors) * 0.75 + 1)
    return (
      fullRows * (fullColumns * one(t.rows, t.vectors) + one(t.rows, restColumns)) +
      fullColumns * one(restRows, t.vectors) +
      one(restRows, restColumns)
    )
  }
  return tiles.reduce((best, t) => (work(t) < work(best) ? t : best))
}
