/** What was made for an owner before, by key: nothing outlives its owner, and only the latest are kept. */

export interface Memory<T> {
  readonly get: (owner: object, key: string) => T | undefined
  readonly set: (owner: object, key: string, value: T) => void
}

/** Keeps `most` values for each owner; the one that was not asked for longest goes first. */
export const memory = <T>(most: number): Memory<T> => {
  const owners = new WeakMap<object, Map<string, T>>()
  const set: Memory<T>['set'] = (owner, key, value) => {
    const own = owners.get(owner) ?? new Map<string, T>()
    owners.set(owner, own)
    own.delete(key)
    own.set(key, value)
    const [oldest] = own.keys()
    if (own.size > most && oldest !== undefined) own.delete(oldest)
  }
  return {
    get: (owner, key) => {
      const value = owners.get(owner)?.get(key)
      if (value !== undefined) set(owner, key, value)
      return value
    },
    set,
  }
}
