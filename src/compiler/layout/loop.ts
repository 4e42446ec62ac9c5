/** How a loop kernel walks: joined axes, and where its lanes run. */
import { flopsOfOp, integersOfRandom } from '../cost.ts'
import type { Accumulate, Instruction, LoopKernel, Phase } from '../kernel.ts'
import { groupsOf, joinedExtents, joinedStrides, mapStrides, stridesOf } from './axes.ts'
import type { LaidLoop, Lanes } from './laid.ts'
import { overRows } from './rows.ts'

export const layLoop = (given: LoopKernel): LaidLoop => {
  const k = overRows(given)
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
  const lanes = lanesOf(laid)
  return {
    ...laid,
    lanes,
    straight: phases.map((phase) => straightOf(phase, lanes, rank === 0)),
    vectors: vectorsOf(laid, lanes),
    split: null,
  }
}

/** Rows from which on a column is long, and instructions and sums up to which several columns fit the registers. */
const longColumn = 32
const shortBody = 10
const mostSums = 3
/** Rows so many bytes apart, or a multiple, share one set of the first cache: a line is gone before the next columns want it. */
const setBytes = 4096
const lineBytes = 64

/**
 * Reductions of long columns walk several vectors at a time, since each row is a cache line of its own: two fit the registers, and
 * where all rows share a set a whole line is worth more. Measured on 256 rows of 512, 41 microseconds became 17; on 1024 of 1024,
 * 1029 became 551 with two and 272 with a line; the three sums of a batch norm over 2048 rows of 128, 309 became 137.
 */
const vectorsOf = ({ outer, phases }: LoopKernel, lanes: Lanes): number => {
  const [only, ...more] = phases
  const columns = outer[outer.length - 1] ?? 1
  if (lanes !== 'outer' || only === undefined || more.length > 0 || only.inner.length !== 1) return 1
  const { inner, body, accumulate } = only
  if (accumulate.length === 0 || accumulate.length > mostSums) return 1
  const rows = body.instructions.flatMap((i) => (i.op === 'load' ? [i.view.strides.at(-1) as number] : []))
  const isPlain = body.instructions.every(({ op }) => op === 'constant' || op === 'load' || op === 'apply')
  if (!isPlain || rows.length === 0 || (inner[0] ?? 0) < longColumn || body.instructions.length > shortBody) return 1
  const vectors = rows.some((stride) => stride !== 0 && (stride * 4) % setBytes === 0) ? lineBytes / 16 : 2
  return [vectors, 2].find((v) => columns % (4 * v) === 0) ?? 1
}

/** Code written out instead of a loop: at most so many copies of a body, and so many operations in them together. */
const mostCopies = 9
const mostOperations = 64

/**
 * The last axes that are so short that a loop along them costs more than its body: measured on pools of 2x2, where a vector takes
 * 1.7 nanoseconds in loops and 0.6 without. One axis stays a loop where nothing else is left to walk.
 */
const straightOf = ({ inner, body, accumulate }: Phase, lanes: Lanes, isAll: boolean): number => {
  const operations = accumulate.length + body.stores.length + body.instructions.reduce((sum, i) => sum + operationsOf(i), 0)
  let copies = 1
  let count = 0
  for (const extent of inner.toReversed()) {
    copies *= count === 0 && lanes === 'inner' ? Math.ceil(extent / 4) : extent
    if (copies > mostCopies || copies * operations > mostOperations || (isAll && count + 1 === inner.length)) break
    count++
  }
  return count
}
const operationsOf = (i: Instruction): number =>
  i.op === 'random' ? integersOfRandom : i.op === 'apply' ? Math.max(1, flopsOfOp[i.apply]) : 1

/** The innermost reduced axis has four partial sums, an order that a longer axis keeps only if four divides it. */
const keepsSums = (inner: readonly number[], axis: number, accumulate: readonly Accumulate[]): boolean => {
  const last = inner.findLastIndex((d) => d !== 1)
  return axis !== last || (inner[last] as number) % 4 === 0 || accumulate.every(({ op, dtype }) => op !== 'sum' || dtype !== 'f32')
}

/** Elements that lie apart are read one by one: measured, that costs as much as so many vectors. */
const readApart = 5
/** Lanes go where reading costs least; where it costs the same, where more of the operands lie side by side. */
const lanesOf = ({ outer, phases }: LoopKernel): Lanes => {
  const [only, ...more] = phases
  if (outer.length === 0 || more.length > 0 || only === undefined) return 'inner'
  if (only.inner.length === 0) return 'outer'
  // a gather counts twice: across its rows every lane would have a place of its own
  const loads = only.body.instructions.flatMap((i) =>
    i.op === 'load' ? [i.view.strides] : i.op === 'gather' ? [i.view.strides, i.view.strides] : [],
  )
  const [along, across] = [outer.length - 1, outer.length + only.inner.length - 1]
  const cost = (axis: number): number => loads.reduce((sum, s) => sum + (s[axis] === 1 || s[axis] === 0 ? 1 : readApart), 0)
  const side = (axis: number): number => loads.filter((s) => s[axis] === 1).length
  const saved = cost(across) - cost(along)
  return saved > 0 || (saved === 0 && side(along) > side(across)) ? 'outer' : 'inner'
}
