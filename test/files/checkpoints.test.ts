/** Checkpoints in a folder: a run that stops anywhere goes on to the bit, and what is wrong with a folder is told. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import {
  adagrad,
  adam,
  adamw,
  batchNorm,
  chain,
  clipByGlobalNorm,
  cosineDecay,
  dataset,
  dense,
  dropout,
  fit,
  freeze,
  input,
  key,
  meanAbsoluteError,
  meanSquaredError,
  momentum,
  relu,
  rmsprop,
  samples,
  sgd,
  tanh,
} from 'shapewright'
import { type CheckpointsOptions, checkpointsIn, loadParams } from 'shapewright/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint, fitCheckpoint } from '../../src/files/checkpoint.ts'
import { compute } from '../../src/tensor/compute.ts'
import type { UntypedTrained } from '../../src/train/training.ts'
import { right, told, wrong } from './told.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shapewright-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const layers = () => pipe(input([2]), dense(5, 'hidden'), batchNorm({ name: 'norm' }))
const model = pipe(layers(), tanh, dropout(0.2), dense(1, 'out'))
const rows = Array.from({ length: 23 }, (_, i) => [(i % 7) - 3, (i % 5) - 2] as const)
const targets = rows.map(([a, b]) => a * b)
const data = right(dataset(samples(rows.flat(), [2]), samples(targets, [1])))
const optimizer = adam({ learningRate: cosineDecay({ initial: 0.01, steps: 100 }) })
const options = { data, validation: data, loss: meanSquaredError, metrics: { off: meanAbsoluteError }, batchSize: 4, key: key(3) } as const
/** Six steps an epoch. */
const trained = async (epochs: number, more: CheckpointsOptions = {}) =>
  right(await fit(model, { ...options, optimizer, epochs, checkpoints: checkpointsIn(folder, more) })())
const files = async () => (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).sort()
const notices: string[] = []
const onNotice = (notice: string) => notices.push(notice)
beforeEach(() => {
  notices.length = 0
})

describe('a run that is saved', () => {
  it('is read as it was, and goes on to the bit from every step at which it may have stopped', async () => {
    const whole = told(right(await fit(model, { ...options, optimizer, epochs: 3 })()))
    for (let stop = 1; stop <= 17; stop++) {
      const at = join(folder, String(stop))
      let steps = 0
      const onEvent = ({ tag }: { readonly tag: string }) => (tag === 'Step' && ++steps === stop ? 'stop' : null)
      const first = { ...options, optimizer, epochs: 3, onEvent, stepEvery: 1 }
      const stopped = right(await fit(model, { ...first, checkpoints: checkpointsIn(at, { everySteps: 4 }) })())
      const before = right(await checkpointsIn(at).resume(model, optimizer)())
      if (before === undefined) throw new Error('nothing was saved')
      expect(told(before)).toBe(told(stopped))
      const again = right(await fit(model, { ...options, optimizer, epochs: 3, from: before })())
      expect(told(again)).toBe(whole)
    }
  })
  it('has equal bytes where the run is equal', async () => {
    await trained(1)
    const [name = ''] = await files()
    const other = await mkdtemp(join(tmpdir(), 'shapewright-'))
    right(await fit(model, { ...options, optimizer, epochs: 1, checkpoints: checkpointsIn(other) })())
    expect(Buffer.compare(await readFile(join(folder, name)), await readFile(join(other, name)))).toBe(0)
    await rm(other, { recursive: true })
  })
  it('gives its parameters to who wants no more', async () => {
    const { params } = await trained(1)
    const [name = ''] = await files()
    expect(told(right(await loadParams(join(folder, name), model)()))).toBe(told(params))
  })
  it.each([
    ['sgd', sgd({ learningRate: 0.1 })],
    ['momentum', momentum({ learningRate: 0.1 })],
    ['rmsprop', rmsprop({ learningRate: 0.1 })],
    ['adagrad', adagrad({ learningRate: 0.1 })],
    ['adamw', adamw({ learningRate: 0.1 })],
    ['chain', chain(clipByGlobalNorm(1), chain(momentum({ learningRate: 1 }), adam({ learningRate: 0.1 })))],
    ['freeze', freeze('hidden')(adam({ learningRate: 0.1 }))],
    ['freeze of a part', freeze('norm.scale', 'out.bias')(momentum({ learningRate: 0.1 }))],
  ])('%s has its state back', async (_, optimizer) => {
    const params = compute(model.init(key(1)))
    // each optimizer has a state of its own type
    const state = compute((optimizer as { readonly init: (params: unknown) => unknown }).init(params))
    const best = { epoch: 1, value: -0, params, optimizer: state }
    const scores = { loss: Number.NaN, metrics: JSON.parse('{"a": 1, "__proto__": 0.3333333333333333}') }
    const history = [
      { epoch: 1, ...scores, validation: null, learningRate: null },
      { epoch: 2, loss: 1e-320, metrics: {}, validation: { loss: -Infinity, metrics: { number: 1 } }, learningRate: 0.1 + 0.2 },
    ]
    const underway = { step: 2, steps: 6, samples: 23, batchSize: 4, sums: [0.1 + 0.2, -0], learningRate: 0.1 }
    const run: UntypedTrained = { params, optimizer: state, key: key(2 ** 40 + 5), epoch: 2, history, underway, best }
    const bytes = right(encodeCheckpoint(run, model))
    const read = right(fitCheckpoint(right(decodeCheckpoint(bytes)), model, optimizer.init as (params: unknown) => unknown))
    expect(told(read)).toBe(told(run))
    expect(right(encodeCheckpoint(read, model))).toEqual(bytes)
  })
})

describe('of the files of a folder', () => {
  it('the last stay', async () => {
    await trained(5, { everySteps: 6, keep: 2 })
    expect(await files()).toEqual(['000004-epoch-4.safetensors', '000005-epoch-5.safetensors'])
  })
  it('the first that holds the best stays, and those of steps are told from whole epochs', async () => {
    const checkpoints = checkpointsIn(folder, { keep: 1 })
    const run = right(await fit(model, { ...options, optimizer, epochs: 1 })())
    const saved = async (epoch: number, best: number | null, step: number) => {
      const underway = step === 0 ? null : { step, steps: 6, samples: 23, batchSize: 4, sums: [1, 2], learningRate: null }
      const held = best === null ? null : { epoch: best, value: 0.5, params: run.params, optimizer: run.optimizer }
      right(await checkpoints.save({ ...run, epoch, underway, best: held }, model)())
      return files()
    }
    expect(await saved(0, null, 3)).toEqual(['000001-epoch-0-step-3.safetensors'])
    expect(await saved(1, 1, 0)).toEqual(['000002-epoch-1-best.safetensors'])
    expect(await saved(2, 1, 0)).toEqual(['000002-epoch-1-best.safetensors', '000003-epoch-2.safetensors'])
    expect(await saved(2, 1, 5)).toEqual(['000002-epoch-1-best.safetensors', '000004-epoch-2-step-5.safetensors'])
    expect(await saved(3, 3, 0)).toEqual(['000005-epoch-3-best.safetensors'])
    const again = checkpointsIn(folder, { keep: 1 })
    right(await again.resume(model, optimizer)())
    right(await again.save({ ...run, epoch: 4, best: { epoch: 3, value: 0.5, params: run.params, optimizer: run.optimizer } }, model)())
    expect(await files()).toEqual(['000005-epoch-3-best.safetensors', '000006-epoch-4.safetensors'])
  })
  it('those that a killed write has left are deleted, others are left alone', async () => {
    await trained(1)
    await writeFile(join(folder, '.000002-epoch-2.safetensors.123-1.part'), 'half')
    await writeFile(join(folder, 'notes.txt'), 'mine')
    const checkpoints = checkpointsIn(folder)
    const from = right(await checkpoints.resume(model, optimizer)())
    right(await fit(model, { ...options, optimizer, epochs: 2, checkpoints, from: from as NonNullable<typeof from> })())
    expect((await readdir(folder)).sort()).toEqual(['.running', '000001-epoch-1.safetensors', '000002-epoch-2.safetensors', 'notes.txt'])
  })
})

describe('a folder is not gone on with', () => {
  it('where there is none, and none is made', async () => {
    expect(await checkpointsIn(join(folder, 'new')).resume(model, optimizer)()).toEqual(E.right(undefined))
    expect(await readdir(folder)).toEqual([])
  })
  it('from a damaged file: the one before is, with a notice', async () => {
    await trained(3)
    const file = join(folder, '000003-epoch-3.safetensors')
    const bytes = await readFile(file)
    const second = right(decodeCheckpoint(await readFile(join(folder, '000002-epoch-2.safetensors'))))
    const flipped = Uint8Array.from(bytes)
    flipped[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1
    for (const broken of [flipped, bytes.subarray(0, 900), bytes.subarray(0, 0), Buffer.concat([bytes, bytes])]) {
      await writeFile(file, broken)
      const read = right(await checkpointsIn(folder, { onNotice }).resume(model, optimizer)())
      expect(read?.epoch).toBe(second.words.epoch)
    }
    expect(notices[0]).toBe(
      `resume: ${file} is damaged: its bytes are not those that were written: the digest is another; going on from 000002-epoch-2.safetensors, the one before`,
    )
    expect(notices).toHaveLength(4)
  })
  it('where all are damaged, and each is told', async () => {
    await trained(2)
    for (const name of await files()) await writeFile(join(folder, name), 'x')
    const error = wrong(await checkpointsIn(folder, { onNotice }).resume(model, optimizer)())
    expect(error).toMatchObject({ tag: 'Damaged', files: [{ file: join(folder, '000002-epoch-2.safetensors') }, {}] })
    expect(error.message).toContain('safetensors: the file has 1 bytes')
  })
  it('where the model or the optimizer is another', async () => {
    await trained(1)
    const other = pipe(input([2]), dense(4, 'hidden'), relu, dense(1, 'out'))
    const error = wrong(await checkpointsIn(folder).resume(other, sgd({ learningRate: 1 }))())
    if (error.tag !== 'Misfit') throw new Error(error.message)
    expect(error.missing).toEqual([])
    expect(error.extra.map(({ name }) => name)).toEqual(expect.arrayContaining(['params.norm.mean', 'optimizer.first.hidden.weight']))
    expect(error.wrong.map(({ name }) => name)).toEqual(['params.hidden.weight', 'params.hidden.bias', 'params.out.weight'])
    expect(error.message).toMatch(/^resume: .*000001-epoch-1\.safetensors: the tensors do not fit the model with its optimizer; /)
  })
  it('without a notice where tensors fit a model that means something else', async () => {
    await trained(1)
    const other = pipe(layers(), relu, dropout(0.3), dense(1, 'out'))
    right(await checkpointsIn(folder, { onNotice }).resume(other, optimizer)())
    expect(notices).toEqual([
      `resume: ${join(folder, '000001-epoch-1.safetensors')} is of a model that was another: layers.2.kind was "tanh", is "relu", layers.2.name was "tanh1", is "relu1", layers.3.options.rate was 0.2, is 0.3`,
    ])
  })
  it('where a file is no checkpoint, or of another version', async () => {
    await trained(1)
    const [name = ''] = await files()
    const bytes = await readFile(join(folder, name))
    await writeFile(join(folder, name), Buffer.from(bytes.toString('latin1').replace('checkpoint 1', 'checkpoint 9'), 'latin1'))
    expect(wrong(await checkpointsIn(folder).resume(model, optimizer)())).toMatchObject({
      tag: 'Foreign',
      message: `resume: ${join(folder, name)}: it is a 'checkpoint 9', what is read here is a 'checkpoint 1'`,
    })
  })
})

describe('a folder is not written to', () => {
  it('where an earlier run was not gone on with', async () => {
    await trained(1)
    const error = wrong(await fit(model, { ...options, optimizer, epochs: 1, checkpoints: checkpointsIn(folder) })())
    expect(error.message).toBe(
      `fit: the checkpoint behind epoch 1 was not saved: ${folder}: has checkpoints of an earlier run, the last is 000001-epoch-1.safetensors; go on from it with resume, or give this run another folder`,
    )
    expect(await files()).toHaveLength(1)
  })
  it('where another process saves its run there; who was killed does not', async () => {
    const lock = join(folder, '.running')
    const owner = (pid: number, started: string | null) => JSON.stringify({ host: hostname(), pid, started })
    const parent = (await readFile(`/proc/${process.ppid}/stat`, 'utf8').catch(() => '')).split(') ').at(-1)?.split(' ')[19] ?? null
    await writeFile(lock, owner(process.ppid, parent))
    const error = wrong(await fit(model, { ...options, optimizer, epochs: 1, checkpoints: checkpointsIn(folder) })())
    expect(error.message).toContain(`process ${process.ppid} saves its run there; give this one another folder`)
    await writeFile(lock, owner(process.ppid, '1'))
    await trained(1)
    await writeFile(lock, '')
    right(await checkpointsIn(folder).resume(model, optimizer)())
  })
  it('where there is a file in its place, or keep is no number', async () => {
    await writeFile(join(folder, 'file'), '')
    const saved = async (at: string, keep = 3) =>
      wrong(await fit(model, { ...options, optimizer, epochs: 1, checkpoints: checkpointsIn(at, { keep }) })()).message
    expect(await saved(join(folder, 'file'))).toContain('cannot be written')
    expect(await saved(folder, 0)).toContain('checkpointsIn: keep must be a whole number from 1, got 0')
  })
  it('and a run ends whose folder is gone', async () => {
    const checkpoints = checkpointsIn(folder)
    const onEvent = async ({ tag }: { readonly tag: string }) => {
      if (tag === 'Checkpoint') await rm(folder, { recursive: true })
    }
    await mkdir(folder, { recursive: true })
    right(await fit(model, { ...options, optimizer, epochs: 2, checkpoints, onEvent })())
    expect(await readdir(folder).catch(() => [])).toEqual([])
  })
})
