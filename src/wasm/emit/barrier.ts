/** Threads that wait for each other: a barrier that spins for a while and then sleeps. */
import type { Code, Func } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import type { ImportedFunction, ModuleBuilder } from '../assembler/module.ts'

/**
 * Bytes from the start of a program's words. `phase` counts barriers that are passed; `maySleep` is 0 where the first thread may
 * not wait, as the main thread of a page; from `ready` on there is one byte a worker, which is its mark when it has the program.
 */
export const syncWords = { arrived: 0, phase: 64, asleep: 128, maySleep: 192, ready: 196 } as const

/** How often a thread looks before it sleeps: some tens of microseconds, what it would take to wake it up. */
const turns = 20_000

/**
 * What the host does for a module of several threads: the same as `memory.atomic.wait32` and `notify`, whose 64-bit and 32-bit
 * operands an engine puts on the heap at every call.
 */
export const waiting: readonly ImportedFunction[] = [
  { name: 'sleep', params: ['i32', 'i32'], results: [] },
  { name: 'wake', params: ['i32'], results: [] },
]
/**
 * These functions over a memory: sleep while the word at an address has a value, and wake who sleeps there. An address is an
 * i32, which is negative from 2 GB on.
 */
export const waitingIn = ({ buffer }: WebAssembly.Memory) => {
  const words = new Int32Array(buffer)
  return {
    sleep: (address: number, value: number): void => void Atomics.wait(words, address >>> 2, value),
    wake: (address: number): void => void Atomics.notify(words, address >>> 2),
  }
}

export interface Barriers {
  /** `(thread, threads)`: returns when all threads have come. */
  readonly wait: Func
  /** `(thread, threads)`: the end of a step. The first thread waits for the others, which are done. */
  readonly end: Func
}

export const emitBarriers = (builder: ModuleBuilder, sync: number): Barriers => {
  const [sleep, wake] = builder.imports as readonly [Func, Func]
  const wait = builder.func('barrier', ['i32', 'i32'], [], (code) => {
    const [thread, threads] = code.params as [Local, Local]
    const phase = code.local('i32', 'phase')
    emitAlone(code)
    code.i32(sync).atomic('i32.atomic.load', syncWords.phase).set(phase)
    emitArrival(code, sync, threads)
    code.if(
      () => emitRelease(code, sync, wake),
      () => emitSpin(code, sync, phase, thread, sleep),
    )
  })
  const end = builder.func('end', ['i32', 'i32'], [], (code) => {
    const [thread, threads] = code.params as [Local, Local]
    code.get(thread).if(
      () => {
        emitArrival(code, sync, threads)
        code.if(() => emitRelease(code, sync, wake))
      },
      () => code.get(thread).get(threads).call(wait),
    )
  })
  return { wait, end }
}

/** One thread waits for nobody. */
const emitAlone = (code: Code): void => {
  code
    .get(code.params[1] as Local)
    .i32(1)
    .op('i32.eq')
    .if(() => code.return())
}

/** Leaves whether this thread is the last to come. */
const emitArrival = (code: Code, sync: number, threads: Local): void => {
  code.i32(sync).i32(1).atomic('i32.atomic.rmw.add', syncWords.arrived)
  code.get(threads).i32(1).op('i32.sub').op('i32.eq')
}

/** The count starts anew before anyone may go on, and come to the next barrier. */
const emitRelease = (code: Code, sync: number, wake: Func): void => {
  code.i32(sync).i32(0).atomic('i32.atomic.store', syncWords.arrived)
  code.i32(sync).i32(1).atomic('i32.atomic.rmw.add', syncWords.phase).drop()
  code.i32(sync).atomic('i32.atomic.load', syncWords.asleep)
  code.if(() => code.i32(sync + syncWords.phase).call(wake))
}

/** A sleeper is counted before it looks a last time, so that who releases it sees one of the two. */
const emitSpin = (code: Code, sync: number, phase: Local, thread: Local, sleep: Func): void => {
  const left = code.local('i32', 'left')
  code.i32(turns).set(left)
  code.loop(() => {
    code.i32(sync).atomic('i32.atomic.load', syncWords.phase).get(phase).op('i32.eq')
    code.if(() => {
      code.get(left).i32(1).op('i32.sub').tee(left).brIf(1)
      // looked often enough: sleep, unless this thread may not
      code.get(thread).op('i32.eqz').i32(sync).atomic('i32.atomic.load', syncWords.maySleep).op('i32.eqz').op('i32.and').brIf(1)
      code.i32(sync).i32(1).atomic('i32.atomic.rmw.add', syncWords.asleep).drop()
      code
        .i32(sync + syncWords.phase)
        .get(phase)
        .call(sleep)
      code.i32(sync).i32(1).atomic('i32.atomic.rmw.sub', syncWords.asleep).drop()
      code.br(1)
    })
  })
  code.release(left)
}
