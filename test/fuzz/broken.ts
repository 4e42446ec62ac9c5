/** Readers with one fault each, to see that the fuzzer finds it. */
import * as E from 'fp-ts/lib/Either.js'
import type { FuzzTarget } from './target.ts'

type Read = FuzzTarget['read']
const broken = (name: string, read: Read, wrong?: FuzzTarget['wrong']): FuzzTarget => ({
  name,
  seeds: async () => [Uint8Array.from({ length: 40 }, (_, i) => 2 * i)],
  read,
  ...(wrong === undefined ? {} : { wrong }),
})
/** Bytes that only a mutation gives. */
const isOdd = (bytes: Uint8Array): boolean => bytes.some((byte) => byte % 2 === 1)
const unlessOdd =
  (fault: (bytes: Uint8Array) => ReturnType<Read>): Read =>
  (bytes) =>
    isOdd(bytes) ? fault(bytes) : E.right(bytes)

export const targets: readonly FuzzTarget[] = [
  broken('fine', (bytes) => (isOdd(bytes) ? E.left({ message: 'odd' }) : E.right(bytes.slice()))),
  broken(
    'throws',
    unlessOdd(() => {
      throw new RangeError('out of range')
    }),
  ),
  broken('rejects', (bytes) => (isOdd(bytes) ? Promise.reject(new Error('no')) : Promise.resolve(E.right(0)))),
  broken(
    'loops',
    unlessOdd(() => {
      for (;;);
    }),
  ),
  broken(
    'waits',
    unlessOdd(() => new Promise<never>(() => undefined)),
  ),
  broken(
    'allocates',
    unlessOdd((bytes) => {
      try {
        return E.right(new Float64Array(2 ** 28 + bytes.length))
      } catch {
        return E.left({ message: 'nobody saw it' })
      }
    }),
  ),
  broken(
    'fills',
    unlessOdd(() => {
      const all: object[] = []
      for (;;) all.push([{}, {}, {}, {}])
    }),
  ),
  broken(
    'errs',
    (bytes) => E.right(isOdd(bytes)),
    (_, odd) => (odd === true ? 'odd bytes are none' : null),
  ),
  broken('writes', (bytes) => E.right(bytes.fill(0))),
  broken('rambles', () => E.left({ message: 'on and on '.repeat(500) })),
]
