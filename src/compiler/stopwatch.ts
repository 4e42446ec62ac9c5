/** A stopwatch for passes: wraps a pass, adds up how long it took under its name. */

export interface Stopwatch {
  <A, B>(name: string, pass: (a: A) => B): (a: A) => B
  /** Milliseconds by pass, in the order in which passes first ran. */
  readonly times: () => Readonly<Record<string, number>>
}

export const stopwatch = (): Stopwatch => {
  const spent: Record<string, number> = {}
  const timed =
    <A, B>(name: string, pass: (a: A) => B) =>
    (a: A): B => {
      const start = performance.now()
      const b = pass(a)
      spent[name] = (spent[name] ?? 0) + performance.now() - start
      return b
    }
  return Object.assign(timed, { times: () => ({ ...spent }) })
}
