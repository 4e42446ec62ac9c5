/** NumPy reads the archives that are written here. */
import { execFileSync } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { writeNpz } from '../../src/formats/npz/write.ts'
import type { StoredArray } from '../../src/formats/stored-array.ts'
import { python } from './python.ts'

const bytesOf = async (arrays: ReadonlyMap<string, StoredArray>, compressed: boolean): Promise<Uint8Array> => {
  const written = await writeNpz(arrays, { compressed })()
  if (E.isLeft(written)) throw new Error(written.left.message)
  return written.right
}

describe('NumPy reads', () => {
  it.each([false, true])('what we wrote, compressed: %s', async (compressed) => {
    const arrays = new Map<string, StoredArray>([
      ['x', { type: 'f32', shape: [2, 2], values: Float32Array.of(1, -0.5, 2 ** 100, 1e-45) }],
      ['é/half', { type: 'f16', shape: [2], values: Float32Array.of(0.5, 65504) }],
      ['big', { type: 'i64', shape: [], values: BigInt64Array.of(-(2n ** 63n)) }],
      ['truth', { type: 'bool', shape: [2, 0], values: new Uint8Array(0) }],
    ])
    const program = `
import sys, io, numpy as np
f = np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
for k in f: print(ascii(k), f[k].dtype, f[k].shape, f[k].tolist())
`
    const said = execFileSync(python, ['-c', program], { input: await bytesOf(arrays, compressed), encoding: 'utf8' })
    expect(said).toBe(
      `'x' float32 (2, 2) [[1.0, -0.5], [1.2676506002282294e+30, 1.401298464324817e-45]]\n'\\xe9/half' float16 (2,) [0.5, 65504.0]\n'big' int64 () -9223372036854775808\n'truth' bool (2, 0) [[], []]\n`,
    )
  })
})
