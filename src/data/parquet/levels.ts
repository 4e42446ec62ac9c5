/** The streams inside a page, looked through before hyparquet reads them: runs that end where they must, numbers within their bounds. */

/** What is wrong with a page. Thrown in these rooms alone, and told by whoever reads. */
export class PageFault extends Error {}
export const damagedPage = (message: string): never => {
  throw new PageFault(message)
}

export interface Counted {
  /** Values equal to `max`, and values equal to 0. */
  readonly highest: number
  readonly zeros: number
  readonly first: number
}

/** A stream of runs and packed groups of `width` bits: `count` values, none above `max`. */
export const checkRuns = (bytes: Uint8Array, width: number, count: number, max: number): Counted => {
  let [at, seen, highest, zeros, first] = [0, 0, 0, 0, -1]
  const note = (value: number, times: number): void => {
    if (value > max) damagedPage(`a level or an index is ${value}, the most is ${max}`)
    if (first < 0) first = value
    if (value === max) highest += times
    if (value === 0) zeros += times
  }
  while (seen < count) {
    const head = varint(bytes, at)
    at = head.end
    const times = Math.floor(head.value / 2)
    if (head.value % 2 === 1) {
      // groups of 8, of which the last may be cut
      if (width === 0 || times === 0 || times * 8 - 7 > count - seen) damagedPage('a packed run has more values than its page')
      if (bytes.length - at < times * width) damagedPage('a packed run is longer than its page')
      const left = Math.min(times * 8, count - seen)
      for (let i = 0; i < left; i++) note(bitsAt(bytes, at, i * width, width), 1)
      at += times * width
      seen += left
    } else {
      const wide = Math.ceil(width / 8)
      if (times === 0 || times > count - seen) damagedPage('a run has more values than its page')
      if (bytes.length - at < wide) damagedPage('a run is longer than its page')
      let value = 0
      for (let i = 0; i < wide; i++) value += (bytes[at + i] as number) * 256 ** i
      note(value, times)
      at += wide
      seen += times
    }
  }
  return { highest, zeros, first }
}

const bitsAt = (bytes: Uint8Array, at: number, bit: number, width: number): number => {
  let value = 0
  for (let i = 0, from = at + (bit >> 3), shift = bit & 7; i < shift + width; i += 8) value += (bytes[from + (i >> 3)] as number) * 2 ** i
  return Math.floor(value / 2 ** (bit & 7)) % 2 ** width
}

/** A number of at most 32 bits. */
const varint = (bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } => {
  let value = 0
  for (let i = 0; i < 5; i++) {
    const byte = bytes[from + i] ?? damagedPage('a number has no end')
    value += (byte & 0x7f) * 128 ** i
    if (byte < 128) return value < 2 ** 32 ? { value, end: from + i + 1 } : damagedPage('a number is too long')
  }
  return damagedPage('a number is too long')
}
const varint64 = (bytes: Uint8Array, from: number): number => {
  for (let i = 0; i < 10; i++) if ((bytes[from + i] ?? damagedPage('a number has no end')) < 128) return from + i + 1
  return damagedPage('a number is too long')
}

export interface Deltas {
  readonly end: number
  /** Where they are asked for; whole numbers of 32 bits. */
  readonly values: Int32Array
}

/** Numbers as differences, packed in blocks: looked through, and decoded where `decode` says so. */
export const checkDeltas = (bytes: Uint8Array, from: number, count: number, bits: 32 | 64, decode: boolean): Deltas => {
  const block = varint(bytes, from)
  const minis = varint(bytes, block.end)
  const total = varint(bytes, minis.end)
  const per = block.value / minis.value
  if (
    block.value === 0 ||
    block.value % 128 !== 0 ||
    block.value > 2 ** 16 ||
    !Number.isInteger(per) ||
    per % 32 !== 0 ||
    total.value !== count
  )
    damagedPage('the header of packed differences is wrong')
  const values = new Int32Array(decode ? count : 0)
  let at = varint64(bytes, total.end)
  let value = zigzag(bytes, total.end)
  values[0] = value
  for (let done = Math.min(1, count); done < count; ) {
    const least = zigzag(bytes, at)
    at = varint64(bytes, at)
    const widths = bytes.subarray(at, at + minis.value)
    if (widths.length < minis.value) damagedPage('packed differences have no end')
    at += minis.value
    for (let mini = 0; mini < minis.value && done < count; mini++) {
      const width = widths[mini] as number
      const size = (per * width) / 8
      if (width > bits || bytes.length - at < size) damagedPage('packed differences are longer than their page')
      const here = Math.min(per, count - done)
      for (let i = 0; decode && i < here; i++) {
        value = (value + least + low32(bytes, at, i * width, width)) | 0
        values[done + i] = value
      }
      at += size
      done += here
    }
  }
  return { end: at, values }
}
const low32 = (bytes: Uint8Array, at: number, bit: number, width: number): number =>
  width <= 32 ? bitsAt(bytes, at, bit, width) : damagedPage('a length has more than 32 bits')
/** The low 32 bits of it. */
const zigzag = (bytes: Uint8Array, from: number): number => {
  let value = 0n
  for (let i = 0; i < 10; i++) {
    const byte = bytes[from + i] ?? damagedPage('a number has no end')
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 128) break
  }
  return Number(BigInt.asIntN(32, (value >> 1n) ^ -(value & 1n)))
}
