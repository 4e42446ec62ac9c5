/** The three compilers that users may have, each in a child process with its memory and its time capped. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Diagnostic, parseDiagnostics } from './diagnostic.ts'

export const versions = ['5.9', '6.0', '7.0'] as const
export type Version = (typeof versions)[number]

const seconds = 300
const heap = '--max-old-space-size=3000'
const root = fileURLToPath(new URL('../..', import.meta.url))
const flags = ['--pretty', 'false', '--noEmit']
/** One checker for all files: what it explains of a mistake depends on what it has compared before. */
const inOrder = ['--checkers', '1']

interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly parse: (output: string) => readonly Diagnostic[]
}
/** 7.0 is native: its heap takes no flag of Node's, so the shell caps its address space. */
const commands: { readonly [V in Version]: (tsconfig: string) => Command } = {
  '5.9': (tsconfig) => ({
    file: process.execPath,
    args: [heap, `${root}node_modules/typescript-5.9/lib/tsc.js`, '-p', tsconfig, ...flags],
    parse: parseDiagnostics,
  }),
  '6.0': (tsconfig) => ({
    file: process.execPath,
    args: [heap, '--import', 'tsx', `${root}scripts/typescript/diagnose.ts`, tsconfig],
    parse: (output) => JSON.parse(output) as readonly Diagnostic[],
  }),
  '7.0': (tsconfig) => ({
    file: '/bin/sh',
    args: [
      '-c',
      'ulimit -v 8000000; exec "$@"',
      'sh',
      process.execPath,
      `${root}node_modules/typescript-7.0/bin/tsc`,
      '-p',
      tsconfig,
      ...flags,
      ...inOrder,
    ],
    parse: parseDiagnostics,
  }),
}

/** All errors of a project. Rejects when the compiler itself fails: out of memory, out of time. */
export const diagnose = (version: Version, tsconfig: string): Promise<readonly Diagnostic[]> =>
  new Promise((resolve, reject) => {
    const { file, args, parse } = commands[version](tsconfig)
    const options = { cwd: root, timeout: seconds * 1000, maxBuffer: 1 << 28, env: { ...process.env, GOMEMLIMIT: '3GiB' } }
    execFile(file, args, options, (error, output, complaints) => {
      if (error?.killed) reject(new Error(`TypeScript ${version} took more than ${seconds} s`))
      else if (error !== null && (error.signal || complaints.trim() !== ''))
        reject(new Error(`TypeScript ${version} failed: ${error.signal ?? ''} ${complaints.trim().slice(0, 2000)}`))
      else resolve(parse(output))
    })
  })
