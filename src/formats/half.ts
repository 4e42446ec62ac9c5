/** Half floats and bfloat16, widened to f32 and rounded back. All on bits: a NaN keeps what it carries. */

/** Each of them is an f32. Elements are little-endian. */
export const widened: { readonly [T in 'f16' | 'bf16']: (bytes: Uint8Array) => Float32Array } = {
  bf16: (bytes) => widen(bytes, (half) => half << 16),
  f16: (bytes) => widen(bytes, wideHalf),
}

/** The nearest there is, ties to the even one, as little-endian bytes; what is too large becomes infinite. */
export const narrowed: { readonly [T in 'f16' | 'bf16']: (values: Float32Array, into: Uint8Array) => void } = {
  bf16: (values, into) => narrow(values, into, narrowBrain),
  f16: (values, into) => narrow(values, into, narrowHalf),
}

const widen = (bytes: Uint8Array, f: (half: number) => number): Float32Array => {
  const bits = new Uint32Array(bytes.length / 2)
  for (let i = 0; i < bits.length; i++) bits[i] = f((bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8))
  return new Float32Array(bits.buffer)
}

const narrow = (values: Float32Array, into: Uint8Array, f: (bits: number) => number): void => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < bits.length; i++) {
    const half = f(bits[i] as number)
    into[2 * i] = half
    into[2 * i + 1] = half >> 8
  }
}

const wideHalf = (half: number): number => {
  const sign = (half & 0x8000) << 16
  const exponent = (half >> 10) & 31
  const fraction = half & 0x3ff
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13)
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13)
  if (fraction === 0) return sign
  // without a leading one: shift until there is one
  const shift = Math.clz32(fraction) - 21
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)
}

/** Without the last bits, the nearest. */
const rounded = (bits: number, dropped: number): number => {
  const kept = bits >>> dropped
  const rest = bits & (2 ** dropped - 1)
  const half = 2 ** (dropped - 1)
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept
}

const infinity = 0x7f800000
/** A NaN stays one where all that it carries was in the bits that go. */
const narrowNan = (bits: number, dropped: number, quiet: number): number => {
  const kept = (bits >>> dropped) & (2 * quiet - 1)
  return kept === 0 ? quiet : kept
}

const narrowBrain = (bits: number): number => {
  const sign = (bits >>> 16) & 0x8000
  const size = bits & 0x7fffffff
  return sign | (size > infinity ? 0x7f80 | narrowNan(size, 16, 0x40) : rounded(size, 16))
}

const narrowHalf = (bits: number): number => {
  const sign = (bits >>> 16) & 0x8000
  const size = bits & 0x7fffffff
  if (size > infinity) return sign | 0x7c00 | narrowNan(size, 13, 0x200)
  const exponent = (size >>> 23) - 112
  if (exponent >= 31) return sign | 0x7c00
  if (exponent > 0) return sign | rounded(size - 112 * 2 ** 23, 13)
  if (exponent < -10) return sign
  return sign | rounded((size & 0x7fffff) | 0x800000, 14 - exponent)
}
