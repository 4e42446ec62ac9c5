/** Reads ONNX files back, by pbf's reader and the field numbers of `onnx.proto`: what the writer wrote, told by another. */
import { PbfReader } from 'pbf'

export interface ReadNode {
  readonly op: string
  readonly name: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, unknown>>
}
export interface ReadTensor {
  readonly name: string
  readonly type: number
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}
export interface ReadPort {
  readonly name: string
  readonly type: number
  readonly shape: readonly (number | string)[]
}
export interface ReadFile {
  readonly irVersion: number
  readonly producer: string
  readonly producerVersion: string
  readonly opsets: readonly { readonly domain: string; readonly version: number }[]
  readonly metadata: Readonly<Record<string, string>>
  readonly name: string
  readonly nodes: readonly ReadNode[]
  readonly tensors: readonly ReadTensor[]
  readonly inputs: readonly ReadPort[]
  readonly outputs: readonly ReadPort[]
}

type Fields = Map<number, (number | Uint8Array)[]>
const text = (bytes: unknown): string => (bytes === undefined ? '' : new TextDecoder('utf-8', { fatal: true }).decode(bytes as Uint8Array))

/** Every field by its number; strings and messages are bytes. */
const fieldsOf = (bytes: Uint8Array): Fields => {
  const pbf = new PbfReader(bytes)
  const fields: Fields = new Map()
  while (pbf.pos < pbf.length) {
    const tag = pbf.readVarint()
    const [field, type] = [tag >> 3, tag & 7]
    const value = type === 0 ? pbf.readVarint(true) : type === 2 ? pbf.readBytes() : type === 5 ? pbf.readFloat() : Number.NaN
    if (Number.isNaN(value) && type !== 5) throw new Error(`wire type ${type} of field ${field}`)
    fields.set(field, [...(fields.get(field) ?? []), value])
  }
  return fields
}
const all = (fields: Fields, field: number): readonly Uint8Array[] => (fields.get(field) ?? []) as Uint8Array[]
const numbers = (fields: Fields, field: number): readonly number[] => (fields.get(field) ?? []) as number[]
const one = (fields: Fields, field: number): unknown => {
  const values = fields.get(field) ?? []
  if (values.length > 1) throw new Error(`field ${field} ${values.length} times`)
  return values[0]
}

/** By the number of the type: the field that must hold the value, and no other. */
const attributeFields: Readonly<Record<number, number>> = { 1: 2, 2: 3, 3: 4, 6: 7, 7: 8, 8: 9 }
const attributeOf = (bytes: Uint8Array): readonly [string, unknown] => {
  const fields = fieldsOf(bytes)
  const type = one(fields, 20) as number
  const held = attributeFields[type] as number
  const others = [...fields.keys()].filter((field) => ![1, 20, held].includes(field))
  if (others.length > 0) throw new Error(`an attribute of type ${type} with fields ${others}`)
  const value = type === 1 || type === 2 ? one(fields, held) : type === 3 ? text(one(fields, held)) : (fields.get(held) ?? [])
  return [text(one(fields, 1)), type === 8 ? (value as Uint8Array[]).map(text) : value]
}
const nodeOf = (bytes: Uint8Array): ReadNode => {
  const fields = fieldsOf(bytes)
  const [inputs, outputs] = [all(fields, 1).map(text), all(fields, 2).map(text)]
  const attributes = Object.fromEntries(all(fields, 5).map(attributeOf))
  return { op: text(one(fields, 4)), name: text(one(fields, 3)), domain: text(one(fields, 7)), inputs, outputs, attributes }
}
const tensorOf = (bytes: Uint8Array): ReadTensor => {
  const fields = fieldsOf(bytes)
  if ([...fields.keys()].some((field) => ![1, 2, 8, 9].includes(field))) throw new Error(`a tensor with fields ${[...fields.keys()]}`)
  return { name: text(one(fields, 8)), type: one(fields, 2) as number, shape: numbers(fields, 1), bytes: one(fields, 9) as Uint8Array }
}
const portOf = (bytes: Uint8Array): ReadPort => {
  const fields = fieldsOf(bytes)
  const tensor = fieldsOf(one(fieldsOf(one(fields, 2) as Uint8Array), 1) as Uint8Array)
  const dims = all(fieldsOf(one(tensor, 2) as Uint8Array), 1).map(fieldsOf)
  const shape = dims.map((dim) => (dim.has(1) ? (one(dim, 1) as number) : text(one(dim, 2))))
  return { name: text(one(fields, 1)), type: one(tensor, 1) as number, shape }
}
const pairOf = (bytes: Uint8Array): readonly [string, string] => {
  const fields = fieldsOf(bytes)
  return [text(one(fields, 1)), text(one(fields, 2))]
}

export const readOnnx = (bytes: Uint8Array): ReadFile => {
  const model = fieldsOf(bytes)
  const graph = fieldsOf(one(model, 7) as Uint8Array)
  return {
    irVersion: one(model, 1) as number,
    producer: text(one(model, 2)),
    producerVersion: text(one(model, 3)),
    opsets: all(model, 8)
      .map(fieldsOf)
      .map((fields) => ({ domain: text(one(fields, 1)), version: one(fields, 2) as number })),
    metadata: Object.fromEntries(all(model, 14).map(pairOf)),
    name: text(one(graph, 2)),
    nodes: all(graph, 1).map(nodeOf),
    tensors: all(graph, 5).map(tensorOf),
    inputs: all(graph, 11).map(portOf),
    outputs: all(graph, 12).map(portOf),
  }
}

/** What is wrong with a file by the rules of the IR, sentence by sentence. */
export const faultsOf = (file: ReadFile): readonly string[] => {
  const known = new Set([...file.inputs, ...file.tensors].map(({ name }) => name))
  const faults: string[] = []
  const check = (holds: boolean, fault: string): unknown => holds || faults.push(fault)
  check(file.irVersion === 8, `IR version ${file.irVersion}`)
  check(JSON.stringify(file.opsets) === JSON.stringify([{ domain: '', version: 17 }]), `opsets ${JSON.stringify(file.opsets)}`)
  check(file.name !== '', 'the graph has no name')
  check(known.size === file.inputs.length + file.tensors.length, 'a name of an input or a tensor twice')
  for (const { name, shape, type, bytes } of file.tensors) {
    check(name !== '', 'a tensor without a name')
    const size = type === 1 ? 4 : type === 7 ? 8 : Number.NaN
    check(bytes.length === shape.reduce((n, dim) => n * dim, size), `${name} has ${bytes.length} bytes for ${shape}`)
  }
  const names = new Set<string>()
  for (const { name, inputs, outputs, domain } of file.nodes) {
    check(name !== '' && !names.has(name) && domain === '', `node '${name}'`)
    names.add(name)
    for (const input of inputs) check(input === '' || known.has(input), `${name} takes ${input}, which is not there yet`)
    for (const output of outputs.filter((each) => each !== '')) {
      check(!known.has(output), `${output} is given twice`)
      known.add(output)
    }
  }
  const read = new Set([...file.nodes.flatMap(({ inputs }) => inputs), ...file.outputs.map(({ name }) => name)])
  for (const { name } of file.outputs) check(known.has(name), `the output ${name} is given by nobody`)
  for (const { name } of [...file.inputs, ...file.tensors]) check(read.has(name), `${name} is read by nobody`)
  for (const { name, outputs } of file.nodes)
    check(
      outputs.some((each) => read.has(each)),
      `what ${name} gives is read by nobody`,
    )
  return faults
}
