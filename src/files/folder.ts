/** A folder of checkpoints: what the files are called, which of them stay, and whose the folder is. */
import { readFileSync, rmSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isPart } from './atomic.ts'
import { codeOf } from './file-error.ts'

/** A file of the folder: `000042-epoch-3-step-17.safetensors`. */
export interface Entry {
  readonly name: string
  /** Counts the checkpoints of the folder. */
  readonly serial: number
  /** Whether it is the first to hold a new best epoch. */
  readonly best: boolean
}

export const nameOf = (serial: number, epoch: number, step: number, best: boolean): string =>
  `${String(serial).padStart(6, '0')}-epoch-${epoch}${step === 0 ? '' : `-step-${step}`}${best ? '-best' : ''}.safetensors`
const pattern = /^(\d{6,15})-epoch-\d+(?:-step-\d+)?(-best)?\.safetensors$/

/** The checkpoints, oldest first; none where there is no folder. */
export const entriesIn = async (folder: string): Promise<readonly Entry[]> =>
  (await namesIn(folder))
    .flatMap((name): readonly Entry[] => {
      const found = pattern.exec(name)
      return found === null ? [] : [{ name, serial: Number(found[1]), best: found[2] !== undefined }]
    })
    .sort((a, b) => a.serial - b.serial)

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return []
    throw cause
  }
}

/** Those that need not stay: all but the last `keep`, and but the last that held a new best. */
export const obsolete = (entries: readonly Entry[], keep: number): readonly Entry[] => {
  const best = entries.findLast((entry) => entry.best)
  return entries.slice(0, Math.max(0, entries.length - keep)).filter((entry) => entry !== best)
}

/** Deletes what writes that were killed have left. The folder must be the caller's. */
export const sweep = async (folder: string): Promise<void> => {
  for (const name of (await namesIn(folder)).filter(isPart)) await rm(join(folder, name), { force: true })
}

/** Who writes to a folder. */
interface Owner {
  readonly host: string
  readonly pid: number
  /** When the process began, as the system counts: its number may be another's later. Null where the system does not tell. */
  readonly started: string | null
}
const lockName = '.running'
const self = (): Owner => ({ host: hostname(), pid: process.pid, started: startOf(process.pid) })

/** Makes the folder this process's, and null; or the number of the process whose it is. */
export const take = async (folder: string): Promise<number | null> => {
  await mkdir(folder, { recursive: true })
  const lock = join(folder, lockName)
  for (;;) {
    const owner = await ownerOf(lock)
    if (owner !== null && isSelf(owner)) return null
    if (owner !== null && isAlive(owner)) return owner.pid
    await rm(lock, { force: true })
    if (await written(lock)) held(lock)
  }
}

/** False where another process was faster. */
const written = async (lock: string): Promise<boolean> => {
  try {
    const handle = await open(lock, 'wx')
    try {
      await handle.writeFile(JSON.stringify(self()))
    } finally {
      await handle.close()
    }
    return true
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    throw cause
  }
}

/** Gives it back when the process ends by itself; who is killed can't, and is known to be dead. */
const held = (lock: string): void => {
  if (locks.size === 0)
    process.on('exit', () => {
      for (const each of locks) {
        try {
          rmSync(each, { force: true })
        } catch {
          // the folder may be gone
        }
      }
    })
  locks.add(lock)
}
const locks = new Set<string>()

const ownerOf = async (lock: string): Promise<Owner | null> => {
  try {
    const owner: unknown = JSON.parse(await readFile(lock, 'utf8'))
    return typeof owner === 'object' && owner !== null && 'pid' in owner && 'host' in owner ? (owner as Owner) : null
  } catch (cause) {
    // one that was killed while it wrote this has left nothing to read
    if (codeOf(cause) === 'ENOENT' || cause instanceof SyntaxError) return null
    throw cause
  }
}
const isSelf = (owner: Owner): boolean => {
  const { host, pid, started } = self()
  return owner.host === host && owner.pid === pid && owner.started === started
}
/** Of another host nothing is known: containers change their names, so it is taken to be gone. */
const isAlive = ({ host, pid, started }: Owner): boolean => {
  if (host !== hostname() || !Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (cause) {
    if (codeOf(cause) === 'ESRCH') return false
  }
  return started === startOf(pid)
}

const startOf = (pid: number): string | null => {
  try {
    // behind the name of the program, which is in brackets and may hold anything
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? null
  } catch {
    return null
  }
}
