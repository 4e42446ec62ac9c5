/** ONNX files: a graph written down as protobuf, field by field. The numbers are those of `onnx.proto`. */
import { PbfWriter } from 'pbf'
import { type Attribute, type Constant, type Extent, FLOAT, INT32, INT64, type OnnxNode } from './graph.ts'

/** A named tensor that goes into a file's graph or comes out of it. */
export interface Port {
  readonly name: string
  readonly dtype: 'f32' | 'i32'
  /** A text is a size that only a run knows. */
  readonly shape: readonly Extent[]
}
export interface OnnxFile {
  readonly producer: { readonly name: string; readonly version: string }
  readonly metadata: Readonly<Record<string, string>>
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly Constant[]
  readonly input: Port
  readonly output: Port
}

/** The oldest pair that has layer normalisation: what reads ONNX at all reads it. */
const IR_VERSION = 8
const OPSET = 17

/** A file in pieces that are written one behind another: the numbers of weights are views, and nothing is copied twice. */
type Pieces = readonly Uint8Array[]

/** The bytes of a file. */
export const encoded = (file: OnnxFile): Uint8Array => {
  const before = message((pbf) => {
    pbf.writeVarintField(1, IR_VERSION)
    pbf.writeStringField(2, file.producer.name)
    pbf.writeStringField(3, file.producer.version)
  })
  const behind = message((pbf) => {
    pbf.writeMessage(8, (_, inner) => inner.writeVarintField(2, OPSET), null)
    for (const [key, value] of Object.entries(file.metadata)) pbf.writeMessage(14, (_, inner) => writeEntry(key, value, inner), null)
  })
  return joined([before, ...within(7, graphPieces(file)), behind])
}

const graphPieces = ({ nodes, constants, input, output }: OnnxFile): Pieces => [
  message((pbf) => {
    for (const node of nodes) pbf.writeMessage(1, writeNode, node)
    pbf.writeStringField(2, 'model')
  }),
  ...constants.flatMap((constant) => within(5, tensorPieces(constant))),
  message((pbf) => {
    pbf.writeMessage(11, writePort, input)
    pbf.writeMessage(12, writePort, output)
  }),
]

const tensorPieces = ({ name, shape, values }: Constant): Pieces => [
  message((pbf) => {
    for (const size of shape) pbf.writeVarintField(1, size)
    pbf.writeVarintField(2, values instanceof Float32Array ? FLOAT : INT64)
    pbf.writeStringField(8, name)
  }),
  ...within(9, [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]),
]

const writeNode = ({ op, name, inputs, outputs, attributes }: OnnxNode, pbf: PbfWriter): void => {
  for (const input of inputs) pbf.writeStringField(1, input)
  for (const output of outputs) pbf.writeStringField(2, output)
  pbf.writeStringField(3, name)
  pbf.writeStringField(4, op)
  for (const [key, value] of Object.entries(attributes)) pbf.writeMessage(5, (_, inner) => writeAttribute(key, value, inner), null)
}

const writeAttribute = (name: string, attribute: Attribute, pbf: PbfWriter): void => {
  pbf.writeStringField(1, name)
  writeValue[attribute.type](attribute.value as never, pbf)
}
/** The value, and the number of its type. */
const writeValue: { readonly [A in Attribute as A['type']]: (value: A['value'], pbf: PbfWriter) => void } = {
  float: (value, pbf) => {
    pbf.writeFloatField(2, value)
    pbf.writeVarintField(20, 1)
  },
  int: (value, pbf) => {
    pbf.writeVarintField(3, value)
    pbf.writeVarintField(20, 2)
  },
  text: (value, pbf) => {
    pbf.writeStringField(4, value)
    pbf.writeVarintField(20, 3)
  },
  ints: (value, pbf) => {
    for (const each of value) pbf.writeVarintField(8, each)
    pbf.writeVarintField(20, 7)
  },
  texts: (value, pbf) => {
    for (const each of value) pbf.writeStringField(9, each)
    pbf.writeVarintField(20, 8)
  },
}

const writePort = ({ name, dtype, shape }: Port, pbf: PbfWriter): void => {
  pbf.writeStringField(1, name)
  const writeShape = (_: null, inner: PbfWriter): void => {
    for (const size of shape) inner.writeMessage(1, writeExtent, size)
  }
  const writeTensor = (_: null, inner: PbfWriter): void => {
    inner.writeVarintField(1, dtype === 'f32' ? FLOAT : INT32)
    inner.writeMessage(2, writeShape, null)
  }
  pbf.writeMessage(2, (_, inner) => inner.writeMessage(1, writeTensor, null), null)
}
const writeExtent = (size: Extent, pbf: PbfWriter): void =>
  typeof size === 'number' ? pbf.writeVarintField(1, size) : pbf.writeStringField(2, size)

const writeEntry = (key: string, value: string, pbf: PbfWriter): void => {
  pbf.writeStringField(1, key)
  pbf.writeStringField(2, value)
}

const message = (write: (pbf: PbfWriter) => void): Uint8Array => {
  const pbf = new PbfWriter()
  write(pbf)
  return pbf.finish()
}
/** Pieces as one field, their length in front. */
const within = (field: number, pieces: Pieces): Pieces => [
  message((pbf) => {
    pbf.writeTag(field, 2)
    pbf.writeVarint(lengthOf(pieces))
  }),
  ...pieces,
]
const lengthOf = (pieces: Pieces): number => pieces.reduce((sum, { length }) => sum + length, 0)
const joined = (pieces: Pieces): Uint8Array => {
  const bytes = new Uint8Array(lengthOf(pieces))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
