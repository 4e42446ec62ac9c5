/** Augmentation: flips, shifts and crops of images, drawn for each sample; on a tensor with a key, as a layer in `applyTraining` alone. */
import {
  type Augmentation,
  type AugmentOp,
  type CropOnShape,
  cropShape,
  imagesMessage,
  type KeptOnShape,
  keptShape,
  needsKeyMessage,
  type RandomCrop,
  shiftMessage,
} from '../../types/augment.ts'
import type { Dim, Dims, DType, Shape } from '../../types/dim.ts'
import { elements } from '../../types/elements.ts'
import type { Key } from '../../types/key.ts'
import type { RecordFirst, Uncalled, Wanted } from '../../types/maker.ts'
import type { Operation } from '../../types/operation.ts'
import type { RefusedPool } from '../../types/pool.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { type CountMessage, countMessage, countsOf, type OptionMessage, type Pair } from '../../types/window-options.ts'
import {
  add,
  binary,
  cast,
  constant,
  equal,
  gather,
  iota,
  maximum,
  minimum,
  mul,
  type Operand,
  random,
  reshape,
  select,
  size,
  slice,
  sub,
} from '../graph/expression.ts'
import { type Node, nodeOf, tensorOf } from '../graph/node.ts'
import { made, tensorNode } from './argument.ts'
import type { RefusedConvolution } from './convolution.ts'
import { operation } from './operation.ts'
import type { JsonRecord } from './protocol.ts'
import { bitsOf } from './random.ts'
import { typed } from './typed.ts'

export interface RandomShiftOptions {
  /** What comes in from outside: zeros unless said, or the pixels of the edge over and over. */
  readonly fill?: 'zeros' | 'edge'
}

/** An augmentation on a batch of images, with its key. */
export interface AugmentationWithKey<in out Op extends string> {
  <S extends Shape, D extends DType>(x: Fits<KeptOnShape<Op, S, D>, Tensor<S, D>>): Tensor<S>
}
/** `randomCrop(size, key)` */
export interface RandomCropWithKey<in out K> {
  <S extends Shape, D extends DType>(
    x: Fits<CropOnShape<S, K, D>, Tensor<S, D>>,
  ): CropOnShape<S, K, D> extends infer R extends Shape ? Tensor<R> : never
}
export interface RandomFlipFunction {
  (call: Uncalled<'randomFlip'>): never
  (): Operation<Augmentation<'randomFlip'>>
  (key: Key): AugmentationWithKey<'randomFlip'>
  <X>(key: Wanted<'randomFlip', X, Key>): Operation<RefusedPool<'randomFlip', RecordFirst<'randomFlip'>>>
}
export interface RandomShiftFunction {
  (call: Uncalled<'randomShift'>): never
  (pixels: number | Pair, options?: RandomShiftOptions): Operation<Augmentation<'randomShift'>>
  (pixels: number | Pair, key: Key, options?: RandomShiftOptions): AugmentationWithKey<'randomShift'>
  <X>(pixels: Wanted<'randomShift', X, number | Pair>): Operation<RefusedPool<'randomShift', RecordFirst<'randomShift'>>>
}
export interface RandomCropFunction {
  (call: Uncalled<'randomCrop'>): never
  <const K extends number | Pair>(
    size: K,
  ): CropMessage<K> extends infer Message extends string ? Operation<RefusedPool<'randomCrop', Message>> : Operation<RandomCrop<K>>
  <const K extends number | Pair>(
    size: K,
    key: Key,
  ): CropMessage<K> extends infer Message extends string ? RefusedConvolution<Message> : RandomCropWithKey<K>
  <const K>(size: K | number | Pair): Operation<RefusedPool<'randomCrop', WrongCrop<K> & string>>
  <const K>(size: K | number | Pair, key: Key): RefusedConvolution<WrongCrop<K> & string>
}
type CropMessage<K> = CountMessage<'randomCrop', 'the size', K>
type WrongCrop<K> = OptionMessage<'randomCrop', { 'the size': number | Pair }, { 'the size': K }, 'the size', CropMessage<K>>

/** What is done to images, given the words of a key; null is what `apply` does. */
type Augment = (x: Node, bits: Node | null) => Node
const augmentation = (
  op: AugmentOp,
  options: JsonRecord,
  out: (sample: Dims) => Dims | string,
  augment: Augment,
  key: Key | undefined,
): unknown => {
  if (key === undefined)
    return operation({
      kind: op,
      options,
      out,
      onTensor: () => {
        throw new ShapeError(needsKeyMessage(op))
      },
      onBatch: (x, mode) => augment(x, mode.training ? nodeOf(mode.key.bits) : null),
    })
  const bits = bitsOf(op, key)
  return (x: unknown) => {
    const images = tensorNode(op, x)
    const message = imagesMessage(op, images.shape)
    if (message !== null) throw new ShapeError(message)
    fits(out(images.shape.slice(1)))
    return tensorOf(augment(images, bits))
  }
}

/**
 * Turns left and right round, of each image with probability 1/2: `[n, h, w, c] -> [n, h, w, c]`. `randomFlip()` is a layer that
 * acts in `applyTraining` alone; on a tensor it takes a key, and the same key flips the same images.
 *
 * @example
 * randomFlip(key(0))(zeros([8, 28, 28, 1])).shape // => [8, 28, 28, 1]
 */
export const randomFlip = typed<RandomFlipFunction>((key?: Key) => {
  made('randomFlip', key)
  return augmentation(
    'randomFlip',
    {},
    (sample) => keptShape('randomFlip', sample),
    (x, bits) => {
      if (bits === null) return x
      const [n, , width] = x.shape as [Dim, Dim, Dim]
      const turns = equal(binary('shiftRight', random(bits, [n], x.sizes), 31), 1)
      const along = columnsOf(x, [n, 1, width])
      return picked(x, rowsOf(x, [n, x.shape[1] as Dim, 1]), select(reshape(turns, [n, 1, 1]), sub(sub(countOf(width), 1), along), along))
    },
    key,
  )
})

/**
 * Shifts each image by whole pixels, at most so many up or down and left or right, all equally likely: `[n, h, w, c] -> [n, h, w,
 * c]`. A pair is for height and width. `randomShift(pixels)` is a layer that acts in `applyTraining` alone; on a tensor it takes
 * a key. What comes in is zeros, or the edge over and over with `{ fill: 'edge' }`.
 *
 * @example
 * toArray(flatten(randomShift(0, key(0))(ones([1, 2, 2, 1])))) // => [[1, 1, 1, 1]]
 */
export const randomShift = typed<RandomShiftFunction>((pixels: number | Pair, ...rest: readonly unknown[]) => {
  made('randomShift', pixels)
  const isKeyed = typeof rest[0] === 'object' && rest[0] !== null && 'bits' in rest[0]
  const [key, options = {}] = isKeyed ? (rest as [Key, RandomShiftOptions?]) : [undefined, rest[0] as RandomShiftOptions | undefined]
  const message = shiftMessage(pixels, options)
  if (message !== null) throw new ShapeError(message)
  const most = countsOf(pixels, 2) as Pair
  return augmentation(
    'randomShift',
    { pixels, fill: options.fill ?? 'zeros' },
    (sample) => keptShape('randomShift', sample),
    (x, bits) => (bits === null || most.every((n) => n === 0) ? x : shifted(x, bits, most, options.fill === 'edge')),
    key,
  )
})

/**
 * Cuts a part of this size out of each image, everywhere equally likely: `[n, h, w, c] -> [n, h', w', c]`. A pair is for height
 * and width. `randomCrop(size)` is a layer: `applyTraining` draws, `apply` takes the middle. On a tensor it takes a key.
 *
 * @example
 * pipe(input([32, 32, 3]), randomCrop([28, 24])).output // => [28, 24, 3]
 */
export const randomCrop = typed<RandomCropFunction>((wanted: number | Pair, key?: Key) => {
  made('randomCrop', wanted)
  const message = countMessage('randomCrop', 'the size', wanted, 2)
  if (message !== null) throw new ShapeError(message)
  const part = countsOf(wanted, 2) as Pair
  return augmentation(
    'randomCrop',
    { size: wanted },
    (sample) => cropShape(sample, wanted),
    (x, bits) => (bits === null ? middle(x, part) : cropped(x, bits, part)),
    key,
  )
})

const shifted = (x: Node, bits: Node, [down, across]: Pair, repeatsEdge: boolean): Node => {
  const [n, height, width] = x.shape as [Dim, Dim, Dim]
  const [y, z] = drawn(x, bits, [2 * down + 1, 2 * across + 1])
  const row = add(rowsOf(x, [n, height, 1]), sub(y, down))
  const column = add(columnsOf(x, [n, 1, width]), sub(z, across))
  const kept = (at: Node, count: Operand): Node => maximum(minimum(at, sub(count, 1)), 0)
  const [rows, columns] = [kept(row, countOf(height)), kept(column, countOf(width))]
  return picked(x, rows, columns, repeatsEdge ? null : binary('and', ...together(equal(row, rows), equal(column, columns))))
}
const together = (a: Node, b: Node): readonly [Node, Node] => [a, b]

const cropped = (x: Node, bits: Node, [height, width]: Pair): Node => {
  const [n, h, w] = x.shape as [Dim, number, number]
  const [top, left] = drawn(x, bits, [h - height + 1, w - width + 1])
  return picked(x, add(rowsOf(x, [n, height, 1]), top), add(columnsOf(x, [n, 1, width]), left))
}
const middle = (x: Node, [height, width]: Pair): Node => {
  const [n, h, w, c] = x.shape as [Dim, number, number, Dim]
  return slice(x, [0, Math.floor((h - height) / 2), Math.floor((w - width) / 2), 0], [n, height, width, c])
}

/** Two whole numbers for each image, from 0 up to a count, as `[n, 1, 1]`: 31 random bits modulo the count. */
const drawn = (x: Node, bits: Node, counts: readonly [number, number]): readonly [Node, Node] => {
  const n = x.shape[0] as Dim
  const words = binary('shiftRight', random(bits, [n, 2], x.sizes), 1)
  const [first, second] = counts.map((count, i) => {
    const word = slice(words, [0, i], [n, 1])
    return reshape(sub(word, mul(binary('div', word, count), count)), [n, 1, 1])
  })
  return [first as Node, second as Node]
}
/** A dim as an i32 scalar. */
const countOf = (dim: Dim): Node => (typeof dim === 'number' ? constant(dim, 'i32') : cast(size([dim]), 'i32'))
const rowsOf = (x: Node, shape: Dims): Node => iota(shape, 1, x.sizes)
const columnsOf = (x: Node, shape: Dims): Node => iota(shape, 2, x.sizes)

/** Of each image the pixels at rows `[n, h', 1]` and columns `[n, 1, w']`: zeros where `holds`, `[n, h', w']`, is false. */
const picked = (x: Node, rows: Node, columns: Node, holds: Node | null = null): Node => {
  const [n, height, width, channels] = x.shape as [Dim, Dim, Dim, Dim]
  const images = mul(iota(rows.shape, 0, x.sizes), countOf(height))
  const at = add(mul(add(images, rows), countOf(width)), columns)
  const pixels = reshape(x, [elements([n, height, width]), channels])
  // what is no index picks 0
  return gather(pixels, holds === null ? at : select(holds, at, -1))
}
