/** How training stays polite: the event loop gets its turn often enough for a page or a server to stay alive. */

export interface Pace {
  /** Whether a rest is due before one more piece of work as long as the last. */
  readonly due: () => boolean
  /** Gives the event loop a turn. */
  readonly rest: () => Promise<void>
  /** Work of another kind begins: how long its pieces take is not known. */
  readonly turn: () => void
}

const inNode = typeof process !== 'undefined' && typeof process.versions?.node === 'string'

/** Milliseconds of work between two rests. */
const longest = inNode ? 50 : 16

export const pace = (limit = longest, now: () => number = () => performance.now(), nap: () => Promise<void> = eventLoop): Pace => {
  // When this piece of work started, and when the last step ended; numbers in an array, since a captured one is boxed at every change.
  const times = new Float64Array(2).fill(now())
  // A look at the clock costs a tenth of a small step: short ones are counted, and looked at together.
  let together = 1
  let left = 1
  return {
    due: () => {
      left -= 1
      if (left > 0) return false
      const time = now()
      const work = time - (times[1] as number)
      times[1] = time
      if (work < limit / 64) together = Math.min(2 * together, 4096)
      else if (work > limit / 16) together = 1
      left = together
      return time + work >= (times[0] as number) + limit
    },
    rest: async () => {
      await nap()
      times.fill(now())
    },
    turn: () => {
      together = 1
      left = 1
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
