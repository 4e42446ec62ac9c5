/** What training steps are made of, and what rewriting looks for: chains that random nodes seldom form. */
import * as ir from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Windows } from '../../src/graph/op.ts'
import type { Entry } from './lawful.ts'
import { recurrence } from './loops.ts'
import { count, Refused, shapeOf, type Workshop } from './workshop.ts'

export type Motif =
  | 'dense'
  | 'softmax'
  | 'normalise'
  | 'crossEntropy'
  | 'update'
  | 'weightGradient'
  | 'embedding'
  | 'movements'
  | 'identities'
  | 'stretched'
  | 'products'
  | 'convolution'
  | 'recurrence'

/** Adds the motif over the pool, as far as it is lawful there. */
export const compose = (shop: Workshop, motif: Motif): void => {
  try {
    motifs[motif](shop, (node) => shop.add(node).node)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
}

const matrix = (shop: Workshop): Entry => {
  const x = shop.any(['f32'], (entry) => shapeOf(entry).length === 2)
  return shapeOf(x).length === 2 ? x : shop.leaf('f32', [shop.pick([1, 3, 4, 8, 32]), shop.pick([1, 2, 5, 10, 16])], 'small')
}
/** Between -1 and 1, so that exp and products stay in range. */
const tame = (shop: Workshop): Node => ir.tanh(matrix(shop).node)
const sizes = ({ shape }: Node): readonly number[] => shape as readonly number[]

export const motifs: { readonly [M in Motif]: (shop: Workshop, add: (node: Node) => Node) => void } = {
  /** relu(x w + b) */
  dense: (shop, add) => {
    const x = add(tame(shop))
    const units = shop.pick([1, 2, 7, 8, 13, 16])
    const weight = shop.leaf('f32', [sizes(x)[1] as number, units], 'small').node
    const bias = shop.leaf('f32', [units], 'small').node
    const y = add(ir.add(add(ir.dot(x, weight, [[1], [0]])), bias))
    add(shop.pick([ir.maximum(y, 0), ir.tanh(y), ir.sigmoid(y), ir.mul(y, ir.sigmoid(y))]))
  },
  softmax: (shop, add) => {
    const x = add(tame(shop))
    const powers = add(ir.exp(add(ir.sub(x, add(ir.max(x, [1], true))))))
    const total = add(ir.sum(powers, [1]))
    const [rows, columns] = sizes(x) as readonly [number, number]
    add(ir.div(powers, ir.reshape(total, [rows, 1])))
    if (columns > 0) add(ir.sub(total, ir.reshape(ir.slice(powers, [0, shop.below(columns)], [rows, 1]), [rows])))
  },
  /** (x - mean) / sqrt(variance + 1) */
  normalise: (shop, add) => {
    const x = add(tame(shop))
    const axis = shop.below(2)
    const centred = add(ir.sub(x, add(ir.mean(x, [axis], true))))
    add(ir.div(centred, add(ir.sqrt(ir.add(add(ir.mean(ir.mul(centred, centred), [axis], true)), 1)))))
  },
  /** -log softmax of a class, over labels that are given as a mask */
  crossEntropy: (shop, add) => {
    const x = add(tame(shop))
    const [rows, columns] = sizes(x) as readonly [number, number]
    const labels = shop.leaf('i32', [rows, 1], 'tame').node
    const mask = add(ir.cast(ir.equal(ir.iota([rows, columns], 1), labels), 'f32'))
    const shifted = add(ir.sub(x, add(ir.stopGradient(ir.max(x, [1], true)))))
    const normaliser = add(ir.log(add(ir.sum(ir.exp(shifted), [1]))))
    add(ir.mean(add(ir.sub(normaliser, add(ir.sum(ir.mul(shifted, mask), [1])))), [0]))
  },
  /** Adam's: moments, and a quotient of them */
  update: (shop, add) => {
    const gradient = add(tame(shop))
    const first = add(ir.add(ir.mul(shop.leaf('f32', sizes(gradient), 'small').node, 0.9), ir.mul(gradient, 0.1)))
    const second = add(ir.add(ir.mul(shop.leaf('f32', sizes(gradient), 'tame').node, 0.999), ir.mul(ir.mul(gradient, gradient), 0.001)))
    add(ir.sub(shop.leaf('f32', sizes(gradient), 'small').node, ir.mul(ir.div(first, ir.add(ir.sqrt(second), 1e-8)), 0.01)))
  },
  /** The three products of a dense layer, and the sum over its rows */
  weightGradient: (shop, add) => {
    const x = add(tame(shop))
    const [rows, columns] = sizes(x) as readonly [number, number]
    const units = shop.pick([1, 3, 8, 9])
    const weight = shop.leaf('f32', [columns, units], 'small').node
    const y = add(ir.dot(x, weight, [[1], [0]]))
    const cotangent = add(ir.select(add(ir.greater(shop.leaf('f32', [rows, units], 'whole').node, 0)), add(ir.tanh(y)), 0))
    add(ir.dot(x, cotangent, [[0], [0]]))
    add(ir.dot(cotangent, weight, [[1], [1]]))
    add(ir.sum(cotangent, [0]))
  },
  /** Rows of a table, what is made of them, the gradient by the table but for its first row, and a step along it */
  embedding: (shop, add) => {
    const [words, features] = [shop.pick([1, 3, 8, 17]), shop.pick([1, 3, 4, 8, 17])]
    const table = shop.leaf('f32', [words, features], 'small').node
    const picked = shop.pick([[], [2], [words], [3, 5], [2, 8]])
    const indices = add(ir.minimum(shop.leaf('i32', picked, 'small').node, words - 1))
    const rows = add(ir.gather(table, indices))
    const position = shop.leaf('f32', [...picked.slice(-1), features], 'small').node
    const y = add(ir.tanh(shop.below(2) === 0 ? rows : ir.add(rows, position)))
    const isWord = add(ir.reshape(add(ir.binary('notEqual', indices, 0)), [...picked, 1]))
    const gradient = add(ir.scatterAdd(add(ir.select(isWord, ir.mul(y, 0.5), 0)), indices, [words, features]))
    add(ir.sub(table, ir.mul(gradient, 0.1)))
  },
  /** Movements of movements, forth and back */
  movements: (shop, add) => {
    let x = shop.any(['f32', 'i32', 'bool'], ({ value }) => value.values.length > 0)
    let how = shop.pick(movements)
    for (let left = 2 + shop.below(3); left > 0; left--) {
      add(moved(shop, x, how))
      how = shop.below(2) === 0 ? how : shop.pick(movements)
      x = shop.entries[shop.entries.length - 1] as Entry
    }
  },
  /** Arithmetic with the constants that rules know, on whatever there is, both zeros and infinities included */
  identities: (shop, add) => {
    const x = shop.below(2) === 0 ? shop.any(['f32', 'i32']).node : shop.leaf('f32', shop.shape(), 'extreme').node
    const known = ir.full(sizes(x), shop.pick([0, -0, 1, -1, 2, 0.5, 3, 1024]))
    const y = x.dtype === 'f32' ? known : ir.full(sizes(x), shop.pick([0, 1, -1, 2]), 'i32')
    const op = shop.pick(['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const)
    const z = add(shop.below(2) === 0 ? ir.binary(op, x, y) : ir.binary(op, y, x))
    const w = add(
      shop.pick([ir.neg(z), ir.add(z, ir.neg(x)), ir.sub(x, ir.neg(z)), ir.select(ir.full(sizes(x), shop.below(2), 'bool'), x, z)]),
    )
    add(shop.pick([ir.neg(w), ir.cast(w, 'f32'), ir.select(add(ir.equal(x, x)), w, w)]))
  },
  /** Contractions of permuted operands, batched or not, and a permutation of the result */
  products: (shop, add) => {
    const [b, m, n, k, l] = [2, 3, 4, 2, 3].map((size) => shop.pick([size, size, 1, 5])) as [number, number, number, number, number]
    const operand = (free: number) => {
      const whole = [b, free, k, l]
      const order = shop.shuffle([0, 1, 2, 3])
      const back = order.map((_, axis) => order.indexOf(axis))
      const leaf = shop.leaf(
        'f32',
        order.map((axis) => whole[axis] as number),
        'small',
      )
      return add(ir.permute(leaf.node, back))
    }
    const [x, y] = [operand(m), operand(n)]
    const axes = shop.pick([[2], [3], [2, 3], [3, 2], [1]])
    if (axes[0] === 1) add(ir.dot(x, x, [[1], [1]], 1))
    else add(permuted(shop, add(ir.dot(x, y, [axes, axes], 1))))
    add(permuted(shop, add(ir.dot(add(ir.sum(x, [1, 2])), permuted(shop, add(ir.sum(y, [0, 3]))), [[], []]))))
  },
  /** Windows of images times a kernel, the largest of each window, and what goes back from both */
  convolution: (shop, add) => {
    const [h, w, c, filters] = [shop.pick([2, 4, 5, 7]), shop.pick([1, 3, 6]), shop.pick([1, 2, 4]), shop.pick([1, 3, 4, 8])]
    const x = add(ir.tanh(shop.leaf('f32', [shop.pick([1, 2]), h, w, c], 'small').node))
    const along = (size: number, stride: number, low: number, high: number): Windows => {
      const both = (n: number) => [n, n]
      return { axes: [1, 2], size: both(size), stride: both(stride), dilation: [1, shop.pick([1, 2])], low: both(low), high: both(high) }
    }
    const windows = along(shop.pick([1, 2, 3]), shop.pick([1, 2]), shop.pick([0, 1]), shop.pick([1, 2]))
    const size = windows.size[0] as number
    const weight = shop.leaf('f32', [size, size, c, filters], 'small').node
    const patches = add(ir.permute(ir.window(x, windows), [0, 1, 2, 4, 5, 3]))
    const y = add(
      ir.maximum(
        add(
          ir.dot(patches, weight, [
            [3, 4, 5],
            [0, 1, 2],
          ]),
        ),
        0,
      ),
    )
    const pooled = add(ir.max(ir.window(y, along(2, shop.pick([1, 2]), 0, 0)), [4, 5]))
    const back = add(ir.dot(ir.tanh(y), weight, [[3], [3]]))
    add(ir.windowTranspose(ir.permute(back, [0, 1, 2, 5, 3, 4]), windows, sizes(x)))
    add(
      ir.dot(patches, y, [
        [0, 1, 2],
        [0, 1, 2],
      ]),
    )
    add(ir.sum(pooled, [0, 1, 2]))
  },
  /** Cells over time, one that forgets or a plain one; a sum over time beside it; results read in several places */
  recurrence: (shop, add) => recurrence(shop, add),
  /** The same work on what is stretched in the same way, and on what is not */
  stretched: (shop, add) => {
    const row = shop.leaf('f32', [shop.pick([1, 3, 8])], 'small').node
    const column = shop.leaf('f32', [shop.pick([1, 2, 5]), 1], 'small').node
    const shape = [sizes(column)[0] as number, sizes(row)[0] as number]
    const [x, y] = [ir.broadcastTo(row, shape), ir.broadcastTo(column, shape)]
    const both = add(ir.mul(x, shop.pick([x, y, ir.full(shape, 3)])))
    const again = add(ir.add(ir.broadcastTo(add(ir.tanh(shop.pick([row, column]))), shape), both))
    add(ir.sum(again, [shop.below(2)]))
    add(ir.reshape(ir.broadcastTo(shop.leaf('f32', [], 'small').node, [2, 3]), [3, 2]))
  },
}

const permuted = (shop: Workshop, node: Node): Node => ir.permute(node, shop.shuffle(sizes(node).map((_, axis) => axis)))

const movements = ['slice', 'permute', 'reshape', 'broadcast', 'pad', 'reverse'] as const

const moved = (shop: Workshop, { node }: Entry, how: (typeof movements)[number]): Node => {
  const shape = sizes(node)
  const axes = shape.map((_, axis) => axis)
  if (how === 'slice') {
    const start = shape.map((n) => shop.below(Math.max(1, Math.ceil(n / 2))))
    return ir.slice(
      node,
      start,
      shape.map((n, axis) => n - (start[axis] as number) - shop.below(2) * Math.floor(n / 4)),
    )
  }
  if (how === 'permute') return ir.permute(node, shop.shuffle(axes))
  if (how === 'reverse') return ir.permute(node, axes.toReversed())
  if (how === 'pad')
    return ir.pad(
      node,
      shape.map(() => shop.below(2)),
      shape.map(() => shop.below(2)),
    )
  if (how === 'broadcast') return ir.broadcastTo(node, shape.length < 4 ? [shop.pick([1, 2]), ...shape] : shape)
  return ir.reshape(node, shop.below(2) === 0 ? [count(shape)] : shape.length < 4 ? [1, ...shape] : shape)
}
