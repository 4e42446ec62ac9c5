/** Prints a function's bytes as WebAssembly text: the decoder of what function.ts encodes. */
import { InternalError } from '../../graph/internal-error.ts'
import type { ValueType } from './opcodes.ts'
import * as tables from './opcodes.ts'

export interface FunctionText {
  readonly name: string
  readonly exported: boolean
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
  readonly locals: readonly ValueType[]
  /** By index, parameters first; '' for a local without a name. */
  readonly localNames: readonly string[]
  readonly body: Uint8Array
  /** By index, for calls. */
  readonly functionNames: readonly string[]
}

/** One function as text, an instruction a line, blocks indented. */
export const functionText = (text: FunctionText): string => {
  const local = (index: number): string => localName(text, index)
  const declare = (kind: string, types: readonly ValueType[], first: number): string[] =>
    types.map((type, i) => `(${kind} ${local(first + i)} ${type})`)
  const results = text.results.map((type) => `(result ${type})`)
  const head = [
    `(func $${text.name}`,
    ...(text.exported ? [`(export "${text.name}")`] : []),
    ...declare('param', text.params, 0),
    ...results,
  ].join(' ')
  const locals = declare('local', text.locals, text.params.length).map((line) => `  ${line}`)
  return [head, ...locals, ...instructionLines(text, local), ')'].join('\n')
}

const localName = (text: FunctionText, index: number): string => {
  const name = text.localNames[index] ?? ''
  return name === '' ? `$${index}` : `$${index}:${name}`
}

/** Every instruction but the function's last `end`, indented by its depth. */
const instructionLines = (text: FunctionText, local: (index: number) => string): readonly string[] => {
  const reader = new Reader(text.body)
  const lines: string[] = []
  for (let depth = 1; ; ) {
    const name = nameOf(reader.opcode())
    if (name === 'end' || name === 'else') depth--
    if (depth === 0) return lines
    lines.push('  '.repeat(depth) + [name, ...immediates(name, reader, local, text.functionNames)].join(' '))
    if (name === 'block' || name === 'loop' || name === 'if' || name === 'else') depth++
  }
}

const immediates = (
  name: string,
  reader: Reader,
  local: (index: number) => string,
  functionNames: readonly string[],
): readonly string[] => {
  if (name.startsWith('local.')) return [local(reader.unsigned())]
  if (name === 'call') return [`$${functionNames[reader.unsigned()]}`]
  return (immediatesOf.get(name) ?? none)(reader)
}

type Immediates = (reader: Reader) => readonly string[]

const none: Immediates = () => []
const lane: Immediates = (reader) => [String(reader.byte())]
const label: Immediates = (reader) => [String(reader.unsigned())]
/** Bytes that are the same in every module: the type of a block, the index of the memory. */
const skipped =
  (count: number): Immediates =>
  (reader) => {
    reader.skip(count)
    return []
  }
const memory =
  (width: number): Immediates =>
  (reader) => {
    const align = 2 ** reader.unsigned()
    const offset = reader.unsigned()
    return [...(offset === 0 ? [] : [`offset=${offset}`]), ...(align === width ? [] : [`align=${align}`])]
  }

const withMemory = (table: { readonly [name: string]: tables.MemoryInstruction }, then: Immediates = none) =>
  Object.entries(table).map(([name, { width }]) => [name, (reader: Reader) => [...memory(width)(reader), ...then(reader)]] as const)

const withLane = (table: { readonly [name: string]: tables.LaneInstruction }) => Object.keys(table).map((name) => [name, lane] as const)

const immediatesOf: ReadonlyMap<string, Immediates> = new Map<string, Immediates>([
  ...withMemory(tables.loads),
  ...withMemory(tables.stores),
  ...withMemory(tables.atomics),
  ...withMemory(tables.laneLoads, lane),
  ...withMemory(tables.laneStores, lane),
  ...withLane(tables.extracts),
  ...withLane(tables.replaces),
  ...Object.entries(tables.bulk).map(([name, { zeros }]) => [name, skipped(zeros)] as const),
  ['block', skipped(1)],
  ['loop', skipped(1)],
  ['if', skipped(1)],
  ['br', label],
  ['br_if', label],
  ['i32.const', (reader) => [String(reader.signed())]],
  ['i64.const', (reader) => [String(reader.signed())]],
  ['f32.const', (reader) => [float32Text(reader.view(4).getFloat32(0, true))]],
  ['f64.const', (reader) => [float64Text(reader.view(8).getFloat64(0, true))]],
  ['v128.const', (reader) => vectorText(reader.view(16))],
  ['i8x16.shuffle', (reader) => Array.from({ length: 16 }, () => String(reader.byte()))],
])

const encoded: readonly { readonly [name: string]: tables.Instruction }[] = [
  tables.plain,
  tables.loads,
  tables.stores,
  tables.laneLoads,
  tables.laneStores,
  tables.atomics,
  tables.extracts,
  tables.replaces,
  tables.bulk,
]

const instructionNames: ReadonlyMap<number, string> = new Map([
  ...encoded.flatMap((table) => Object.entries(table).map(([name, { opcode }]) => [opcode, name] as const)),
  ...Object.entries(tables.control).map(([name, opcode]) => [opcode, name] as const),
])

const nameOf = (opcode: number): string => {
  const name = instructionNames.get(opcode)
  if (name === undefined) throw new InternalError(`there is no instruction 0x${opcode.toString(16)}`, 'text')
  return name
}

/** Lanes as floats, unless one is a small integer or a NaN seen as a float. */
const vectorText = (view: DataView): readonly string[] => {
  const offsets = [0, 4, 8, 12]
  const floats = offsets.map((offset) => view.getFloat32(offset, true))
  const plausible = floats.every((value) => value === 0 || Math.abs(value) >= 2 ** -126)
  if (plausible) return ['f32x4', ...floats.map(float32Text)]
  return ['i32x4', ...offsets.map((offset) => String(view.getInt32(offset, true)))]
}

/** The fewest digits that give the same f32 back. */
const float32Text = (value: number): string => {
  if (value === 0 || !Number.isFinite(value)) return float64Text(value)
  let digits = 1
  while (Math.fround(Number(value.toPrecision(digits))) !== value) digits++
  return float64Text(Number(value.toPrecision(digits)))
}

const float64Text = (value: number): string => {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  byte(): number {
    const value = this.#bytes[this.#at++]
    if (value === undefined) throw new InternalError('the bytes of the function end too early', 'text')
    return value
  }

  opcode(): number {
    const first = this.byte()
    return first < 0xfc ? first : (first << 12) | this.unsigned()
  }

  unsigned(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
  }

  signed(): number {
    let value = 0
    for (let shift = 0; ; ) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      shift += 7
      if (byte < 0x80) return shift < 32 && (byte & 0x40) !== 0 ? value | (-1 << shift) : value
    }
  }

  skip(count: number): void {
    this.#at += count
  }

  view(count: number): DataView {
    this.#at += count
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at - count, count)
  }
}
