/** Builds one module: a memory of fixed size, functions, exports, and, when asked for, names for debuggers. */
import { InternalError } from '../../graph/internal-error.ts'
import { Bytes } from './bytes.ts'
import type { Code, Func } from './code.ts'
import { type Emitted, emitFunction } from './function.ts'
import { typeCodes, type ValueType } from './opcodes.ts'
import { functionText } from './text.ts'

export interface ModuleOptions {
  /** The size of the memory, initial and maximum, in pages of 64 KiB. */
  readonly pages: number
  readonly shared?: boolean
  /** Import the memory as `env.memory` instead of exporting an own one as `memory`. */
  readonly importMemory?: boolean
  /** Functions of the host, imported as `env.name`. */
  readonly imports?: readonly ImportedFunction[]
  /** Add the names of functions, for stack traces and profilers. */
  readonly names?: boolean
}

export interface ImportedFunction {
  readonly name: string
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

export interface ModuleBuilder {
  /** The imported functions, to be called. */
  readonly imports: readonly Func[]
  /** Emits a function. A body may emit other functions of the module and call them; it may not call itself. */
  func(name: string, params: readonly ValueType[], results: readonly ValueType[], body: (code: Code) => void, exported?: boolean): Func
  bytes(): Uint8Array<ArrayBuffer>
  text(): string
}

/** A function of the module; `emitted` is null while its body runs. */
interface Entry extends Func {
  readonly exported: boolean
  emitted: Emitted | null
}

const sections = { custom: 0, type: 1, import: 2, function: 3, memory: 5, export: 7, code: 10 } as const
const functionTypeCode = 0x60
const kinds = { function: 0, memory: 2 } as const
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** A module under construction. */
export const moduleBuilder = (options: ModuleOptions): ModuleBuilder => {
  const entries: Entry[] = []
  const imports = importsOf(options)
  return {
    imports,
    func: (name, params, results, body, exported = false) => {
      const entry: Entry = { name, index: imports.length + entries.length, params, results, exported, emitted: null }
      entries.push(entry)
      entry.emitted = emitFunction(name, params, results, body)
      return entry
    },
    bytes: () => moduleBytes(options, entries),
    text: () => moduleText(options, entries),
  }
}

/** Imported functions are numbered before all others. */
const importsOf = ({ imports = [] }: ModuleOptions): readonly Func[] => imports.map((imported, index) => ({ ...imported, index }))

const moduleBytes = (options: ModuleOptions, entries: readonly Entry[]): Uint8Array<ArrayBuffer> => {
  const imports = importsOf(options)
  const types = functionTypes([...imports, ...entries])
  const out = new Bytes(1 << 14)
  for (const byte of magic) out.byte(byte)
  section(out, sections.type, (bytes) => vector(bytes, types.list, (type) => writeType(bytes, type)))
  if (options.importMemory === true || imports.length > 0)
    section(out, sections.import, (bytes) => writeImports(bytes, options, imports, types.indexOf))
  section(out, sections.function, (bytes) => vector(bytes, entries, (entry) => bytes.unsigned(types.indexOf(entry))))
  if (options.importMemory !== true) section(out, sections.memory, (bytes) => vector(bytes, [options], () => writeLimits(bytes, options)))
  section(out, sections.export, (bytes) => writeExports(bytes, options, entries))
  section(out, sections.code, (bytes) => vector(bytes, entries, (entry) => writeCode(bytes, emittedOf(entry))))
  if (options.names === true) section(out, sections.custom, (bytes) => writeNames(bytes, imports, entries))
  return out.toUint8Array()
}

interface Signature {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** The distinct signatures in order of first use. */
const functionTypes = (entries: readonly Signature[]) => {
  const key = ({ params, results }: Signature): string => `${params.join()}:${results.join()}`
  const indices = new Map<string, number>()
  const list = entries.filter((entry) => !indices.has(key(entry)) && indices.set(key(entry), indices.size))
  return { list, indexOf: (entry: Signature): number => indices.get(key(entry)) ?? -1 }
}

const emittedOf = (entry: Entry): Emitted => {
  if (entry.emitted === null) throw new InternalError(`function ${entry.name} is not finished`)
  return entry.emitted
}

const section = (out: Bytes, id: number, write: (bytes: Bytes) => void): void => {
  const bytes = new Bytes(1 << 10)
  write(bytes)
  out.byte(id)
  out.unsigned(bytes.length)
  out.append(bytes.written())
}

const vector = <A>(bytes: Bytes, items: readonly A[], write: (item: A) => void): void => {
  bytes.unsigned(items.length)
  for (const item of items) write(item)
}

const writeType = (bytes: Bytes, { params, results }: Signature): void => {
  bytes.byte(functionTypeCode)
  vector(bytes, params, (type) => bytes.byte(typeCodes[type]))
  vector(bytes, results, (type) => bytes.byte(typeCodes[type]))
}

/** Initial = maximum: the arena never grows, so its base never moves. */
const writeLimits = (bytes: Bytes, { pages, shared = false }: ModuleOptions): void => {
  bytes.byte(shared ? 3 : 1)
  bytes.unsigned(pages)
  bytes.unsigned(pages)
}

const writeImports = (bytes: Bytes, options: ModuleOptions, functions: readonly Func[], typeOf: (signature: Signature) => number): void => {
  const memories = options.importMemory === true ? [() => writeMemoryImport(bytes, options)] : []
  const writers = functions.map((imported) => () => {
    bytes.name('env')
    bytes.name(imported.name)
    bytes.byte(kinds.function)
    bytes.unsigned(typeOf(imported))
  })
  vector(bytes, [...memories, ...writers], (write) => write())
}

const writeMemoryImport = (bytes: Bytes, options: ModuleOptions): void => {
  bytes.name('env')
  bytes.name('memory')
  bytes.byte(kinds.memory)
  writeLimits(bytes, options)
}

const writeExports = (bytes: Bytes, options: ModuleOptions, entries: readonly Entry[]): void => {
  const own = options.importMemory === true ? [] : [{ name: 'memory', kind: kinds.memory, index: 0 }]
  const functions = entries.filter((entry) => entry.exported).map(({ name, index }) => ({ name, kind: kinds.function, index }))
  vector<{ name: string; kind: number; index: number }>(bytes, [...own, ...functions], ({ name, kind, index }) => {
    bytes.name(name)
    bytes.byte(kind)
    bytes.unsigned(index)
  })
}

const writeCode = (bytes: Bytes, { locals, body }: Emitted): void => {
  const declarations = new Bytes()
  locals.write(declarations)
  bytes.unsigned(declarations.length + body.length)
  bytes.append(declarations.written())
  bytes.append(body.written())
}

/** Names of functions, for stack traces and profilers; those of locals stand in the text. */
const writeNames = (bytes: Bytes, imports: readonly Func[], entries: readonly Entry[]): void => {
  bytes.name('name')
  section(bytes, 1, (names) => vector(names, [...imports, ...entries], ({ index, name }) => indexed(names, index, name)))
}

const indexed = (bytes: Bytes, index: number, name: string): void => {
  bytes.unsigned(index)
  bytes.name(name)
}

const moduleText = (options: ModuleOptions, entries: readonly Entry[]): string => {
  const { pages, shared = false, importMemory = false } = options
  const limits = `${pages} ${pages}${shared ? ' shared' : ''}`
  const memory = importMemory ? `(import "env" "memory" (memory ${limits}))` : `(memory (export "memory") ${limits})`
  const imports = importsOf(options)
  const names = [...imports, ...entries].map((entry) => entry.name)
  const imported = imports.map(
    ({ name, params, results }) => `(import "env" "${name}" (func $${name}${signatureText({ params, results })}))`,
  )
  const functions = entries.map((entry) => {
    const { locals, body } = emittedOf(entry)
    return functionText({ ...entry, locals: locals.types(), localNames: locals.names(), body: body.toUint8Array(), functionNames: names })
  })
  return ['(module', ...[...imported, memory, ...functions].map(indent), ')'].join('\n')
}

const signatureText = ({ params, results }: Signature): string =>
  [...(params.length > 0 ? [` (param ${params.join(' ')})`] : []), ...(results.length > 0 ? [` (result ${results.join(' ')})`] : [])].join(
    '',
  )

const indent = (text: string): string => text.replace(/^/gm, '  ')
