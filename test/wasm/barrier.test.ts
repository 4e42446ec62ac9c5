import { describe, expect, it } from 'vitest'
import { mailBytes, workerSource } from '../../src/runtime/threads/worker.ts'
import { waitingIn } from '../../src/wasm/emit/barrier.ts'

type Waiting = ReturnType<typeof waitingIn>
/** 2 GB and 64 KB, of which nothing is touched but one word. */
const memory = new WebAssembly.Memory({ initial: 2 ** 15 + 1, maximum: 2 ** 15 + 1, shared: true })

/** What a worker gives a module of this memory: its text is run with an engine that keeps the imports. */
const waitingOfWorker = (): Waiting => {
  const given: Waiting[] = []
  const listeners: ((message: object) => void)[] = []
  const require = () => ({ parentPort: { on: (_: string, listener: (message: object) => void) => listeners.push(listener) } })
  class Instance {
    readonly exports = {}
    constructor(_: unknown, { env }: { readonly env: Waiting }) {
      given.push(env)
    }
  }
  new Function('require', 'WebAssembly', workerSource)(require, { Instance })
  const receive = listeners[0] as (message: object) => void
  receive({ first: new Int32Array(new SharedArrayBuffer(mailBytes)) })
  receive({ id: 1, module: {}, memory, entries: [], ready: 0, mark: 1 })
  return given[0] as Waiting
}

describe.each([
  ['the first thread', waitingIn(memory)],
  ['a worker', waitingOfWorker()],
])('%s', (_, { sleep, wake }) => {
  it('waits and wakes beyond 2 GB, where an address is a negative i32', () => {
    const address = -(2 ** 31) + 64
    expect(() => wake(address)).not.toThrow()
    expect(() => sleep(address, 1)).not.toThrow() // the word is 0 and not 1: nobody sleeps
  })
})
