/** What a reading asks of memory: the host's constructors of buffers and its decompressor, wrapped so that they count. */

export interface Asked {
  /** The largest single request, in bytes. */
  largest: number
  /** All requests, in bytes. */
  total: number
}

/** Thrown where a request passes what is allowed, before it is made. */
export class TooMuchMemory extends Error {
  constructor(readonly bytes: number) {
    super(`asked for ${bytes} bytes`)
    this.name = 'TooMuchMemory'
  }
}

const asked: Asked = { largest: 0, total: 0 }
let allowed = Number.POSITIVE_INFINITY
/** Kept besides being thrown: a reader that turns every exception into a Left must not hide it. */
let refused: TooMuchMemory | null = null

const request = (bytes: number): void => {
  if (!(bytes > 0)) return
  asked.largest = Math.max(asked.largest, bytes)
  asked.total += bytes
  if (asked.total <= allowed) return
  refused = new TooMuchMemory(asked.total)
  throw refused
}

/** From here on requests are counted, and refused beyond `most` bytes in all. */
export const startCounting = (most: number): void => {
  asked.largest = 0
  asked.total = 0
  allowed = most
  refused = null
}

/** What was asked for since then. */
export const stopCounting = (): Asked & { readonly refused: TooMuchMemory | null } => {
  allowed = Number.POSITIVE_INFINITY
  return { ...asked, refused }
}

const buffers = ['ArrayBuffer', 'SharedArrayBuffer'] as const
const arrays = [
  'Uint8Array',
  'Int8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'BigUint64Array',
  'BigInt64Array',
  'Float32Array',
  'Float64Array',
] as const

/** Wraps what makes memory in this thread. `slice` and `map` of typed arrays come by as well: they ask their prototype's constructor. */
export const installGuard = (): void => {
  for (const name of buffers) replace(name, ([length]) => (typeof length === 'number' ? length : 0))
  for (const name of arrays) {
    const width = globalThis[name].BYTES_PER_ELEMENT
    replace(name, (given) => width * elements(given[0]))
    const from = globalThis[name].from
    Object.defineProperty(globalThis[name], 'from', {
      value(...given: Parameters<typeof from>) {
        request(width * elements(given[0]))
        return Reflect.apply(from, this, given)
      },
    })
  }
  const { alloc, allocUnsafe, allocUnsafeSlow, concat } = Buffer
  Object.assign(Buffer, {
    alloc: counted(alloc, ([size]) => size),
    allocUnsafe: counted(allocUnsafe, ([size]) => size),
    allocUnsafeSlow: counted(allocUnsafeSlow, ([size]) => size),
    concat: counted(concat, ([list, size]) => size ?? list.reduce((n, each) => n + each.length, 0)),
  })
  Array.from = counted(Array.from, ([given]) => 8 * elements(given)) as typeof Array.from
  String.prototype.repeat = countedMethod(String.prototype.repeat, (text, [times]) => String(text).length * times)
  String.prototype.padStart = countedMethod(String.prototype.padStart, (_, [length]) => length)
  String.prototype.padEnd = countedMethod(String.prototype.padEnd, (_, [length]) => length)
  globalThis.Array = new Proxy(Array, {
    construct: (Target, given, newTarget) => {
      if (given.length === 1 && typeof given[0] === 'number') request(8 * given[0])
      return Reflect.construct(Target, given, newTarget)
    },
    apply: (target, self, given) => {
      if (given.length === 1 && typeof given[0] === 'number') request(8 * given[0])
      return Reflect.apply(target, self, given)
    },
  })
  countDecompressed()
}

/** How many elements `new Float32Array(given)` would make; a view makes none. */
const elements = (given: unknown): number => {
  if (typeof given === 'number') return given
  if (typeof given !== 'object' || given === null || isBuffer(given)) return 0
  const { length } = given as { readonly length?: unknown }
  return typeof length === 'number' ? length : 0
}
const plainBuffer = ArrayBuffer
const isBuffer = (given: object): boolean =>
  given instanceof plainBuffer || Object.prototype.toString.call(given) === '[object SharedArrayBuffer]'

type Function = (...given: never[]) => unknown
const counted = <F extends Function>(made: F, bytes: (given: Parameters<F>) => number): F =>
  function (this: unknown, ...given: Parameters<F>) {
    request(bytes(given))
    return Reflect.apply(made, this, given)
  } as unknown as F // the same function, but for the counting
const countedMethod = <F extends Function>(made: F, bytes: (self: unknown, given: Parameters<F>) => number): F =>
  function (this: unknown, ...given: Parameters<F>) {
    request(bytes(this, given))
    return Reflect.apply(made, this, given)
  } as unknown as F // the same function, but for the counting

const replace = (name: (typeof buffers | typeof arrays)[number], bytes: (given: readonly unknown[]) => number): void => {
  const Original = globalThis[name] as unknown as new (...given: unknown[]) => object
  const wrapped = new Proxy(Original, {
    construct: (Target, given, newTarget) => {
      request(bytes(given))
      return Reflect.construct(Target, given, newTarget)
    },
  })
  Object.defineProperty(Original.prototype, 'constructor', { value: wrapped, writable: true, configurable: true })
  Object.defineProperty(globalThis, name, { value: wrapped, writable: true, configurable: true })
}

/** What the host inflates is allocated by the host: its chunks are counted where they come out. */
const countDecompressed = (): void => {
  const { read } = ReadableStreamDefaultReader.prototype
  ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader) {
    const next = await read.call(this)
    if (next.value instanceof Uint8Array) request(next.value.byteLength)
    return next
  }
}
