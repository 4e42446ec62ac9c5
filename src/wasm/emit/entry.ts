/** Entries as code: the calls of a step's kernels, by one thread or by several that share them. */
import type { Code, Func } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import type { Barriers } from './barrier.ts'

export interface KernelCall {
  readonly func: Func
  readonly pointers: readonly number[]
  /** For each pointer, the bytes that a thread has for itself there; 0 for what all share. */
  readonly ownBytes: readonly number[]
  /** null for a kernel that the first thread does alone. */
  readonly units: number | null
  readonly waits: boolean
}

/** One kernel after the other. */
export const emitCalls = (code: Code, calls: readonly KernelCall[]): void => {
  for (const { func, pointers } of calls) {
    for (const pointer of pointers) code.i32(pointer)
    code.call(func)
  }
}

/** `(thread, threads)`: this thread's units of every kernel. With one thread these are all. */
export const emitShare = (code: Code, calls: readonly KernelCall[], { wait, end }: Barriers): void => {
  const [thread, threads] = code.params as [Local, Local]
  for (const call of calls) {
    if (call.waits) code.get(thread).get(threads).call(wait)
    if (call.units === null) code.get(thread).op('i32.eqz')
    if (call.units === null) code.if(() => emitCall(code, call, thread, threads))
    else emitCall(code, call, thread, threads)
  }
  code.get(thread).get(threads).call(end)
}

const emitCall = (code: Code, { func, pointers, ownBytes, units }: KernelCall, thread: Local, threads: Local): void => {
  pointers.forEach((pointer, i) => {
    const own = ownBytes[i] as number
    code.i32(pointer)
    if (own > 0) code.get(thread).i32(own).op('i32.mul').op('i32.add')
  })
  if (units !== null) {
    code.get(thread).i32(units).op('i32.mul').get(threads).op('i32.div_u')
    code.get(thread).i32(1).op('i32.add').i32(units).op('i32.mul').get(threads).op('i32.div_u')
  }
  code.call(func)
}
