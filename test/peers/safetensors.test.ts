/** The reference implementation of safetensors reads what is written here, and all that is read here. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { bytesSource } from '../../src/formats/byte-source.ts'
import { readSafetensorsHeader } from '../../src/formats/safetensors/header.ts'
import { readSafetensors } from '../../src/formats/safetensors/read.ts'
import { writeSafetensors } from '../../src/formats/safetensors/write.ts'
import { metadata, tensors } from '../formats/safetensors/files.ts'
import { inputsOf } from '../fuzz/inputs.ts'
import { safetensorsTarget } from '../fuzz/safetensors.ts'
import { python } from './python.ts'

/** What the reference says of each file, in order. */
const reference = (files: readonly Uint8Array[]): readonly string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-'))
  try {
    for (const [i, bytes] of files.entries()) writeFileSync(join(folder, String(i).padStart(6, '0')), bytes)
    const said = execFileSync(python, ['test/peers/read_safetensors.py', folder], { maxBuffer: 2 ** 28 }).toString()
    return said
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(7).trimEnd())
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
/** The same of a file that our header was read of. */
const ours = async (bytes: Uint8Array): Promise<string> => {
  const header = await readSafetensorsHeader(bytesSource(bytes))()
  if (E.isLeft(header)) return 'refused'
  const parts = [...header.right.tensors].map(([name, { dtype, shape, begin, end }]) => ({
    name: hex(new TextEncoder().encode(name)),
    text: `${dtype}:[${shape.join(',')}]:${hex(bytes.subarray(begin, end))}`,
  }))
  const words = parts.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, text }) => `${name}:${text}`)
  return `read ${words.join(' ')}`.trimEnd()
}

describe('the reference implementation', () => {
  it('reads what is written here, bit for bit', async () => {
    const files = fc.sample(fc.tuple(tensors, metadata), { numRuns: 300, seed: 5 }).flatMap(([arrays, words]) => {
      const file = writeSafetensors(arrays, words)
      return E.isRight(file) ? [file.right] : []
    })
    expect(reference(files)).toEqual(await Promise.all(files.map(ours)))
  })
  it('reads all that is read here, and no more but keys that stand twice, of 3,000 damaged files', async () => {
    const inputs = await inputsOf(safetensorsTarget, [], 11, 3000)
    const files = Array.from({ length: 3000 }, (_, i) => inputs(i))
    const said = reference(files)
    const read = files.flatMap((file, i) => (E.isRight(readSafetensors(file)) ? [i] : []))
    expect(read.length).toBeGreaterThan(100)
    for (const i of read) expect([i, said[i]]).toEqual([i, await ours(files[i] as Uint8Array)])
    // of a key that stands twice the reference keeps the last
    const told = files.flatMap((file, i) => {
      const mine = readSafetensors(file)
      return said[i]?.startsWith('read') && E.isLeft(mine) ? [mine.left.message] : []
    })
    expect(told.filter((message) => !message.endsWith('stands here twice'))).toEqual([])
  })
})
