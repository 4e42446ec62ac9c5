/** Which kernels need which, themselves or by way of others: a row of bits for each, kept true while kernels are merged. */

export interface Reach<K> {
  /** Whether the second needs the first. */
  readonly reaches: (first: K, second: K) => boolean
  readonly replace: (old: readonly [K, K], merged: K) => void
}

/** `sorted` has each kernel behind those that it needs. Asking is one look: a walk through a deep net would see most of it. */
export const reachOf = <K>(sorted: readonly K[], usersOf: (k: K) => Iterable<K>): Reach<K> => {
  const ids = new Map(sorted.map((k, id) => [k, id]))
  const idOf = (k: K): number => ids.get(k) as number
  const width = Math.ceil(sorted.length / 32)
  const bits = new Int32Array(sorted.length * width)
  const has = (row: number, id: number): boolean => (((bits[row * width + (id >> 5)] as number) >> (id & 31)) & 1) === 1
  const put = (row: number, id: number): void => {
    const word = row * width + (id >> 5)
    bits[word] = (bits[word] as number) | (1 << (id & 31))
  }
  const join = (row: number, other: number): void => {
    for (let i = 0; i < width; i++) bits[row * width + i] = (bits[row * width + i] as number) | (bits[other * width + i] as number)
  }
  for (const k of [...sorted].reverse())
    for (const user of usersOf(k))
      if (user !== k) {
        put(idOf(k), idOf(user))
        join(idOf(k), idOf(user))
      }
  return {
    reaches: (first, second) => has(idOf(first), idOf(second)),
    // the merged kernel goes by the number of one of the two: whoever reached either reaches it, and all that follows both
    replace: ([first, second], merged) => {
      const [id, gone] = [idOf(first), idOf(second)]
      join(id, gone)
      for (let row = 0; row < sorted.length; row++)
        if (has(row, id) || has(row, gone)) {
          join(row, id)
          put(row, id)
        }
      for (const old of [first, second]) ids.delete(old)
      ids.set(merged, id)
    },
  }
}
