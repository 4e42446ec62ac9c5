/** Threads that wait for each other: a barrier that spins for a while and then sleeps. */
import type { Code, Func } from '../assembler/code.ts'
import type { ModuleBuilder } from '../assembler/module.ts'

/**
 * Bytes from the start of a program's words. `phase` counts barriers that are passed; `ready` the threads that have the program;
 * `maySleep` is 0 where the first thread may not wait, as the main thread of a page.
 */
export const syncWords = { arrived: 0, phase: 64, asleep: 128, ready: 192, maySleep: 196 } as const

/** How often a thread looks before it sleeps: some tens of microseconds, what it would take to wake it up. */
const turns = 20_000

export interface Barriers {
  /** `(thread, threads)`: returns when all threads have come. */
  readonly wait: Func
  /** `(thread, threads)`: the end of a step. The first thread waits for the others, which are done. */
  readonly end: Func
}

export const emitBarriers = (builder: ModuleBuilder, sync: number): Barriers => {
  const wait = builder.func('barrier', ['i32', 'i32'], [], (code) => {
    const [thread, threads] = code.params as [(typeof code.params)[0], (typeof code.params)[0]]
    const phase = code.local('i32', 'phase')
    emitAlone(code)
    code.i32(sync).atomic('i32.atomic.load', syncWords.phase).set(phase)
    emitArrival(code, sync, threads)
    code.if(
      () => emitRelease(code, sync),
      () => emitSpin(code, sync, phase, thread),
    )
  })
  const end = builder.func('end', ['i32', 'i32'], [], (code) => {
    const [thread, threads] = code.params as [(typeof code.params)[0], (typeof code.params)[0]]
    code.get(thread).if(
      () => {
        emitArrival(code, sync, threads)
        code.if(() => emitRelease(code, sync))
      },
      () => code.get(thread).get(threads).call(wait),
    )
  })
  return { wait, end }
}

/** One thread waits for nobody. */
const emitAlone = (code: Code): void => {
  code
    .get(code.params[1] as (typeof code.params)[0])
    .i32(1)
    .op('i32.eq')
    .if(() => code.return())
}

/** Leaves whether this thread is the last to come. */
const emitArrival = (code: Code, sync: number, threads: (typeof code.params)[0]): void => {
  code.i32(sync).i32(1).atomic('i32.atomic.rmw.add', syncWords.arrived)
  code.get(threads).i32(1).op('i32.sub').op('i32.eq')
}

/** The count starts anew before anyone may go on, and come to the next barrier. */
const emitRelease = (code: Code, sync: number): void => {
  code.i32(sync).i32(0).atomic('i32.atomic.store', syncWords.arrived)
  code.i32(sync).i32(1).atomic('i32.atomic.rmw.add', syncWords.phase).drop()
  code.i32(sync).atomic('i32.atomic.load', syncWords.asleep)
  code.if(() => code.i32(sync).i32(-1).atomic('memory.atomic.notify', syncWords.phase).drop())
}

/** A sleeper is counted before it looks a last time, so that who releases it sees one of the two. */
const emitSpin = (code: Code, sync: number, phase: (typeof code.params)[0], thread: (typeof code.params)[0]): void => {
  const left = code.local('i32', 'left')
  code.i32(turns).set(left)
  code.loop(() => {
    code.i32(sync).atomic('i32.atomic.load', syncWords.phase).get(phase).op('i32.eq')
    code.if(() => {
      code.get(left).i32(1).op('i32.sub').tee(left).brIf(1)
      // looked often enough: sleep, unless this thread may not
      code.get(thread).op('i32.eqz').i32(sync).atomic('i32.atomic.load', syncWords.maySleep).op('i32.eqz').op('i32.and').brIf(1)
      code.i32(sync).i32(1).atomic('i32.atomic.rmw.add', syncWords.asleep).drop()
      code.i32(sync).get(phase).i64(-1).atomic('memory.atomic.wait32', syncWords.phase).drop()
      code.i32(sync).i32(1).atomic('i32.atomic.rmw.sub', syncWords.asleep).drop()
      code.br(1)
    })
  })
  code.release(left)
}
