/** Safetensors against a reader of a few lines that trusts its input, and the index of a sharded file. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { bytesSource } from '../../src/formats/byte-source.ts'
import { readSafetensors, type Safetensors } from '../../src/formats/safetensors/read.ts'
import { readSafetensorsIndex, readSafetensorsShards } from '../../src/formats/safetensors/sharded.ts'
import { writeSafetensors } from '../../src/formats/safetensors/write.ts'
import type { StoredArray } from '../../src/formats/stored-array.ts'
import { fileOf, metadata, tensors } from '../formats/safetensors/files.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

const golden = (name: string): Uint8Array => Uint8Array.from(readFileSync(new URL(`../golden/safetensors/${name}`, import.meta.url)))
const written = (arrays: ReadonlyMap<string, StoredArray>, words?: ReadonlyMap<string, string>): Uint8Array => {
  const file = writeSafetensors(arrays, words)
  return E.isRight(file) ? file.right : new Uint8Array(0)
}

/** Headers as they should not be: every part of one may be something else. */
const sizes = fc.oneof(fc.nat(3), fc.constantFrom(-1, 0.5, 1e21, 2 ** 53, 2 ** 32, '1', null))
const dtype = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('F32', 'U8', 'F16', 'I64', 'F4', 'C64') },
  fc.constantFrom('F33', '', 7, 'toString'),
)
const entry = fc.record(
  { dtype, shape: fc.array(sizes, { maxLength: 3 }), data_offsets: fc.array(sizes, { minLength: 1, maxLength: 3 }), other: fc.jsonValue() },
  { requiredKeys: ['dtype', 'shape', 'data_offsets'] },
)
/** Entries that lie one behind another, which is right. */
const inRow = fc
  .array(fc.tuple(fc.constantFrom('U8', 'I8', 'BOOL'), fc.array(fc.nat(3), { maxLength: 3 })), { maxLength: 4 })
  .map((all) => {
    let at = 0
    return all.map(([type, shape]) => {
      const begin = at
      at += shape.reduce((n, size) => n * size, 1)
      return { dtype: type, shape, data_offsets: [begin, at] }
    })
  })
const headers = fc
  .tuple(
    fc.oneof(inRow, fc.array(entry, { maxLength: 3 })),
    fc.array(fc.constantFrom('a', 'b', '__proto__', '__metadata__', ''), { maxLength: 4 }),
    fc.nat(3),
  )
  .map(([entries, names, extra]) => {
    const members = entries.map((each, i) => `${JSON.stringify(names[i] ?? `x${i}`)}:${JSON.stringify(each)}`)
    const ends = entries.flatMap(({ data_offsets: [, end] }) => (typeof end === 'number' && end >= 0 && end < 100 ? [Math.floor(end)] : []))
    return fileOf(`{${members.join(',')}}`, Math.max(0, ...ends) + (extra === 3 ? 1 : 0))
  })

export const safetensorsTarget: FuzzTarget = {
  name: 'safetensors',
  seeds: async () => ['types', 'shapes', 'names', 'nothing', 'odd', 'misaligned'].map((name) => golden(`${name}.safetensors`)),
  files: fc.oneof(
    fc.tuple(tensors, metadata).map(([arrays, words]) => written(arrays, words)),
    headers,
  ),
  read: (bytes) => readSafetensors(bytes, { limit: smallLimit, headerLimit: smallLimit }),
  wrong: (bytes, value) => {
    const read = value as Safetensors // the target's reader gives these
    return wrongEntries(bytes, read) ?? wrongAgain(read)
  },
}

interface TrustedEntry {
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}
/** What the header says, by `JSON.parse`, and the bytes where it says that they are. */
const wrongEntries = (bytes: Uint8Array, { tensors: arrays }: Safetensors): string | null => {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Readonly<Record<string, TrustedEntry>>
  const names = Object.keys(header).filter((name) => name !== '__metadata__')
  if (names.length !== arrays.size) return `has ${arrays.size} tensors, the header ${names.length}`
  for (const name of names) {
    const [array, said] = [arrays.get(name), header[name] as TrustedEntry]
    if (array === undefined) return `${name} is missing`
    if (array.shape.join() !== said.shape.join()) return `${name} has another shape`
    const own = bytes.subarray(8 + length + said.data_offsets[0], 8 + length + said.data_offsets[1])
    const isHalf = array.type === 'f16' || array.type === 'bf16'
    const got = new Uint8Array(array.values.buffer, array.values.byteOffset, array.values.byteLength)
    if (!isHalf && Buffer.compare(got, own) !== 0) return `${name} has other bytes`
    if (isHalf && array.values.length * 2 !== own.length) return `${name} has other elements`
  }
  return null
}
/** What was read is written and read again: the same, and the same bytes from then on. */
const wrongAgain = ({ tensors: arrays, metadata: words }: Safetensors): string | null => {
  const once = written(arrays, words)
  const again = readSafetensors(once)
  if (E.isLeft(again)) return `is not read again: ${again.left.message}`
  return Buffer.compare(once, written(again.right.tensors, again.right.metadata)) === 0 ? null : 'is written otherwise the second time'
}

const names = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('one.safetensors', 'two.safetensors') },
  fc.constantFrom('..', '../one.safetensors', '/etc/passwd', 'a\\b', 'c:x', '.hidden', '', '__proto__', 'file://x'),
  fc.string({ maxLength: 8 }),
)
const shards: Readonly<Record<string, Uint8Array>> = {
  'one.safetensors': written(new Map([['a', { type: 'u8', shape: [2], values: Uint8Array.of(1, 2) }]])),
  'two.safetensors': written(new Map([['b', { type: 'f32', shape: [], values: Float32Array.of(3) }]])),
}
const text = (value: string): Uint8Array => Uint8Array.from(new TextEncoder().encode(value))

/** The index and its shards: whatever it says, no file but those beside it is asked for. */
export const shardedTarget: FuzzTarget = {
  name: 'safetensors-index',
  seeds: async () => [
    golden('model.safetensors.index.json'),
    text('{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}'),
    text('{"metadata":{"total_size":6},"weight_map":{"a":"one.safetensors"}}'),
  ],
  files: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', ''), names).map((map) => text(JSON.stringify({ weight_map: map }))),
  read: (bytes) =>
    pipe(
      TE.fromEither(readSafetensorsIndex(bytes, { headerLimit: smallLimit })),
      TE.chain((index) => readSafetensorsShards(index, opened, { limit: smallLimit, headerLimit: smallLimit })),
    )(),
  wrong: (_, value) => {
    const { tensors: arrays } = value as Safetensors // the target's reader gives these
    const known = [...arrays].every(([name, { values }]) => (name === 'a' ? values.length === 2 : name === 'b' && values[0] === 3))
    return known ? null : 'has tensors that no shard has'
  },
}
const opened = (file: string): TE.TaskEither<string, ReturnType<typeof bytesSource>> => {
  // thrown, not Left: a name that leads out of the folder must not get here
  if (/[/\\:]|^\.|^$/.test(file)) throw new Error(`'${file}' was to be opened`)
  const bytes = Object.hasOwn(shards, file) ? shards[file] : undefined
  return bytes === undefined ? TE.left('there is no such file') : TE.right(bytesSource(bytes))
}
