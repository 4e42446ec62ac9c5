/** Kills a training run again and again, and looks at what it leaves behind: what `npm run test:kill` does. */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import { decodeCheckpoint } from '../../src/files/checkpoint.ts'

export interface KillOptions {
  readonly kills: number
  readonly seed: number
  readonly epochs: number
  readonly say: (line: string) => void
}
export interface KillReport {
  readonly passed: number
  readonly failed: number
}

/** One check a kill, that every checkpoint can be read and none is lost, and one a run, that it ends as one that nobody killed. */
export const killRuns = async ({ kills, seed, epochs, say }: KillOptions): Promise<KillReport> => {
  const place = await mkdtemp(join(tmpdir(), 'shapewright-kill-'))
  const program = bundled(place)
  const random = randomOf(seed)
  const tally = { passed: 0, failed: 0 }
  const check = (fault: string | null, line: string): void => {
    tally[fault === null ? 'passed' : 'failed']++
    say(fault === null ? line : `${line}: FAILED: ${fault}`)
  }
  try {
    const before = performance.now()
    const wanted = await life(program, [join(place, 'whole'), String(epochs)], null)
    const seconds = (performance.now() - before) / 1000
    if (wanted.output.length < 3) throw new Error(`test:kill: the run that nobody kills failed: ${wanted.output.join(' ')}`)
    say(`nobody kills it: ${seconds.toFixed(1)} s, ${wanted.output.slice(1).join(', ')}`)
    let killed = 0
    let writing = 0
    for (let run = 1; killed < kills; run++) {
      const folder = join(place, `run-${run}`)
      let newest = 0
      for (;;) {
        const moment = killed < kills ? momentOf(random, seconds) : null
        const { output, isKilled } = await life(program, [folder, String(epochs)], moment)
        if (!isKilled) {
          const same = output.slice(1).join() === wanted.output.slice(1).join()
          check(same ? null : `ends with ${output.join(', ') || 'nothing'}`, `run ${run} ends with the same weights, optimizer and history`)
          break
        }
        killed++
        const left = await leftIn(folder)
        if (left.isWriting) writing++
        check(left.fault ?? (left.newest < newest ? `checkpoint ${newest} is gone` : null), `kill ${killed}: ${left.told}`)
        newest = left.newest
      }
      await rm(folder, { recursive: true, force: true })
    }
    say(`${killed} kills, ${writing} of them while it wrote a checkpoint`)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
  return tally
}

/** As one file, which starts five times as fast. */
const bundled = (place: string): string => {
  const outfile = join(place, 'killed.mjs')
  const alias = { shapewright: './src/index.ts', 'shapewright/files': './src/files/index.ts' }
  buildSync({
    entryPoints: ['test/programs/killed.ts'],
    outfile,
    alias,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  })
  return outfile
}

/** Milliseconds after the program starts, or after it begins to train. */
interface Moment {
  readonly behind: 'start' | 'training'
  readonly milliseconds: number
}
/** Mostly while it trains, some while it starts and goes on from a checkpoint. A slow host has more time: a life is a part of the whole. */
const momentOf = (random: () => number, seconds: number): Moment =>
  random() < 0.15
    ? { behind: 'start', milliseconds: random() * 50 * seconds }
    : { behind: 'training', milliseconds: random() * 35 * seconds }

interface Life {
  /** The lines that it printed. */
  readonly output: readonly string[]
  readonly isKilled: boolean
}
const life = (program: string, given: readonly string[], moment: Moment | null): Promise<Life> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...given], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    const kill = () => setTimeout(() => child.kill('SIGKILL'), moment?.milliseconds)
    if (moment?.behind === 'start') kill()
    child.stdout.on('data', (part: Buffer) => {
      if (text === '' && moment?.behind === 'training') kill()
      text += part
    })
    child.stderr.on('data', (part: Buffer) => {
      text += part
    })
    child.on('error', reject)
    child.on('close', (_, signal) => resolve({ output: text.split('\n').filter((line) => line !== ''), isKilled: signal === 'SIGKILL' }))
  })

interface Left {
  readonly fault: string | null
  readonly newest: number
  readonly isWriting: boolean
  readonly told: string
}
const leftIn = async (folder: string): Promise<Left> => {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => name.endsWith('.safetensors')).sort()
  const read = await Promise.all(files.map(async (name) => ({ name, stored: decodeCheckpoint(await readFile(join(folder, name))) })))
  const unreadable = read.find(({ stored }) => E.isLeft(stored))
  const isWriting = names.some((name) => name.endsWith('.part'))
  const writing = isWriting ? ', while it wrote' : ''
  return {
    fault:
      unreadable === undefined
        ? null
        : `${unreadable.name} cannot be read: ${E.isLeft(unreadable.stored) ? unreadable.stored.left.message : ''}`,
    isWriting,
    newest: Number(files.at(-1)?.slice(0, 6) ?? 0),
    told: files.length === 0 ? `nothing was saved yet${writing}` : `behind ${files.at(-1)}${writing}; ${files.length} can be read`,
  }
}

const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
}
