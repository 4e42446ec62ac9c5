/** What was made before, by key: of many things only the latest are kept. */

export interface Memory<T> {
  readonly get: (key: string) => T | undefined
  readonly set: (key: string, value: T) => void
}

/** Keeps `most` values; the one that was not asked for longest goes first. */
export const memory = <T>(most: number): Memory<T> => {
  const kept = new Map<string, T>()
  const set: Memory<T>['set'] = (key, value) => {
    kept.delete(key)
    kept.set(key, value)
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
  }
  return {
    get: (key) => {
      const value = kept.get(key)
      if (value !== undefined) set(key, value)
      return value
    },
    set,
  }
}
