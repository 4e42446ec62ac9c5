/**
 * The graph of an ONNX file while layers are added to it. Here channels stand last, in ONNX they stand behind the batch: a value
 * says which of both it is, so that layers ask for the order they need, and nothing is transposed that need not be.
 */

/** A size, or the name of one that only a run knows. */
export type Extent = number | string
/**
 * How a value's elements lie beside ours: channels `last`, as here; `first`, behind the batch; or flattened from an image of this
 * shape with its channels first.
 */
export type Order = 'last' | 'first' | { readonly flattened: readonly number[] }

/** What a node gives; the shape is one sample's, as it is here. */
export interface Value {
  readonly name: string
  readonly shape: readonly Extent[]
  readonly order: Order
}

export type Attribute =
  | { readonly type: 'float' | 'int'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'texts'; readonly value: readonly string[] }
export const float = (value: number): Attribute => ({ type: 'float', value })
export const int = (value: number): Attribute => ({ type: 'int', value })
export const text = (value: string): Attribute => ({ type: 'text', value })
export const ints = (value: readonly number[]): Attribute => ({ type: 'ints', value })
export const texts = (value: readonly string[]): Attribute => ({ type: 'texts', value })

/** ONNX's numbers of types. */
export const [FLOAT, INT32, INT64, BOOL] = [1, 6, 7, 9] as const

export interface OnnxNode {
  readonly op: string
  readonly name: string
  readonly inputs: readonly string[]
  /** Empty where an output is not asked for. */
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}
/** What ONNX calls an initializer. */
export interface Constant {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | BigInt64Array
}
/** Numbers of a parameter. */
export interface Numbers {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface Graph {
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly Constant[]
  /**
   * The name of what a new node of a layer gives, `hidden/Gemm`. `unread` are outputs before the one that is asked for: empty where
   * it may be absent, else a word for it.
   */
  readonly add: (
    layer: string,
    op: string,
    inputs: readonly string[],
    attributes?: OnnxNode['attributes'],
    unread?: readonly string[],
  ) => string
  /** The name of numbers; those of one name and variant are made once. */
  readonly numbers: (name: string, variant: string, make: () => Numbers) => string
  /** The name of one number. */
  readonly scalar: (value: number) => string
  /** The name of a list of whole numbers, or of one. */
  readonly whole: (values: readonly number[] | number) => string
  /** The value in this order, transposed on behalf of a layer where it is in another. */
  readonly ordered: (layer: string, value: Value, order: 'last' | 'first') => Value
}

/** An empty graph in which these names are taken. */
export const emptyGraph = (taken: readonly string[]): Graph => {
  const [nodes, constants]: [OnnxNode[], Constant[]] = [[], []]
  const made = new Map<string, string>()
  const turned = new Map<string, Value>()
  const fresh = namer(taken)
  const once = (key: string, wanted: string, make: () => Omit<Constant, 'name'>): string => {
    const known = made.get(key)
    if (known !== undefined) return known
    const name = fresh(wanted)
    constants.push({ name, ...make() })
    made.set(key, name)
    return name
  }
  const add: Graph['add'] = (layer, op, inputs, attributes = {}, unread = []) => {
    const name = fresh(`${layer}/${op}`)
    nodes.push({ op, name, inputs, outputs: [...unread.map((word) => (word === '' ? '' : fresh(`${name}/${word}`))), name], attributes })
    return name
  }
  const graph: Graph = {
    nodes,
    constants,
    add,
    numbers: (name, variant, make) => once(`${name}\n${variant}`, name, make),
    scalar: (value) => once(`scalar\n${value}`, `constant/${value}`, () => ({ shape: [], values: Float32Array.of(value) })),
    whole: (given) => {
      const values = typeof given === 'number' ? [given] : given
      const shape = typeof given === 'number' ? [] : [given.length]
      const wanted = `constant/${typeof given === 'number' ? given : `[${given.join(',')}]`}`
      return once(`whole\n${wanted}`, wanted, () => ({ shape, values: BigInt64Array.from(values, BigInt) }))
    },
    ordered: (layer, value, order) => {
      if (inOrder(value, order)) return value
      const key = `${value.name}\n${order}`
      const known = turned.get(key) ?? reordered(graph, layer, value, order)
      turned.set(key, known)
      return known
    },
  }
  return graph
}

/** Gives each name once: where it is taken, with a number behind. */
const namer = (taken: readonly string[]): ((wanted: string) => string) => {
  const names = new Set(taken)
  return (wanted) => {
    let name = wanted
    for (let n = 1; names.has(name); n++) name = `${wanted}_${n}`
    names.add(name)
    return name
  }
}

/** A value of one axis is in both orders, unless it was flattened. */
const inOrder = ({ shape, order }: Value, wanted: 'last' | 'first'): boolean =>
  order === wanted || (typeof order === 'string' && shape.length <= 1)

const reordered = (graph: Graph, layer: string, value: Value, order: 'last' | 'first'): Value => {
  if (typeof value.order !== 'string')
    return { ...value, order: 'last', name: unflattened(graph, layer, value.name, value.order.flattened) }
  const axes = value.shape.length
  const perm = order === 'first' ? [0, axes, ...axesFrom(1, axes)] : [0, ...axesFrom(2, axes + 1), 1]
  return { ...value, order, name: graph.add(layer, 'Transpose', [value.name], { perm: ints(perm) }) }
}
/** What was flattened with its channels first, as it would be with its channels last. */
const unflattened = (graph: Graph, layer: string, name: string, shape: readonly number[]): string => {
  const [channels, places] = [shape.at(-1) as number, shape.slice(0, -1)]
  const image = graph.add(layer, 'Reshape', [name, graph.whole([0, channels, ...places])])
  const perm = [0, ...axesFrom(2, shape.length + 1), 1]
  return graph.add(layer, 'Flatten', [graph.add(layer, 'Transpose', [image], { perm: ints(perm) })], { axis: int(1) })
}

/** From `start` up to `end`, which is not among them. */
export const axesFrom = (start: number, end: number): readonly number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)

/** The axis of ONNX's value that an axis of ours, its batch counted, is. */
export const axisIn = ({ shape, order }: Value, axis: number): number =>
  order !== 'first' || shape.length <= 1 || axis === 0 ? axis : axis === shape.length ? 1 : axis + 1

/** Numbers with their axes in another order. The last axes that stay where they are move as a whole. */
export const permuted = ({ shape, values }: Numbers, permutation: readonly number[]): Numbers => {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
  const next = permutation.map((axis) => shape[axis] as number)
  const moving = permutation.findLastIndex((axis, i) => axis !== i) + 1
  const [sizes, steps] = [next.slice(0, moving), permutation.slice(0, moving).map((axis) => strides[axis] as number)]
  const run = next.slice(moving).reduce((product, size) => product * size, 1)
  const result = new Float32Array(values.length)
  const at = new Int32Array(moving)
  let from = 0
  for (let to = 0; to < result.length; to += run) {
    if (run === 1) result[to] = values[from] as number
    else result.set(values.subarray(from, from + run), to)
    // the next place, its last axis fastest
    for (let axis = moving - 1; axis >= 0; axis--) {
      const [place, size, step] = [(at[axis] as number) + 1, sizes[axis] as number, steps[axis] as number]
      at[axis] = place === size ? 0 : place
      from += place === size ? step * (1 - size) : step
      if (place < size) break
    }
  }
  return { shape: next, values: result }
}

/** A parameter's rows, one for each element of a flattened image, for the order in which the elements lie. */
export const rowsFor = ({ order }: Value, { shape, values }: Numbers): Numbers => {
  if (typeof order === 'string') return { shape, values }
  const image = order.flattened
  const rest = shape.slice(1)
  const axes = axesFrom(0, image.length + rest.length)
  const last = image.length - 1
  const apart = { shape: [...image, ...rest], values }
  return { shape, values: permuted(apart, [last, ...axes.slice(0, last), ...axes.slice(image.length)]).values }
}

/** The name of a number for each channel, shaped so that it is spread over a value of this order. */
export const perChannel = (graph: Graph, value: Value, name: string, numbers: () => Numbers): string => {
  if (value.order === 'last' || (value.order === 'first' && value.shape.length <= 1)) return graph.numbers(name, 'plain', numbers)
  if (value.order === 'first')
    return graph.numbers(name, `first ${value.shape.length}`, () => {
      const { values } = numbers()
      return { shape: [values.length, ...value.shape.slice(1).map(() => 1)], values }
    })
  return graph.numbers(name, `flattened ${value.order.flattened}`, () => rowsFor(value, numbers()))
}
