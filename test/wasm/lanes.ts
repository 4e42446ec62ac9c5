/** Runs emitters of lanes over arrays, and measures errors in units in the last place. */
import { createHash } from 'node:crypto'
import type { Code } from '../../src/wasm/assembler/code.ts'
import { run, single } from './instance.ts'

/** Elements a call. */
const chunk = 4096

/** `emit` over every element: takes one vector of each operand from the stack, leaves one. Operands and results are bits. */
export const overLanes = (operands: number, emit: (code: Code) => void) => {
  const bytes = 4 * chunk
  const { call, memory } = run(
    single([], [], (code) => {
      const at = code.local('i32', 'at')
      code.for(at, 0, bytes, 16, () => {
        code.get(at)
        for (let i = 0; i < operands; i++) code.get(at).load('v128.load', i * bytes)
        emit(code)
        code.store('v128.store', operands * bytes)
      })
    }),
  )
  const part = (i: number): Uint32Array => new Uint32Array(memory.buffer, i * bytes, chunk)
  return (...inputs: readonly Uint32Array[]): Uint32Array => {
    const count = inputs[0]?.length ?? 0
    const results = new Uint32Array(count)
    for (let from = 0; from < count; from += chunk) {
      for (const [i, input] of inputs.entries()) part(i).set(input.subarray(from, from + chunk))
      call('main')
      results.set(part(operands).subarray(0, count - from), from)
    }
    return results
  }
}

export const bitsOf = (values: readonly number[]): Uint32Array => new Uint32Array(Float32Array.from(values).buffer)
export const floatsOf = (bits: Uint32Array): Float32Array => new Float32Array(bits.buffer, bits.byteOffset, bits.length)

/** Every `stride`-th float of all there are, by their bits: all exponents, both signs, NaN, infinities, subnormals. */
export const everyFloat = (stride: number): Uint32Array => Uint32Array.from({ length: Math.ceil(2 ** 32 / stride) }, (_, i) => i * stride)

/** The distance of the floats around an exact value; below 2^-126 it stays. */
export const unitInLastPlace = (exact: number): number => {
  const size = Math.abs(exact)
  let unit = 2 ** -149
  while (unit * 2 ** 24 <= size && unit < 2 ** 104) unit *= 2
  return unit
}

/** A checksum of bits; all NaNs are one. */
export const checksum = (bits: Uint32Array): string => {
  const values = floatsOf(bits)
  const canonical = bits.map((word, i) => (Number.isNaN(values[i]) ? 0x7fc00000 : word))
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16)
}
