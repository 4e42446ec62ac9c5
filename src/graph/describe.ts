/** What a person reads on a console: a tensor as one line, its elements or the expression that it is. */
import type { Dims, DType } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import { show } from '../../types/show.ts'
import type { Node } from './node.ts'
import type { Elements } from './op.ts'

/** `f32 [2, 2] [[1, 2], [3, 4]]` for data, long axes elided; `f32 [batch, 10] = relu(add(...))` for expressions. */
export const describe = (node: Node): string =>
  node.op === 'data' ? `${typed(node)} ${describeElements(node)}` : `${typed(node)} = ${call(node, 3)}`

/** `f32 [32, 256]` */
export const typed = ({ dtype, shape }: { readonly dtype: DType; readonly shape: Dims }): string => `${dtype} ${show(shape)}`

/** The shortest decimal that reads back as the same element. */
export const describeNumber = (value: number, dtype: DType): string => {
  if (dtype === 'bool') return value === 0 ? 'false' : 'true'
  if (Object.is(value, -0)) return '-0'
  if (dtype === 'i32' || !Number.isFinite(value) || Math.fround(value) !== value) return `${value}`
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return `${short}`
  }
  return `${Number(value.toPrecision(9))}`
}

/** Nested brackets; three elements from each end of a long axis, or one where even that is a long line. */
export const describeElements = ({ attributes: { values, shape, dtype }, sizes: bound }: Node & { readonly op: 'data' }): string => {
  const sizes = shape.map((dim) => sizeOfDim(dim, bound) ?? 0)
  const text = nested(values, sizes, dtype, 3)
  return text.length <= longest ? text : nested(values, sizes, dtype, 1)
}
const longest = 240

/** What an op knows beside its operands and its own shape: ` {axes: [1]}`, or nothing. */
export const describeAttributes = (node: Node): string => {
  const fields = Object.entries(node.op === 'scan' ? loopOf(node) : (node.attributes as Readonly<Record<string, unknown>>))
    .filter(([key]) => key !== 'dtype' && (key !== 'shape' || node.op === 'size'))
    .map(([key, value]) => `${key}: ${listed(value)}`)
  return fields.length === 0 ? '' : ` {${fields.join(', ')}}`
}

/** A loop without its body, which has many lines. */
const loopOf = ({ attributes: { carries, sequences, shape, reverse, output } }: Node & { readonly op: 'scan' }) => ({
  length: shape[0],
  carries,
  sequences,
  ...(reverse ? { reverse } : {}),
  output,
})

const listed = (value: unknown): string => (Array.isArray(value) ? `[${value.map(listed).join(', ')}]` : String(value))

const nested = (values: Elements, shape: readonly number[], dtype: DType, edge: number): string => {
  const within = (axis: number, start: number, length: number): string => {
    if (axis === shape.length) return describeNumber(values[start] as number, dtype)
    const size = shape[axis] as number
    const step = length / size
    const item = (i: number): string => within(axis + 1, start + i * step, step)
    const items = (from: number, to: number): readonly string[] => Array.from({ length: to - from }, (_, i) => item(from + i))
    const shown = size <= 2 * edge ? items(0, size) : [...items(0, edge), '...', ...items(size - edge, size)]
    return `[${shown.join(', ')}]`
  }
  return within(0, 0, values.length)
}

/** `relu(add(...))`: `depth` calls inside each other, at most four operands each. */
const call = (node: Node, depth: number): string => {
  if (node.op === 'parameter') return node.attributes.name
  if (node.op === 'constant') return describeNumber(node.attributes.value, node.dtype)
  if (node.op === 'data') return node.shape.length === 0 ? describeElements(node) : typed(node)
  if (depth === 0) return '...'
  const operands = node.inputs.slice(0, 4).map((input) => call(input, depth - 1))
  const more = node.inputs.length > 4 ? ['...'] : []
  const attributes = describeAttributes(node).trimStart()
  return `${node.op}(${[...operands, ...more, ...(attributes === '' ? [] : [attributes])].join(', ')})`
}
