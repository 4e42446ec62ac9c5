/** Entries as code: the calls of a step's kernels, by one thread or by several that share them; loops over time as loops around calls. */
import type { BufferId } from '../../compiler/kernel.ts'
import type { Code, Func } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import type { Barriers } from './barrier.ts'

/** Bytes from the start of the arena, or from where a row begins. */
export interface Pointer {
  readonly row: BufferId | null
  readonly at: number
}
export interface KernelCall {
  readonly func: Func
  readonly pointers: readonly Pointer[]
  /** For each pointer, the bytes that a thread has for itself there; 0 for what all share. */
  readonly ownBytes: readonly number[]
  /** null for a kernel that the first thread does alone. */
  readonly units: number | null
  readonly waits: boolean
}

/** A row as a pointer that moves. */
export interface MovingPointer {
  readonly id: BufferId
  /** Where it stands in the first iteration. */
  readonly start: Pointer
  /** Bytes to the next iteration's; there and back again where two places take turns. */
  readonly by: number
  readonly turns: boolean
}
/** Steps that run several times. */
export interface Repeat {
  readonly times: number
  readonly moving: readonly MovingPointer[]
  readonly steps: readonly Step[]
}
export type Step = KernelCall | Repeat

/** Where the rows stand at the moment. */
type Rows = ReadonlyMap<BufferId, Local>

/** One kernel after the other. */
export const emitCalls = (code: Code, steps: readonly Step[]): void =>
  emitSteps(code, steps, new Map(), ({ func, pointers }, rows) => {
    for (const pointer of pointers) emitPointer(code, pointer, rows)
    code.call(func)
  })

/** `(thread, threads)`: this thread's units of every kernel. With one thread these are all. */
export const emitShare = (code: Code, steps: readonly Step[], { wait, end }: Barriers): void => {
  const [thread, threads] = code.params as [Local, Local]
  emitSteps(code, steps, new Map(), (call, rows) => {
    if (call.waits) code.get(thread).get(threads).call(wait)
    if (call.units === null) code.get(thread).op('i32.eqz')
    if (call.units === null) code.if(() => emitCall(code, call, rows, thread, threads))
    else emitCall(code, call, rows, thread, threads)
  })
  code.get(thread).get(threads).call(end)
}

const emitSteps = (code: Code, steps: readonly Step[], rows: Rows, emit: (call: KernelCall, rows: Rows) => void): void => {
  for (const step of steps) {
    if ('func' in step) emit(step, rows)
    else emitRepeat(code, step, rows, (inner) => emitSteps(code, step.steps, inner, emit))
  }
}

/** A loop, whatever its length: its code does not grow with it. */
const emitRepeat = (code: Code, { times, moving, steps }: Repeat, outer: Rows, body: (rows: Rows) => void): void => {
  if (times === 0 || steps.length === 0) return
  const rows = new Map(outer)
  for (const { id, start } of moving) {
    const local = code.local('i32', `row${id}`)
    emitPointer(code, start, outer)
    code.set(local)
    rows.set(id, local)
  }
  const counter = code.local('i32', 'time')
  code.for(counter, 0, times, 1, () => {
    body(rows)
    if (times > 1) for (const m of moving) emitAdvance(code, m, rows.get(m.id) as Local)
  })
  code.release(counter, ...moving.map(({ id }) => rows.get(id) as Local))
}

const emitAdvance = (code: Code, { start, by, turns }: MovingPointer, local: Local): void => {
  if (turns)
    code
      .i32(2 * start.at + by)
      .get(local)
      .op('i32.sub')
      .set(local)
  else if (by !== 0) code.get(local).i32(by).op('i32.add').set(local)
}

const emitPointer = (code: Code, { row, at }: Pointer, rows: Rows): void => {
  if (row === null) {
    code.i32(at)
    return
  }
  code.get(rows.get(row) as Local)
  if (at !== 0) code.i32(at).op('i32.add')
}

const emitCall = (code: Code, { func, pointers, ownBytes, units }: KernelCall, rows: Rows, thread: Local, threads: Local): void => {
  pointers.forEach((pointer, i) => {
    const own = ownBytes[i] as number
    emitPointer(code, pointer, rows)
    if (own > 0) code.get(thread).i32(own).op('i32.mul').op('i32.add')
  })
  if (units !== null) {
    code.get(thread).i32(units).op('i32.mul').get(threads).op('i32.div_u')
    code.get(thread).i32(1).op('i32.add').i32(units).op('i32.mul').get(threads).op('i32.div_u')
  }
  code.call(func)
}
