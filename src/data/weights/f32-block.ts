/** Weights on their way between two layouts: elements in the order of rows, and what moves them. */

export interface Block {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1)

export const zeroBlock = (shape: readonly number[]): Block => ({ shape, values: new Float32Array(sizeOf(shape)) })

/** The same elements in the same order. */
export const reshaped = ({ values }: Block, shape: readonly number[]): Block => ({ shape, values })

/** Axis i of what it gives is axis `order[i]` of x. */
export const permuted = (x: Block, order: readonly number[]): Block => {
  const shape = order.map((axis) => x.shape[axis] as number)
  const strides = order.map((axis) => sizeOf(x.shape.slice(axis + 1)))
  const values = new Float32Array(x.values.length)
  const at = shape.map(() => 0)
  for (let i = 0, from = 0; i < values.length; i++) {
    values[i] = x.values[from] as number
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number
      at[axis] = (at[axis] as number) + 1
      from += stride
      if ((at[axis] as number) < (shape[axis] as number)) break
      from -= stride * (shape[axis] as number)
      at[axis] = 0
    }
  }
  return { shape, values }
}
export const transposed = (x: Block): Block => permuted(x, [1, 0])

/** The rows from `from` up to `to`. */
export const rowsOf = ({ shape, values }: Block, from: number, to: number): Block => {
  const width = sizeOf(shape.slice(1))
  return { shape: [to - from, ...shape.slice(1)], values: values.slice(from * width, to * width) }
}

export const added = (a: Block, b: Block): Block => ({
  shape: a.shape,
  values: a.values.map((value, i) => value + (b.values[i] as number)),
})

/** One behind the other, as rows. */
export const stacked = (parts: readonly Block[]): Block => {
  const values = new Float32Array(parts.reduce((n, part) => n + part.values.length, 0))
  let at = 0
  for (const part of parts) {
    values.set(part.values, at)
    at += part.values.length
  }
  return { shape: [parts.reduce((n, { shape }) => n + (shape[0] as number), 0), ...(parts[0]?.shape.slice(1) ?? [])], values }
}

/** Along the last axis in `count` equal parts, which then stand in another order. */
export const reordered = (x: Block, order: readonly number[]): Block => {
  const last = x.shape.at(-1) as number
  const parts = reshaped(x, [x.values.length / last, order.length, last / order.length])
  const turned = permuted(parts, [1, 0, 2])
  const chosen = stacked(order.map((part) => rowsOf(turned, part, part + 1)))
  return reshaped(permuted(chosen, [1, 0, 2]), x.shape)
}
