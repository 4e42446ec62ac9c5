/** Loop kernels as code: outer axes around phases, each an inner nest that accumulates, and what follows from it. */
import type { Accumulate, Phase } from '../../compiler/kernel.ts'
import { product } from '../../compiler/kernel.ts'
import type { LaidLoop } from '../../compiler/layout/laid.ts'
import { InternalError } from '../../graph/internal-error.ts'
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import type { Arithmetic } from '../math/vector-math.ts'
import { depthsOf, emitInstructions, emitStores, type Point, type Values } from './body.ts'
import { emitCombine, emitIdentity } from './element.ts'
import { basePointers, emitAxis, indexKey, type Pointers, type Range, type Stream, streamsOf, viewKey } from './streams.ts'

/** Emits the kernel; `params` are the base pointers of its buffers, `range` the units of it to do, null for all. */
export const emitLoop = (
  code: Code,
  kernel: LaidLoop,
  params: ReadonlyMap<number, Local>,
  arithmetic: Arithmetic,
  range: Range | null,
): void => {
  const streams = streamsOf(kernel.phases.flatMap(({ body, after }) => [body, after]))
  const rank = kernel.outer.length
  const phases = (pointers: Pointers, count: number): void => {
    for (const phase of kernel.phases) emitPhase(code, { kernel, phase, streams, range, count, arithmetic }, pointers)
  }
  const walk = (axis: number, pointers: Pointers): void => {
    const extent = kernel.outer[axis]
    if (extent === undefined) return phases(pointers, 4)
    const isLanes = kernel.lanes === 'outer' && axis === rank - 1
    if (!isLanes) return emitAxis(code, streams, axis, extent, 1, pointers, (p) => walk(axis + 1, p), undefined, range)
    emitAxis(
      code,
      streams,
      axis,
      extent,
      4 * kernel.vectors,
      pointers,
      (p) => phases(p, 4),
      (p) => phases(p, extent % 4),
      range,
    )
  }
  walk(0, basePointers(code, streams, params))
}

interface Around {
  readonly kernel: LaidLoop
  readonly phase: Phase
  readonly streams: readonly Stream[]
  readonly range: Range | null
  /** Lanes that count along the outer axis. */
  readonly count: number
  readonly arithmetic: Arithmetic
}

const emitPhase = (code: Code, around: Around, pointers: Pointers): void => {
  const { kernel, phase } = around
  const vectors = Array.from({ length: kernel.vectors }, (_, v) => v)
  const partials = phase.accumulate.map((a) => vectors.map(() => startPartials(code, a, phase, kernel.lanes)))
  if (product(phase.inner) > 0) emitNest(code, around, pointers, partials)
  for (const v of vectors) {
    const results = phase.accumulate.map((a, i) =>
      finishPartials(code, a, partials[i]?.[v] as readonly Local[], kernel.lanes, phase.inner.length > 0),
    )
    if (phase.after.stores.length === 0) continue
    const values: Values = []
    const at = { ...outerLanes(around, pointers, besides(kernel, v)), accumulator: (i: number) => results[i] as Local }
    emitInstructions(code, phase.after, values, at)
    emitStores(code, phase.after, values, at)
    code.release(...present(values))
  }
  code.release(...partials.flat(2))
}
/** The vector that stands v vectors further along the last outer axis. */
const besides =
  ({ outer }: LaidLoop, v: number): Shift =>
  (s) =>
    4 * v * (s[outer.length - 1] ?? 0)
/** For each accumulated value, for each vector along the outer axis: its partial results. */
type Partials = readonly (readonly (readonly Local[])[])[]
const present = (values: Values): readonly Local[] => values.filter((v) => v !== undefined)
const presentIn = (values: Values): ReadonlySet<number> => new Set(values.flatMap((local, i) => (local === undefined ? [] : [i])))

/** f32 sums have four partial sums along the innermost axis whatever runs along the lanes: so their order never changes. */
const isOrdered = ({ op, dtype }: Accumulate): boolean => op === 'sum' && dtype === 'f32'
/** An extremum, whose order says nothing, has four partial ones along a long axis: one alone would wait for itself. */
const longAxis = 32
const waits = ({ op, dtype }: Accumulate, { inner }: Phase): boolean => op !== 'sum' && dtype === 'f32' && (inner.at(-1) ?? 0) >= longAxis
const partialCount = (a: Accumulate, phase: Phase, lanes: LaidLoop['lanes']): number =>
  (lanes === 'outer' && isOrdered(a)) || waits(a, phase) ? 4 : 1

const startPartials = (code: Code, a: Accumulate, phase: Phase, lanes: LaidLoop['lanes']): readonly Local[] =>
  Array.from({ length: partialCount(a, phase, lanes) }, () => {
    const local = code.local('v128')
    emitIdentity(code, a.op, a.dtype)
    code.set(local)
    return local
  })

/** (p0 + p2) + (p1 + p3), across registers, then across lanes. */
const finishPartials = (code: Code, a: Accumulate, partials: readonly Local[], lanes: LaidLoop['lanes'], hasInner: boolean): Local => {
  const [p0, p1, p2, p3] = partials as readonly [Local, Local?, Local?, Local?]
  if (p1 !== undefined && p2 !== undefined && p3 !== undefined) {
    for (const [x, y] of [
      [p0, p2],
      [p1, p3],
      [p0, p1],
    ] as const) {
      code.get(x).get(y)
      emitCombine(code, a.op, a.dtype)
      code.set(x)
    }
  }
  if (lanes === 'inner' && hasInner) {
    for (const shuffle of [
      [2, 3, 0, 1],
      [1, 0, 3, 2],
    ]) {
      code.get(p0).get(p0).get(p0).shuffle(shuffle)
      emitCombine(code, a.op, a.dtype)
      code.set(p0)
    }
  }
  return p0
}

/** How far on a point lies from where the pointers stand, in elements of a view. */
type Shift = (strides: readonly number[]) => number
const here: Shift = () => 0
const plus =
  (a: Shift, b: Shift): Shift =>
  (s) =>
    a(s) + b(s)

const emitNest = (code: Code, around: Around, pointers: Pointers, partials: Partials): void => {
  const { kernel, phase, range } = around
  const streams = streamsOf([phase.body])
  const rank = kernel.outer.length
  const depths = depthsOf(phase.body, (s) => s.slice(rank))
  const last = phase.inner.length - 1
  const straight = phase.inner.length - (kernel.straight[kernel.phases.indexOf(phase)] ?? 0)
  const values: readonly Values[] = Array.from({ length: kernel.vectors }, () => [])

  /** Emits what does not change further in, for each vector, then the next axis. */
  const walk = (axis: number, p: Pointers, shift: Shift): void => {
    const kept = values.map(presentIn)
    values.forEach((own, v) => {
      emitInstructions(code, phase.body, own, outerLanes(around, p, plus(shift, besides(kernel, v))), (i) => depths[i] === axis)
    })
    const extent = phase.inner[axis]
    const on =
      (by: number): Shift =>
      (s) =>
        shift(s) + by * (s[rank + axis] ?? 0)
    if (extent === undefined)
      for (const [v, own] of values.entries())
        emitPointEnd(code, phase, own, outerLanes(around, p, plus(shift, besides(kernel, v))), partials, 0, v)
    else if (axis === last && axis < straight) emitLastAxis(code, { ...around, streams }, p, values, partials)
    else if (axis === last) emitStraight(code, around, p, values, partials, shift)
    else if (axis < straight) emitAxis(code, streams, rank + axis, extent, 1, p, (inner) => walk(axis + 1, inner, shift), undefined, range)
    else for (let i = 0; i < extent; i++) walk(axis + 1, p, on(i))
    values.forEach((own, v) => {
      forget(code, own, kept[v] as ReadonlySet<number>)
    })
  }
  walk(0, pointers, here)
}

/** Values that were made since `kept` are dropped: the next time round they are made anew. */
const forget = (code: Code, values: Values, kept: ReadonlySet<number>): void => {
  values.forEach((local, i) => {
    if (local === undefined || kept.has(i)) return
    code.release(local)
    values[i] = undefined
  })
}

const emitLastAxis = (code: Code, around: Around, pointers: Pointers, values: readonly Values[], partials: Partials): void => {
  const { kernel, phase, streams, range } = around
  const axis = kernel.outer.length + phase.inner.length - 1
  const extent = phase.inner[phase.inner.length - 1] as number
  const vectors = kernel.lanes === 'inner' && phase.accumulate.length > 0 && phase.accumulate.every((a) => waits(a, phase)) ? 4 : 1
  const by = kernel.lanes === 'inner' ? 4 * vectors : partials.some(([all]) => (all?.length ?? 1) > 1) ? 4 : 1
  const several = (p: Pointers, count: number): void => {
    for (let i = 0; i < count; i += 4)
      emitPoints(code, around, p, values, partials, (s) => i * (s[axis] ?? 0), Math.min(4, count - i), i / 4)
  }
  emitAxis(
    code,
    streams,
    axis,
    extent,
    by,
    pointers,
    (p) => several(p, by),
    (p) => several(p, extent % by),
    kernel.lanes === 'inner' ? range : null,
  )
}

/** The last axis without a loop. */
const emitStraight = (
  code: Code,
  around: Around,
  pointers: Pointers,
  values: readonly Values[],
  partials: Partials,
  shift: Shift,
): void => {
  const { kernel, phase } = around
  const axis = kernel.outer.length + phase.inner.length - 1
  const extent = phase.inner[phase.inner.length - 1] as number
  for (let i = 0; i < extent; i += 4)
    emitPoints(code, around, pointers, values, partials, (s) => shift(s) + i * (s[axis] ?? 0), Math.min(4, extent - i))
}

/** Up to four points along the last axis: the lanes of one vector, or one after the other where lanes run along the outer axis. */
const emitPoints = (
  code: Code,
  around: Around,
  pointers: Pointers,
  values: readonly Values[],
  partials: Partials,
  shift: Shift,
  count: number,
  partial = 0,
): void => {
  const { kernel, phase } = around
  const axis = kernel.outer.length + phase.inner.length - 1
  const kept = values.map(presentIn)
  const once = (at: Point, into: number, vector: number): void => {
    const own = values[vector] as Values
    emitInstructions(code, phase.body, own, at)
    emitPointEnd(code, phase, own, at, partials, into, vector)
    forget(code, own, kept[vector] as ReadonlySet<number>)
  }
  if (kernel.lanes === 'inner') {
    const lanes = point(around, pointers, (s) => s[axis] ?? 0, count, shift)
    return once(lanes, partial, 0)
  }
  for (let i = 0; i < count; i++)
    for (let v = 0; v < kernel.vectors; v++) {
      const at = outerLanes(
        around,
        pointers,
        plus(plus(shift, besides(kernel, v)), (s) => i * (s[axis] ?? 0)),
      )
      once(at, i, v)
    }
}

/** Stores, then accumulation: spare lanes count as nothing. */
const emitPointEnd = (code: Code, phase: Phase, values: Values, at: Point, partials: Partials, partial: number, vector = 0): void => {
  emitStores(code, phase.body, values, at)
  phase.accumulate.forEach((a, i) => {
    const all = partials[i]?.[vector] as readonly Local[]
    const into = all[partial % all.length] as Local
    code.get(into).get(values[a.value] as Local)
    if (at.count < 4) {
      emitIdentity(code, a.op, a.dtype)
      code.v128i(...([0, 1, 2, 3].map((lane) => (lane < at.count ? -1 : 0)) as [number, number, number, number])).op('v128.bitselect')
    }
    emitCombine(code, a.op, a.dtype)
    code.set(into)
  })
}

const none: Point['accumulator'] = () => {
  throw new InternalError('an accumulator before it is ready', 'loop -> emit')
}
const point = (
  { arithmetic }: Around,
  pointers: Pointers,
  laneStride: Point['laneStride'],
  count: number,
  shift: Shift = here,
  accumulator = none,
): Point => ({
  arithmetic,
  at: (view) => ({ pointer: pointers.get(viewKey(view)) as Local, shift: shift(view.strides) }),
  indexAt: (strides) => ({ pointer: pointers.get(indexKey(strides)) as Local, shift: shift(strides) }),
  laneStride,
  count,
  isOne: false,
  accumulator,
})

/** Lanes along the last outer axis, or all alike where lanes run along the inner one. */
const outerLanes = (around: Around, pointers: Pointers, shift?: Shift): Point => {
  const { kernel, count } = around
  const lane = kernel.outer.length - 1
  return kernel.lanes === 'outer'
    ? point(around, pointers, (s) => s[lane] ?? 0, count, shift)
    : { ...point(around, pointers, () => 0, 4, shift), isOne: true }
}
