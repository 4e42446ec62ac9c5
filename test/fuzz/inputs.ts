/** The inputs of a campaign: every one follows from the target's files, the seed and its number alone. */
import fc from 'fast-check'
import type { FuzzTarget } from './target.ts'

/** The input of this number. */
export type Inputs = (index: number) => Uint8Array

/** How many inputs share the structured files that were drawn for them. */
const block = 1000
const structured = 200
/** Longer files are cut at so many places, near both ends and evenly between. */
const mostCuts = 2000

/**
 * First inputs that once failed and the real files as they are, then real files cut at every length, then in blocks: structured files,
 * and mutations of these and of real files.
 */
export const inputsOf = async (target: FuzzTarget, found: readonly Uint8Array[], seed: number, runs: number): Promise<Inputs> => {
  const seeds = await target.seeds()
  const cuts = seeds.flatMap((file, i) => cutsOf(file.length).map((length) => [i, length] as const))
  // a short run cuts at some of the places, other ones for another seed
  const step = Math.max(1, Math.ceil(cuts.length / (runs / 4)))
  const chosen = cuts.filter((_, i) => i % step === (seed >>> 0) % step)
  const first = [...found, ...seeds]
  let drawn: { readonly of: number; readonly files: readonly Uint8Array[] } = { of: -1, files: [] }
  const filesOf = (number: number): readonly Uint8Array[] => {
    if (drawn.of !== number)
      drawn = { of: number, files: target.files ? fc.sample(target.files, { numRuns: structured, seed: seed + number }) : [] }
    return drawn.files
  }
  return (index) => {
    if (index < first.length) return copy(first[index] as Uint8Array)
    const cut = chosen[index - first.length]
    if (cut !== undefined) return copy((seeds[cut[0]] as Uint8Array).subarray(0, cut[1]))
    const files = filesOf(Math.floor(index / block))
    const place = index % block
    if (place < files.length) return copy(files[place] as Uint8Array)
    const random = randomOf(seed, index)
    const pool = files.length > 0 && random(2) === 0 ? files : seeds
    return mutated(copy(pool[random(pool.length)] as Uint8Array), pool, random)
  }
}

const cutsOf = (length: number): readonly number[] => {
  if (length <= mostCuts) return Array.from({ length }, (_, i) => i)
  const stride = Math.ceil(length / (mostCuts / 2))
  return Array.from({ length }, (_, i) => i).filter((i) => i < mostCuts / 4 || i >= length - mostCuts / 4 || i % stride === 0)
}

/** Plain bytes, whatever class the file came as. */
const copy = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes)

/** A whole number from 0 to below `n`. */
type Random = (n: number) => number

const randomOf = (seed: number, index: number): Random => {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) % n
  }
}

/** Mostly one or two changes, so that what is behind the first check is reached as well. */
const mutated = (bytes: Uint8Array, pool: readonly Uint8Array[], random: Random): Uint8Array => {
  const changes = [1, 1, 1, 2, 2, 3, 5, 9][random(8)] as number
  let changed = bytes
  for (let i = 0; i < changes; i++) changed = (mutations[random(mutations.length)] as Mutation)(changed, random, pool)
  return changed
}

type Mutation = (bytes: Uint8Array, random: Random, pool: readonly Uint8Array[]) => Uint8Array

/** Anywhere, but most often where headers and directories stand: at both ends. */
const placeIn = (length: number, random: Random): number => {
  if (length === 0) return 0
  const near = Math.min(length, 80)
  return [random(length), random(near), random(near), length - 1 - random(near)][random(4)] as number
}
const spliced = (bytes: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array => {
  const made = new Uint8Array(from + middle.length + bytes.length - to)
  made.set(bytes.subarray(0, from))
  made.set(middle, from)
  made.set(bytes.subarray(to), from + middle.length)
  return made
}
const changedAt = (bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array => {
  for (const [i, value] of values.entries()) if (at + i < bytes.length) bytes[at + i] = value
  return bytes
}
const span = (bytes: Uint8Array, random: Random): readonly [number, number] => {
  const from = placeIn(bytes.length, random)
  return [from, Math.min(bytes.length, from + 1 + random(random(2) === 0 ? 8 : 200))]
}

const interesting: readonly bigint[] = [
  0n,
  1n,
  2n,
  3n,
  4n,
  7n,
  8n,
  15n,
  16n,
  31n,
  32n,
  63n,
  64n,
  127n,
  128n,
  255n,
  256n,
  1000n,
  1024n,
  4095n,
  4096n,
  32767n,
  32768n,
  65535n,
  65536n,
  2n ** 20n,
  2n ** 24n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  -1n,
  -2n,
  -128n,
]
const integerAt: Mutation = (bytes, random) => {
  const value = random(8) === 0 ? BigInt(bytes.length) - BigInt(random(9)) : (interesting[random(interesting.length)] as bigint)
  const width = [1, 2, 4, 8][random(4)] as number
  const parts = Array.from({ length: width }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))
  return changedAt(bytes, placeIn(bytes.length, random), random(2) === 0 ? parts : parts.reverse())
}

const words: readonly Uint8Array[] = [
  '__proto__',
  'constructor',
  'toString',
  '../',
  '/',
  '\\',
  '..',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  ',',
  ':',
  ';',
  '\n',
  '\r\n',
  '\0',
  ' ',
  '-',
  '1e9',
  '1e999',
  '-1',
  '0',
  '99999999999999999999',
  '18446744073709551615',
  '9007199254740993',
  '4294967296',
  '1.5',
  'NaN',
  'Infinity',
  'null',
  'true',
  '\ufeff',
  'é',
  '\ud83d\ude00',
].map((word) => new TextEncoder().encode(word))
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

/** Another number where one stands in a text. */
const numberAt: Mutation = (bytes, random) => {
  const start = placeIn(bytes.length, random)
  const from = bytes.findIndex((byte, i) => i >= start && isDigit(byte))
  if (from < 0) return bytes
  let to = from
  while (isDigit(bytes[to])) to++
  const value = random(3) === 0 ? BigInt(random(1000)) : (interesting[random(interesting.length)] as bigint)
  return spliced(bytes, from, to, new TextEncoder().encode(String(value)))
}

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const at = placeIn(bytes.length, random)
    return changedAt(bytes, at, [(bytes[at] ?? 0) ^ (1 << random(8))])
  },
  (bytes, random) => changedAt(bytes, placeIn(bytes.length, random), [random(256)]),
  integerAt,
  integerAt,
  numberAt,
  (bytes, random) => bytes.subarray(0, placeIn(bytes.length, random)),
  (bytes, random) => spliced(bytes, ...span(bytes, random), new Uint8Array(0)),
  (bytes, random) => {
    const [from, to] = span(bytes, random)
    return spliced(bytes, to, to, bytes.slice(from, to))
  },
  (bytes, random) => {
    const [from, to] = span(bytes, random)
    const at = placeIn(bytes.length, random)
    return spliced(bytes, at, Math.min(bytes.length, at + to - from), bytes.slice(from, to))
  },
  (bytes, random) => {
    const at = placeIn(bytes.length, random)
    return spliced(
      bytes,
      at,
      at,
      Uint8Array.from({ length: 1 + random(random(4) === 0 ? 300 : 9) }, () => random(256)),
    )
  },
  (bytes, random) => {
    const at = placeIn(bytes.length, random)
    const word = words[random(words.length)] as Uint8Array
    return spliced(bytes, at, random(2) === 0 ? at : Math.min(bytes.length, at + word.length), word)
  },
  (bytes, random) =>
    spliced(
      bytes,
      bytes.length,
      bytes.length,
      Uint8Array.from({ length: 1 + random(9) }, () => (random(2) === 0 ? 0 : random(256))),
    ),
  (bytes, random, pool) => {
    const other = pool[random(pool.length)] as Uint8Array
    return joined(bytes.subarray(0, placeIn(bytes.length, random)), other.subarray(placeIn(other.length, random)))
  },
]
const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const made = new Uint8Array(a.length + b.length)
  made.set(a)
  made.set(b, a.length)
  return made
}
