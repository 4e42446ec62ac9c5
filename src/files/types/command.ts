#!/usr/bin/env node
/** `npx shapewright-types FILE [--out FILE]`: what a file of weights holds, as a declaration that the compiler holds a model against. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { declarationOf, tensorsIn } from './declaration.ts'

const usage = 'shapewright-types: FILE [--out FILE.d.ts], where FILE is a safetensors file, the index of a sharded one, or a checkpoint'
const needed = 'shapewright-types: needs ts-morph; npm install --save-dev ts-morph'

/** The file and where its declaration goes, or null. */
const argumentsGiven = (): readonly [file: string, out: string] | null => {
  try {
    const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true })
    const [file] = positionals
    return file === undefined || positionals.length > 1 ? null : [file, values.out ?? `${file}.d.ts`]
  } catch {
    return null
  }
}

/** What to print, and how the process ends. */
const run = async (): Promise<readonly [line: string, code: 0 | 1 | 2]> => {
  const given = argumentsGiven()
  if (given === null) return [usage, 2]
  const [file, out] = given
  const tensors = await tensorsIn(file)()
  if (E.isLeft(tensors)) return [`shapewright-types: ${tensors.left.message}`, 1]
  const morph = await import('ts-morph').catch(() => null)
  if (morph === null) return [needed, 1]
  try {
    await writeFile(out, declarationOf(morph, file, tensors.right))
  } catch (cause) {
    return [`shapewright-types: ${out}: ${cause instanceof Error ? cause.message : String(cause)}`, 1]
  }
  return [`${out}: ${tensors.right.length} tensors`, 0]
}

const [line, code] = await run()
if (code === 0) console.log(line)
else console.error(line)
process.exitCode = code
