/** Sharded files: the index, and what its files must agree on. */

import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import { bytesSource } from '../../../src/formats/byte-source.ts'
import { readSafetensorsIndex, readSafetensorsShards } from '../../../src/formats/safetensors/sharded.ts'
import { golden } from './files.ts'

const indexOf = (text: string) => readSafetensorsIndex(new TextEncoder().encode(text))
const open = (file: string) =>
  TE.tryCatch(
    async () => bytesSource(golden(file)),
    () => 'there is no such file',
  )
const read = (index: string) =>
  pipe(
    TE.fromEither(indexOf(index)),
    TE.chain((shards) => readSafetensorsShards(shards, open)),
  )()
const first = 'model-00001-of-00002.safetensors'
const second = 'model-00002-of-00002.safetensors'

describe('a sharded file', () => {
  it('of the reference is read as one', async () => {
    const all = await read(new TextDecoder().decode(golden('model.safetensors.index.json')))
    expect(all).toEqual(
      E.right({
        tensors: new Map([
          ['encoder.weight', { type: 'f32', shape: [2, 3], values: Float32Array.of(0, 1, 2, 3, 4, 5) }],
          ['head.bias', { type: 'f32', shape: [2], values: Float32Array.of(0, 1) }],
        ]),
        metadata: new Map([['format', 'pt']]),
      }),
    )
  })
  it.each([
    ['a file that is not there', { 'encoder.weight': 'other.safetensors' }, '"other.safetensors" cannot be read: there is no such file'],
    ['a tensor that is not there', { 'encoder.weight': first, missing: first }, `"missing" is not in "${first}"`],
    ['a tensor of another file', { 'encoder.weight': second, 'head.bias': second }, `"encoder.weight" is not in "${second}"`],
    ['a tensor too many', {}, null],
  ])('with %s is refused', async (_, map, message) => {
    const result = await read(JSON.stringify({ weight_map: map }))
    expect(result).toMatchObject(
      message === null ? { right: { tensors: new Map() } } : { left: { tag: 'BadIndex', message: `safetensors index: ${message}` } },
    )
  })
  it('with a tensor that the index does not name is refused', async () => {
    const index = new Map([[first, []]])
    expect(await readSafetensorsShards(index, open)()).toMatchObject({
      left: { message: `safetensors index: "${first}" has "encoder.weight", of which the index does not say so` },
    })
  })
  it('keeps to the limit in all, and says which file has gone past it', async () => {
    const index = new Map([
      [first, ['encoder.weight']],
      [second, ['head.bias']],
    ])
    expect(await readSafetensorsShards(index, open, { limit: 31 })()).toMatchObject({
      left: {
        tag: 'TooLarge',
        message: `safetensors: "${second}": what the tensors take in memory, 8 bytes, is over the limit of 7 bytes`,
      },
    })
    expect(E.isRight(await readSafetensorsShards(index, open, { limit: 32 })())).toBe(true)
  })
})

describe('an index', () => {
  it.each(['', '.', '..', '../a', 'a/b', '/a', 'a\\b', 'C:a', 'https://a', '.hidden', 'a\u0000b', 'a\nb', 'a'.repeat(256)])(
    'may not lead to %j',
    (file) => {
      expect(indexOf(JSON.stringify({ weight_map: { x: file } }))).toMatchObject({ left: { tag: 'BadIndex' } })
    },
  )
  it.each([
    ['{', 'it is damaged at character 1: expected a key, got the end'],
    ['[]', 'it has no object "weight_map"'],
    ['{"weight_map": []}', 'it has no object "weight_map"'],
    ['{"weight_map": {"a": 1}}', '"a" has no name of a file'],
    ['{"weight_map": {"a": "x", "a": "y"}}', 'it is damaged at character 26: the key "a" stands here twice'],
  ])('%s is refused', (text, message) => {
    expect(indexOf(text)).toMatchObject({ left: { tag: 'BadIndex', message: `safetensors index: ${message}` } })
  })
  it('has keys that are data', () => {
    expect(indexOf('{"weight_map": {"__proto__": "__proto__", "constructor": "x"}}')).toEqual(
      E.right(
        new Map([
          ['__proto__', ['__proto__']],
          ['x', ['constructor']],
        ]),
      ),
    )
  })
  it('over the limit is refused', () => {
    expect(readSafetensorsIndex(new Uint8Array(9), { headerLimit: 8 })).toMatchObject({ left: { tag: 'TooLarge' } })
  })
})
