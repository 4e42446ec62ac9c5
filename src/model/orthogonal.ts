/** Orthogonal initial weights: rotations, which neither shrink nor grow a state that is multiplied with them again and again. */
import type { Dims, Sizes } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import type { Key } from '../../types/key.ts'
import { say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { data } from '../graph/expression.ts'
import { bindDims, graphOf } from '../graph/graph.ts'
import { interpret } from '../graph/interpret.ts'
import type { Node } from '../graph/node.ts'
import { unitNormal } from '../tensor/draw.ts'
import { bitsOf } from '../tensor/random.ts'

const noMatrix = 'orthogonal: needs rank >= 2, got {shape}'

/**
 * A matrix whose columns, or rows where these are fewer, have length 1 and stand at right angles; the dims before the last are
 * its rows. All such matrices are equally likely: the columns of normal numbers, made orthogonal by Gram and Schmidt (F. Mezzadri,
 * "How to generate random matrices from the classical compact groups", 2007). The key must have a value.
 *
 * @example
 * initializers.orthogonal([3, 2], key(0)).shape // => [3, 2]
 */
export const orthogonal = (shape: Dims, key: Key, sizes: Sizes = {}): Node => {
  if (shape.length < 2) throw new ShapeError(say(noMatrix, { shape }))
  const [rows, columns] = matrixOf(shape, sizes)
  const [length, count] = [Math.max(rows, columns), Math.min(rows, columns)]
  const vectors = orthonormal(drawn(bitsOf('orthogonal', key), length * count), length, count)
  const values = Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return (rows >= columns ? vectors[column * length + row] : vectors[row * length + column]) as number
  })
  return data(values, shape, 'f32', sizes)
}

const matrixOf = (shape: Dims, sizes: Sizes): readonly [rows: number, columns: number] => {
  const numbers = shape.map((dim) => {
    const size = sizeOfDim(dim, sizes)
    if (size === null) throw new ShapeError(`orthogonal: the size of '${dim}' is not known; write dim('${dim}', n)`)
    return size
  })
  return [numbers.slice(0, -1).reduce((a, b) => a * b, 1), numbers.at(-1) as number]
}

/** Normal numbers: the factors of a matrix have no expression of a reasonable size, so they are read here. */
const drawn = (bits: Node, count: number): ArrayLike<number> => {
  const graph = graphOf([unitNormal(bits, [count], {})], [])
  const traced = graph.nodes.find((node) => node.op === 'parameter')
  if (traced?.op === 'parameter')
    throw new ShapeError(`orthogonal: the key depends on '${traced.attributes.name}', which has no value while a function is traced`)
  return interpret(bindDims(graph, {}, 'orthogonal'), [])[0]?.values ?? []
}

/** Vectors one after another: of each, what lies along those before is taken away, and the rest is scaled. */
const orthonormal = (normal: ArrayLike<number>, length: number, count: number): Float64Array => {
  const vectors = Float64Array.from(normal)
  const dot = (a: number, b: number): number => {
    let sum = 0
    for (let i = 0; i < length; i++) sum += (vectors[a + i] as number) * (vectors[b + i] as number)
    return sum
  }
  for (let k = 0; k < count; k++) {
    const own = k * length
    for (let before = 0; before < own; before += length) {
      const along = dot(own, before)
      for (let i = 0; i < length; i++) vectors[own + i] = (vectors[own + i] as number) - along * (vectors[before + i] as number)
    }
    const scale = Math.sqrt(dot(own, own))
    for (let i = 0; i < length; i++) vectors[own + i] = (vectors[own + i] as number) / scale
  }
  return vectors
}
