/** Streams: the pointers of a loop nest. Views of one buffer with equal strides walk together; offsets are immediates. */
import { type Body, type BufferId, elementBytes, type View, viewsRead } from '../../compiler/kernel.ts'
import type { Split } from '../../compiler/layout/laid.ts'
import { InternalError } from '../../graph/internal-error.ts'
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'

/** The units of a divided kernel that one call does, as two locals: from the first up to the second. */
export interface Range {
  readonly split: Split
  readonly from: Local
  readonly to: Local
}
/** A view's pointer in bytes, or an index in units. */
export interface Stream {
  readonly key: string
  /** null for an index. */
  readonly buffer: BufferId | null
  readonly strides: readonly number[]
  /** From element to element; 1 for an index. */
  readonly bytes: number
}
export type Pointers = ReadonlyMap<string, Local>

const key = (buffer: BufferId | null, strides: readonly number[]): string => `${buffer ?? 'index'} ${strides.join()}`
export const viewKey = ({ buffer, strides }: Pick<View, 'buffer' | 'strides'>): string => key(buffer, strides)
export const indexKey = (strides: readonly number[]): string => key(null, strides)

export const streamsOf = (bodies: readonly Body[], views: readonly View[] = []): readonly Stream[] => {
  const streams = new Map<string, Stream>()
  const add = (buffer: BufferId | null, strides: readonly number[], bytes: number): void => {
    streams.set(key(buffer, strides), { key: key(buffer, strides), buffer, strides, bytes })
  }
  const addView = (view: View): void => add(view.buffer, view.strides, elementBytes(view))
  views.forEach(addView)
  for (const body of bodies) {
    viewsRead(body).forEach(addView)
    for (const i of body.instructions) if (i.op === 'index') add(null, i.strides, 1)
    for (const s of body.stores) addView(s.view)
  }
  return [...streams.values()]
}

/** Bytes that one step along an axis moves a stream; units for an index. */
const stepOf = ({ strides, bytes }: Stream, axis: number): number => (strides[axis] ?? 0) * bytes

/** Where every stream starts: the parameter of its buffer, or 0. */
export const basePointers = (code: Code, streams: readonly Stream[], params: ReadonlyMap<BufferId, Local>): Pointers => {
  const zero = streams.some((s) => s.buffer === null) ? code.local('i32', 'zero') : undefined
  if (zero !== undefined) code.i32(0).set(zero)
  return new Map(
    streams.map((s) => {
      const base = s.buffer === null ? zero : params.get(s.buffer)
      if (base === undefined) throw new InternalError('a buffer without a pointer', 'streams -> emit')
      return [s.key, base]
    }),
  )
}

/**
 * A loop along one axis of `extent` in steps of `by`: the body runs with pointers at each step, `extent / by` times, rounded down.
 * The pointers after the loop stand where a rest would begin.
 */
export const emitAxis = (
  code: Code,
  streams: readonly Stream[],
  axis: number,
  extent: number,
  by: number,
  outer: Pointers,
  body: (pointers: Pointers) => void,
  rest?: (pointers: Pointers) => void,
  range: Range | null = null,
): void => {
  emitSteps(code, streams, { axis, by, count: Math.floor(extent / by) }, outer, body, extent % by === 0 ? undefined : rest, range)
}

/** So many steps along an axis, and how far each goes. */
export interface Steps {
  readonly axis: number
  readonly by: number
  readonly count: number
}
/** The same loop, given its steps; what is left of the axis is for `rest`. */
export const emitSteps = (
  code: Code,
  streams: readonly Stream[],
  steps: Steps,
  outer: Pointers,
  body: (pointers: Pointers) => void,
  rest?: (pointers: Pointers) => void,
  range: Range | null = null,
): void => {
  if (range?.split.axis === steps.axis) return emitPart(code, streams, steps, outer, body, rest, range)
  const { pointers, advance, release } = walkers(code, streams, steps, outer)
  if (steps.count > 0) {
    const counter = code.local('i32')
    code.for(counter, 0, steps.count, 1, () => {
      body(pointers)
      if (steps.count > 1 || rest !== undefined) advance()
    })
    code.release(counter)
  }
  rest?.(pointers)
  release()
}

/** Of the same loop the units of a range: the rest belongs to the last unit. */
const emitPart = (
  code: Code,
  streams: readonly Stream[],
  steps: Steps,
  outer: Pointers,
  body: (pointers: Pointers) => void,
  rest: ((pointers: Pointers) => void) | undefined,
  range: Range,
): void => {
  const { split, from, to } = range
  const each = split.size / steps.by
  if (!Number.isInteger(each)) throw new InternalError(`units of ${split.size} do not fit steps of ${steps.by}`, 'streams -> emit')
  const { pointers, advance, release } = walkers(code, streams, steps, outer, (step) => {
    code
      .get(from)
      .i32(each * step)
      .op('i32.mul')
  })
  const [counter, end, most] = [code.local('i32'), code.local('i32'), code.local('i32')]
  code.get(from).i32(each).op('i32.mul').set(counter)
  code.get(to).i32(each).op('i32.mul').tee(end)
  code.i32(steps.count).tee(most).get(end).get(most).op('i32.lt_s').select().set(end)
  if (steps.count > 0)
    code.upTo(counter, end, () => {
      body(pointers)
      advance()
    })
  code.release(counter, end, most)
  if (rest !== undefined) ofLastUnit(code, range, () => rest(pointers))
  release()
}

/** What only whoever does the last unit does. */
const ofLastUnit = (code: Code, { split, from, to }: Range, body: () => void): void => {
  code.get(to).i32(split.units).op('i32.eq').get(from).get(to).op('i32.lt_s').op('i32.and').if(body)
}

/** What is left of the axis behind all steps, done by itself. */
export const emitRest = (
  code: Code,
  streams: readonly Stream[],
  steps: Steps,
  outer: Pointers,
  rest: (pointers: Pointers) => void,
  range: Range | null = null,
): void => {
  const { pointers, release } = walkers(code, streams, steps, outer, (step) => {
    code.i32(steps.count * step)
  })
  if (range?.split.axis === steps.axis) ofLastUnit(code, range, () => rest(pointers))
  else rest(pointers)
  release()
}

/** Pointers of their own for the streams that an axis moves; `start` pushes how far they are already, given one step. */
const walkers = (
  code: Code,
  streams: readonly Stream[],
  { axis, by }: Steps,
  outer: Pointers,
  start?: (step: number) => void,
): { readonly pointers: Pointers; readonly advance: () => void; readonly release: () => void } => {
  const moving = streams.filter((s) => stepOf(s, axis) !== 0)
  const own = new Map<string, Local>()
  for (const s of moving) {
    const local = code.local('i32')
    code.get(outer.get(s.key) as Local)
    if (start !== undefined) {
      start(stepOf(s, axis) * by)
      code.op('i32.add')
    }
    code.set(local)
    own.set(s.key, local)
  }
  return {
    pointers: new Map([...outer, ...own]),
    advance: () => {
      for (const s of moving) {
        const local = own.get(s.key) as Local
        code
          .get(local)
          .i32(stepOf(s, axis) * by)
          .op('i32.add')
          .set(local)
      }
    },
    release: () => code.release(...own.values()),
  }
}
