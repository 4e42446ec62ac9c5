/** Learned positions: every place of a sequence has a row of a table, which is trained. */
import type { RefuseUnits, Units } from '../../types/dense.ts'
import type { Dim, Dims, Size } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import type { Layer, Refused } from '../../types/layer.ts'
import type { First, RecordFirst, Uncalled } from '../../types/maker.ts'
import { type MaybeNamed, type OptionsGiven, optionsOf, type WithOptions } from '../../types/options.ts'
import { type LearnedPositions, learnedShape } from '../../types/positions.ts'
import { say } from '../../types/say.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { type DimOf, dimOf, type SizeMessage, sizeMessage, sizesOf, wideSize } from '../../types/size.ts'
import { add, iota, placed, slice } from '../graph/expression.ts'
import { mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { numberFirst } from '../tensor/argument.ts'
import { foldIn } from '../tensor/random.ts'
import { type Initializer, normal } from './initializers.ts'
import { layerOf } from './layer.ts'

export type { PositionParams } from '../../types/positions.ts'

export interface LearnedPositionsOptions {
  readonly name?: string
  /** Normal numbers of standard deviation 0.02 unless said. */
  readonly weight?: Initializer
}
type Options = OptionsGiven<LearnedPositionsOptions>
type Known = keyof LearnedPositionsOptions

/** What is refused comes first, and last what may be `undefined`: a signature an arity, as in `DenseOf`. */
export interface LearnedPositionsOf {
  (call: Uncalled<'learnedPositions'>): never
  <const N extends Units>(
    most: RefuseUnits<N>,
    options?: Options,
  ): Layer<Refused<'learnedPositions', SizeMessage<'learnedPositions', DimOf<N>>>>
  <const N extends Units>(most: N): Layer<LearnedPositions<DimOf<N>>>
  <const N extends Units, const O extends Options>(
    most: N,
    options: O,
  ): Layer<WithOptions<LearnedPositions<DimOf<N>>, 'learnedPositions', O, Known>>
  (most: Units, options: Options | undefined): Layer<MaybeNamed<'learnedPositions'>>
  <X>(first: First<'learnedPositions', X, Units>): Layer<Refused<'learnedPositions', RecordFirst<'learnedPositions'>>>
}

/**
 * Adds a row of a table to each place of a sequence: `[..., time, depth] -> [..., time, depth]`, with a parameter `weight` of
 * `[most, depth]`. No sequence may be longer than `most`: where the time is a name, `compile` refuses a size that is. A second
 * argument is the name of its parameters, or options.
 *
 * @example
 * pipe(input(['time'], 'i32'), embedding(256, 64), learnedPositions(128)).output // => ['time', 64]
 */
export const learnedPositions: LearnedPositionsOf = (most: Size, given?: unknown): never => {
  numberFirst('learnedPositions', most)
  const message = typeof most === 'string' ? say(wideSize, { op: 'learnedPositions' }) : sizeMessage('learnedPositions', most)
  if (message !== null) throw new ShapeError(message)
  const { name, weight = normal({ standardDeviation: 0.02 }) } = fits(
    optionsOf<LearnedPositionsOptions>('learnedPositions', given as Options, ['weight']),
  )
  const [rows, [sizes = {}]] = [dimOf(most), sizesOf([most])]
  const shapes = (shape: Dims) => ({ weight: [rows, shape.at(-1) as Dim] })
  return layerOf<never>({
    kind: 'learnedPositions',
    name,
    options: { most: rows },
    sizes,
    out: (shape) => learnedShape(shape, rows),
    parameters: shapes,
    init: (shape, key, known) => ({ weight: weight(shapes(shape).weight, foldIn(key, 'weight'), known) }),
    apply: (params, x) => ({ y: add(x, rowsOf((params as { readonly weight: Node }).weight, x)), params }),
  }) as never
}

/** As many rows of the table as the sequence has places. */
const rowsOf = (table: Node, x: Node): Node => {
  const [time, depth] = x.shape.slice(-2) as [Dim, Dim]
  const [rows] = table.shape as readonly [Dim]
  const known = mergeSizes(table.sizes, x.sizes)
  const [most, size] = [sizeOfDim(rows, known), sizeOfDim(time, known)]
  if (most !== null && size !== null) fits(learnedShape([size, depth], most))
  if (time === rows) return table
  return typeof time === 'number' && typeof rows === 'number'
    ? slice(table, [0, 0], [time, depth])
    : placed(table, iota([time], 0, x.sizes))
}
