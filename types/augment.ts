/** Augmentation: images of a batch moved by chance, each on its own. A layer maps one sample; on a tensor, `[n, h, w, c]`, a key is needed. */
import type { Compare } from './arithmetic.ts'
import type { Dim, Dims, Shape } from './dim.ts'
import type { DTypeFault } from './dtype.ts'
import type { OperationFn } from './operation.ts'
import { unknownMessage } from './options.ts'
import { type Say, say } from './say.ts'
import { type Both, large } from './window.ts'
import { countMessage, countsOf, recordMessage } from './window-options.ts'

const noImage = '{op}: expected {layout}, got {shape}'
const needsKey = '{op}: on a tensor it needs a key; write {example}'
const namedImage = '{op}: {shape} has a size that is only a name'
const badFill = "{op}: fill must be 'zeros' or 'edge', got {got}"

/** What keeps the shape. */
export interface Augmentation<Op extends string> extends OperationFn {
  kind: Op
  out: KeptShape<Op, this['in']>
  wholeOut: Say<typeof needsKey, { op: Op; example: (typeof examples)[Op & keyof typeof examples] }>
}
/** Crops of size K, a number or a pair. */
export interface RandomCrop<K> extends OperationFn {
  kind: 'randomCrop'
  out: CropShape<this['in'], K>
  wholeOut: Say<typeof needsKey, { op: 'randomCrop'; example: (typeof examples)['randomCrop'] }>
}

export type KeptShape<Op, S> = S extends [unknown, unknown, unknown] ? S : Say<typeof noImage, { op: Op; layout: '[h, w, c]'; shape: S }>
export type CropShape<S, K> = S extends [infer H, infer W, infer C]
  ? Cropped<S, [H, W], Both<K>, C, K>
  : Say<typeof noImage, { op: 'randomCrop'; layout: '[h, w, c]'; shape: S }>
/** On a batch of images. */
export type KeptOnShape<Op extends string, S, D> =
  DTypeFault<Op, 'f32', D> extends infer Fault extends string
    ? Fault
    : S extends [unknown, unknown, unknown, unknown]
      ? S
      : Say<typeof noImage, { op: Op; layout: '[n, h, w, c]'; shape: S }>
export type CropOnShape<S, K, D> =
  DTypeFault<'randomCrop', 'f32', D> extends infer Fault extends string
    ? Fault
    : S extends [infer N, infer H, infer W, infer C]
      ? CropShape<[H, W, C], K> extends infer R
        ? R extends Shape
          ? [N, ...R]
          : R
        : never
      : Say<typeof noImage, { op: 'randomCrop'; layout: '[n, h, w, c]'; shape: S }>
type Cropped<S, Ds, Ks, C, K, Done extends Shape = []> = [Ds, Ks] extends [
  [infer D, ...infer Dr],
  readonly [infer Size extends number, ...infer Rest],
]
  ? D extends number
    ? Compare<Size, D> extends '>'
      ? Say<typeof large, { op: 'randomCrop'; what: 'crop'; size: K; whole: 'image'; shape: S }>
      : Cropped<S, Dr, Rest, C, K, [...Done, Size]>
    : Say<typeof namedImage, { op: 'randomCrop'; shape: S }>
  : [...Done, C]

const examples = {
  randomFlip: 'randomFlip(key)',
  randomShift: 'randomShift(pixels, key)',
  randomCrop: 'randomCrop(size, key)',
} as const
export type AugmentOp = keyof typeof examples

export const needsKeyMessage = (op: AugmentOp): string => say(needsKey, { op, example: examples[op] })
/** One sample's shape, or the message: the twin of `KeptShape`. */
export const keptShape = (op: AugmentOp, shape: Dims): Dims | string =>
  shape.length === 3 ? shape : say(noImage, { op, layout: '[h, w, c]', shape })
/** One sample's shape, or the message: the twin of `CropShape`. */
export const cropShape = (shape: Dims, size: number | readonly number[]): Dims | string => {
  const op = 'randomCrop'
  if (shape.length !== 3) return say(noImage, { op, layout: '[h, w, c]', shape })
  const sizes = countsOf(size, 2)
  for (const [axis, n] of sizes.entries()) {
    const dim = shape[axis] as Dim
    if (typeof dim === 'string') return say(namedImage, { op, shape })
    if (n > dim) return say(large, { op, what: 'crop', size, whole: 'image', shape })
  }
  return [...sizes, shape[2] as Dim]
}
/** The message for what is no batch of images, or null. */
export const imagesMessage = (op: AugmentOp, shape: Dims): string | null =>
  shape.length === 4 ? null : say(noImage, { op, layout: '[n, h, w, c]', shape })

/** The message for how far images are shifted and what comes in, or null. */
export const shiftMessage = (pixels: unknown, options: unknown): string | null => {
  const op = 'randomShift'
  const message =
    countMessage(op, 'pixels', pixels, 2, 0) ??
    recordMessage(op, options, [], "{ fill: 'edge' }") ??
    unknownMessage(op, options as object, ['fill'])
  if (message !== null) return message
  const { fill } = options as { readonly fill?: unknown }
  return fill === undefined || fill === 'zeros' || fill === 'edge' ? null : say(badFill, { op, got: fill })
}
