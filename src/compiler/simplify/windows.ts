/** Windows that are put back: tiles are a matter of movement, and the gradient of a convolution is a convolution. Rounds otherwise. */
import type { Dims } from '../../../types/dim.ts'
import { bordersOf } from '../../graph/evaluate/window.ts'
import * as e from '../../graph/expression.ts'
import { make } from '../../graph/make.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import type { Op, Windows } from '../../graph/op.ts'
import { type Rule, rule } from '../rewrite.ts'
import { elementwiseOps } from './movement.ts'

/** In this order: what no rule takes becomes a sum over windows. */
export const windowRules: readonly Rule[] = [
  rule('windowTranspose of tiles -> pad of reshape of permute', 'windowTranspose', (n) =>
    !hasBorder(n.attributes) && areTiles(n.attributes) ? untiled(n) : null,
  ),
  rule('windowTranspose(dot(gradient, weight)) -> dot(window(pad gradient), weight turned round)', 'windowTranspose', (n) => convolved(n)),
  rule('windowTranspose onto a border -> slice of windowTranspose', 'windowTranspose', (n) =>
    hasBorder(n.attributes) ? sliceOfTranspose(n) : null,
  ),
]

/** What is padded keeps the order in which it lies in memory, so that lanes find channels side by side. */
export const borderRules: readonly Rule[] = [
  rule('pad(permute x) -> permute(pad x)', 'pad', (n) => {
    const below = n.inputs[0] as Node
    if (below.op !== 'permute') return null
    const { permutation } = below.attributes
    const before = (border: readonly number[]) => permutation.map((_, axis) => border[permutation.indexOf(axis)] as number)
    return e.permute(e.pad(below.inputs[0] as Node, before(n.attributes.low), before(n.attributes.high)), permutation)
  }),
]

/** What is put back in tiles is computed there: its reader would have to have it in memory, since no strides join the tiles' axes. */
export const tileRules: readonly Rule[] = [
  rule('f(reshape(permute(g x)), y) -> reshape(f(permute(g x), reshape y))', [...elementwiseOps], (n) => inTiles(n)),
]
const inTiles = (n: Node): Node | null => {
  const tiles = n.inputs.find((input) => input.op === 'reshape' && isTiled(input.inputs[0] as Node, n.shape.length))?.inputs[0]
  if (tiles === undefined) return null
  const inputs = n.inputs.map((input) => e.reshape(input, tiles.shape))
  return e.reshape(make(n.op as Op, inputs, n.attributes as never), n.shape)
}
const isTiled = (x: Node, rank: number): boolean =>
  x.op === 'permute' && x.shape.length > rank && elementwiseOps.has((x.inputs[0] as Node).op)

export const hasBorder = ({ low, high }: Windows): boolean => [...low, ...high].some((n) => n > 0)
export const withoutBorder = (windows: Windows): Windows => ({ ...windows, low: windows.low.map(() => 0), high: windows.high.map(() => 0) })

const sliceOfTranspose = ({ inputs, attributes: { shape, ...windows } }: NodeOf<'windowTranspose'>): Node => {
  const { low, high } = bordersOf(shape, windows)
  const whole = shape.map((dim, i) => (dim as number) + (low[i] as number) + (high[i] as number))
  return e.slice(e.windowTranspose(inputs[0] as Node, withoutBorder(windows), whole), low, shape)
}

const areTiles = ({ size, stride, dilation }: Windows): boolean => size.every((n, i) => stride[i] === n && (dilation[i] === 1 || n === 1))

/** Each element comes from one window: the elements of a window stand beside its place, and zeros where no window reaches. */
const untiled = ({ inputs, attributes: { axes, size, shape } }: NodeOf<'windowTranspose'>): Node => {
  const x = inputs[0] as Node
  const along = shape.map((_, axis) => axes.indexOf(axis))
  const beside = e.permute(
    x,
    along.flatMap((i, axis) => (i < 0 ? [axis] : [axis, shape.length + i])),
  )
  const reached = along.map((i, axis) => (x.shape[axis] as number) * (size[i] ?? 1))
  const rest = shape.map((dim, axis) => (dim as number) - (reached[axis] as number))
  const tiled = e.reshape(beside, reached)
  return rest.some((n) => n > 0)
    ? e.pad(
        tiled,
        rest.map(() => 0),
        rest,
      )
    : tiled
}

/**
 * Multiply-adds that cost as much as an element of memory that is written, read, and added to what is there. Measured on 5x5
 * windows of 14x14x8, 64 images: 2.5 million elements take 1000 microseconds, a multiply-add 0.06 nanoseconds.
 */
const multiplyAddsPerElement = 7

/**
 * Each element of the image is a sum over the windows that hold it: of the gradient, padded, times the weight turned round. It
 * takes the place of a buffer of all windows, and pays while its borders are not much more work.
 */
const convolved = (n: NodeOf<'windowTranspose'>): Node | null => {
  const found = gradientOf(n)
  if (found === null) return null
  const { size, stride, dilation, low, high, shape } = n.attributes
  const { gradient, weight, batch, places, contract } = found
  const reach = size.map((k, i) => (k - 1) * (dilation[i] as number))
  const border = (has: readonly number[]) => gradient.shape.map((_, axis) => borderAt(axis, has))
  const borderAt = (axis: number, has: readonly number[]): number => {
    const i = places.indexOf(axis)
    return i < 0 ? 0 : (reach[i] as number) - (has[i] as number)
  }
  const [before, behind] = [border(low), border(high)]
  if (stride.some((s) => s !== 1) || [...before, ...behind].some((p) => p < 0)) return null
  const placeCount = product((n.inputs[0] as Node).shape.slice(0, shape.length))
  const terms = product(contract.gradient.map((axis) => gradient.shape[axis] as number))
  if (placeCount === 0 || (product(shape) / placeCount - 1) * terms > multiplyAddsPerElement) return null

  const zero = size.map(() => 0)
  const windows = e.window(e.pad(gradient, before, behind), { axes: places, size, stride, dilation, low: zero, high: zero })
  const elements = size.map((_, i) => i)
  const inWindows = [...elements.map((i) => gradient.shape.length + i), ...contract.gradient]
  const inWeight = [...elements, ...contract.weight.map((_, i) => elements.length + i)].map((axis) => batch + axis)
  return e.permute(e.dot(windows, turnedRound(weight, found), [inWindows, inWeight], batch), found.order)
}

/** The weight with its window's elements behind the batch and in reverse, then what is contracted, then the rest. */
const turnedRound = (weight: Node, { batch, elements, contract, rest }: Gradient): Node => {
  const order = [...Array.from({ length: batch }, (_, i) => i), ...elements, ...contract.weight, ...rest]
  // what is batched over channels is turned where it lies, and they stay side by side; a product wants its columns so
  if (batch === 0) return reversed(e.permute(weight, order), 0, elements.length)
  const [base, axes] =
    weight.op === 'permute'
      ? [weight.inputs[0] as Node, order.map((axis) => weight.attributes.permutation[axis] as number)]
      : [weight, order]
  const own = axes.slice(batch, batch + elements.length)
  const first = own[0] as number
  return own.every((axis, i) => axis === first + i)
    ? e.permute(reversed(base, first, own.length), axes)
    : reversed(e.permute(weight, order), batch, elements.length)
}
/** Some axes from `first` on, read backwards as one. */
const reversed = (x: Node, first: number, count: number): Node => {
  const size = product(x.shape.slice(first, first + count))
  const flat = e.reshape(x, [...x.shape.slice(0, first), size, ...x.shape.slice(first + count)])
  const backwards = e.sub(e.full([size], size - 1, 'i32'), e.iota([size], 0))
  return e.reshape(e.gather(flat, backwards, first), x.shape)
}

/** The two operands of a contraction that made windows: the places come from one, the elements of a window from the other. */
interface Gradient {
  readonly gradient: Node
  readonly weight: Node
  readonly batch: number
  /** Axes of the gradient along which the windows lie, ascending. */
  readonly places: readonly number[]
  /** Axes of the weight that are the elements of a window, and those that are neither they, nor batch, nor contracted. */
  readonly elements: readonly number[]
  readonly rest: readonly number[]
  readonly contract: { readonly gradient: readonly number[]; readonly weight: readonly number[] }
  /** Axes of the image, as they stand behind each other in `batch, free of the gradient, rest of the weight`. */
  readonly order: readonly number[]
}
const gradientOf = (n: NodeOf<'windowTranspose'>): Gradient | null => {
  const below = n.inputs[0] as Node
  const permutation = below.op === 'permute' ? below.attributes.permutation : below.shape.map((_, i) => i)
  const dot = below.op === 'permute' ? (below.inputs[0] as Node) : below
  if (dot.op !== 'dot') return null
  const { batch, contract } = dot.attributes
  const free = dot.inputs.map((operand, side) =>
    operand.shape.flatMap((_, axis) => (axis < batch || contract[side as 0 | 1].includes(axis) ? [] : [axis])),
  ) as [number[], number[]]
  const sources = [
    ...Array.from({ length: batch }, (_, axis) => ({ side: -1, axis })),
    ...free.flatMap((axes, side) => axes.map((axis) => ({ side, axis }))),
  ]
  const from = permutation.map((at) => sources[at] as (typeof sources)[number])
  const rank = n.shape.length
  const [slid, window] = [n.attributes.axes.map((axis) => from[axis]), from.slice(rank)]
  const side = slid[0]?.side as 0 | 1 | -1
  if (side === -1 || slid.some((s) => s?.side !== side) || window.some((s) => s.side !== 1 - side)) return null
  const places = slid.map((s) => s?.axis as number)
  if (places.some((axis, i) => i > 0 && axis < (places[i - 1] as number))) return null
  const elements = window.map(({ axis }) => axis)
  const rest = free[(1 - side) as 0 | 1].filter((axis) => !elements.includes(axis))
  const order = from
    .slice(0, rank)
    .map((s) =>
      s.side < 0 ? s.axis : s.side === side ? batch + free[side].indexOf(s.axis) : batch + free[side].length + rest.indexOf(s.axis),
    )
  return {
    gradient: dot.inputs[side] as Node,
    weight: dot.inputs[1 - side] as Node,
    batch,
    places,
    elements,
    rest,
    contract: { gradient: contract[side], weight: contract[(1 - side) as 0 | 1] },
    order,
  }
}

const product = (dims: Dims): number => dims.reduce<number>((n, d) => n * (d as number), 1)
