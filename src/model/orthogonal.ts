/** Orthogonal initial weights: rotations, which neither shrink nor grow a state that is multiplied with them again and again. */
import type { Dims, Sizes } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import type { Key } from '../../types/key.ts'
import { say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { Value } from '../graph/evaluate/value.ts'
import { data } from '../graph/expression.ts'
import { bindDims, graphOf } from '../graph/graph.ts'
import { interpret } from '../graph/interpret.ts'
import type { Node } from '../graph/node.ts'
import { threefryWords } from '../graph/threefry.ts'
import { normalOf } from '../tensor/draw.ts'
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
  const values = new Float32Array(rows * columns)
  // the vectors are its columns, or its rows
  const [along, across] = rows >= columns ? [columns, 1] : [1, columns]
  for (let k = 0; k < count; k++) for (let i = 0; i < length; i++) values[i * along + k * across] = vectors[k * length + i] as number
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
const drawn = (bits: Node, count: number): Float64Array => {
  const graph = graphOf([bits], [])
  const traced = graph.nodes.find((node) => node.op === 'parameter')
  if (traced?.op === 'parameter')
    throw new ShapeError(`orthogonal: the key depends on '${traced.attributes.name}', which has no value while a function is traced`)
  const [first, second] = (interpret(bindDims(graph, {}, 'orthogonal'), [])[0] as Value).values
  const words = threefryWords([first as number, second as number], count)
  const normal = new Float64Array(count)
  for (let i = 0; i < count; i++) normal[i] = normalOf(words[i] as number)
  return normal
}

/**
 * Vectors one after another: what lies along each is taken away from all behind it, and the rest is scaled. Four at a time, whose
 * sums do not wait for each other.
 */
const orthonormal = (vectors: Float64Array, length: number, count: number): Float64Array => {
  const end = count * length
  for (let own = 0; own < end; own += length) {
    scaleToOne(vectors, own, length)
    let other = own + length
    for (; other + 3 * length < end; other += 4 * length) straightenFour(vectors, own, other, length)
    for (; other < end; other += length) straighten(vectors, own, other, length)
  }
  return vectors
}

const scaleToOne = (vectors: Float64Array, own: number, length: number): void => {
  let sum = 0
  for (let i = own; i < own + length; i++) sum += (vectors[i] as number) * (vectors[i] as number)
  const scale = Math.sqrt(sum)
  for (let i = own; i < own + length; i++) vectors[i] = (vectors[i] as number) / scale
}

/** Takes away from the other vector what lies along its own. */
const straighten = (vectors: Float64Array, own: number, other: number, length: number): void => {
  let along = 0
  for (let i = 0; i < length; i++) along += (vectors[other + i] as number) * (vectors[own + i] as number)
  for (let i = 0; i < length; i++) vectors[other + i] = (vectors[other + i] as number) - along * (vectors[own + i] as number)
}
/** The same for four, one behind the other. */
const straightenFour = (vectors: Float64Array, own: number, first: number, length: number): void => {
  const [second, third, fourth] = [first + length, first + 2 * length, first + 3 * length]
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let i = 0; i < length; i++) {
    const x = vectors[own + i] as number
    a += (vectors[first + i] as number) * x
    b += (vectors[second + i] as number) * x
    c += (vectors[third + i] as number) * x
    d += (vectors[fourth + i] as number) * x
  }
  for (let i = 0; i < length; i++) {
    const x = vectors[own + i] as number
    vectors[first + i] = (vectors[first + i] as number) - a * x
    vectors[second + i] = (vectors[second + i] as number) - b * x
    vectors[third + i] = (vectors[third + i] as number) - c * x
    vectors[fourth + i] = (vectors[fourth + i] as number) - d * x
  }
}
