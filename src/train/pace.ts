/** How training stays polite: the event loop gets its turn often enough for a page or a server to stay alive. */

export interface Pace {
  /** Whether a rest is due before one more piece of work as long as the last. */
  readonly due: () => boolean
  /** Gives the event loop a turn. */
  readonly rest: () => Promise<void>
}

const inNode = typeof process !== 'undefined' && typeof process.versions?.node === 'string'

/** Milliseconds of work between two rests. */
const longest = inNode ? 50 : 16

export const pace = (limit = longest, now: () => number = () => performance.now(), turn: () => Promise<void> = eventLoop): Pace => {
  let started = now()
  let last = started
  return {
    due: () => {
      const time = now()
      const work = time - last
      last = time
      return time + work >= started + limit
    },
    rest: async () => {
      await turn()
      started = now()
      last = started
    },
  }
}

/** One turn. A timer would do too, but browsers hold nested timers back for 4 ms. */
const eventLoop = (): Promise<void> =>
  new Promise((resolve) => {
    if (inNode) {
      setImmediate(resolve)
      return
    }
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
