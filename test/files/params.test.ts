/** Weights as files: there and back, in shards, and what is wrong with a file told with its name. */
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import {
  batchNorm,
  dense,
  describe as describeModel,
  input,
  key,
  pipe,
  readSafetensors,
  relu,
  tensorsFrom,
  writeSafetensors,
} from 'shapewright'
import { fileSource, loadParams, saveParams } from 'shapewright/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compute } from '../../src/tensor/compute.ts'
import { right, told, wrong } from './told.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shapewright-'))
  file = join(folder, 'weights.safetensors')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const model = pipe(input([3]), dense(4, 'hidden'), batchNorm({ name: 'norm' }), relu, dense(2, 'out'))
const params = compute(model.init(key(5)))

describe('weights', () => {
  it('are saved and loaded to the bit, with what the model is', async () => {
    right(await saveParams(file, model, params)())
    expect(told(right(await loadParams(file, model)()))).toBe(told(params))
    const { metadata } = right(readSafetensors(await readFile(file)))
    expect(JSON.parse(metadata.get('model') ?? '')).toEqual(JSON.parse(JSON.stringify(describeModel(model))))
    expect(await readdir(folder)).toEqual(['weights.safetensors'])
  })
  it('take the place of the old ones at once, and leave them where writing fails', async () => {
    right(await saveParams(file, model, params)())
    const before = (await stat(file)).ino
    right(await saveParams(file, model, compute(model.init(key(6))))())
    expect((await stat(file)).ino).not.toBe(before)
    const error = wrong(await saveParams(join(folder, 'none', 'weights'), model, params)())
    expect(error).toMatchObject({ tag: 'Unwritable', file: join(folder, 'none', 'weights') })
    expect(await readdir(folder)).toEqual(['weights.safetensors'])
  })
  it('of a sharded file are those of all its parts, beside the index', async () => {
    const tensors = right(tensorsFrom(model, params))
    const parts = [...tensors].map(([name, array], i) => ({
      name,
      file: `part-${i}.safetensors`,
      bytes: right(writeSafetensors(new Map([[name, array]]))),
    }))
    for (const part of parts) await writeFile(join(folder, part.file), part.bytes)
    const index = join(folder, 'weights.safetensors.index.json')
    await writeFile(index, JSON.stringify({ weight_map: Object.fromEntries(parts.map((part) => [part.name, part.file])) }))
    expect(told(right(await loadParams(index, model)()))).toBe(told(params))
    // as in the caches of hubs, a part may be a link
    await copyFile(join(folder, 'part-0.safetensors'), join(folder, 'blob'))
    await rm(join(folder, 'part-0.safetensors'))
    await symlink('blob', join(folder, 'part-0.safetensors'))
    expect(told(right(await loadParams(index, model)()))).toBe(told(params))
    await rm(join(folder, 'part-1.safetensors'))
    expect(wrong(await loadParams(index, model)()).message).toBe(
      `loadParams: ${index}: safetensors index: "part-1.safetensors" cannot be read: ${join(folder, 'part-1.safetensors')}: there is no such file`,
    )
    await writeFile(index, JSON.stringify({ weight_map: { a: '../weights.safetensors' } }))
    expect(wrong(await loadParams(index, model)()).message).toContain('which is no plain name of a file beside it')
  })
  it('that cannot be read are told with their file', async () => {
    expect(wrong(await loadParams(file, model)())).toMatchObject({ tag: 'Missing', message: `loadParams: ${file}: there is no such file` })
    expect(wrong(await loadParams(folder, model)())).toMatchObject({ tag: 'Unreadable', message: `loadParams: ${folder}: is no file` })
    await writeFile(file, 'PK\u0003\u0004 and so on')
    expect(wrong(await loadParams(file, model)()).message).toMatch(
      /^loadParams: .*weights\.safetensors: safetensors: bytes 0 to 8 .*a zip archive/,
    )
    right(await saveParams(file, model, params)())
    const other = pipe(input([3]), dense(4, 'hidden'), dense(2, 'out'))
    expect(wrong(await loadParams(file, other)())).toMatchObject({
      tag: 'Misfit',
      message: expect.stringContaining(`loadParams: ${file}: the tensors do not fit the model; not of the model: norm.`),
    })
    expect(wrong(await loadParams(file, model, { limit: 8 })()).message).toContain('is over the limit of 8 bytes')
    if (process.getuid?.() === 0) return
    await chmod(file, 0)
    expect(wrong(await loadParams(file, model)()).tag).toBe('Unreadable')
  })
})

describe('a file as a source', () => {
  it('gives its parts, and says where it ends', async () => {
    await writeFile(
      file,
      Uint8Array.from({ length: 100 }, (_, i) => i),
    )
    const source = right(await fileSource(file)())
    expect(source.byteLength).toBe(100)
    expect(await source.read(7, 10)()).toEqual(E.right(Uint8Array.of(7, 8, 9)))
    expect(await source.read(100, 100)()).toEqual(E.right(new Uint8Array(0)))
    expect(await source.read(99, 101)()).toEqual(E.left(`${file}: it ends at byte 100, 101 were asked for`))
  })
  it('says that it has changed or is gone', async () => {
    await writeFile(file, 'before')
    const source = right(await fileSource(file)())
    await writeFile(file, 'behind it')
    expect(await source.read(0, 3)()).toEqual(E.left(`${file}: it has changed while it was read`))
    await rm(file)
    expect(await source.read(0, 3)()).toMatchObject({ _tag: 'Left' })
  })
})
