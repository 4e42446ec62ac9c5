/** The dense layer: every output is a weighted sum of all inputs. */
import {
  type Dense,
  type DenseFrom,
  denseFromShape,
  denseShape,
  type RefuseUnits,
  type Units,
  type UnitsMessage,
  unitsMessage,
} from '../../types/dense.ts'
import type { Dim, Dims, Size } from '../../types/dim.ts'
import type { Layer, Refused } from '../../types/layer.ts'
import type { First, RecordFirst, Uncalled } from '../../types/maker.ts'
import { type MaybeNamed, type OptionsGiven, optionsOf, type WithOptions } from '../../types/options.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { type DimOf, dimOf, isBound, sizesOf } from '../../types/size.ts'
import { add, dot } from '../graph/expression.ts'
import { mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { numberFirst } from '../tensor/argument.ts'
import { foldIn } from '../tensor/random.ts'
import { glorotUniform, type Initializer, zeros } from './initializers.ts'
import { layerOf } from './layer.ts'

export type { DenseParams } from '../../types/dense.ts'

export interface DenseOptions {
  readonly name?: string
  /** Glorot's uniform distribution unless said. */
  readonly weight?: Initializer
  /** Zeros unless said. */
  readonly bias?: Initializer
}
type Options = OptionsGiven<DenseOptions>
type Known = keyof DenseOptions

/**
 * What is refused comes first, then two sizes: a bound size has a name too, and would pass for options. A signature an arity:
 * an argument that may be left out would lose the `undefined` of its type, and last is what may be `undefined`.
 */
export interface DenseOf {
  (call: Uncalled<'dense'>): never
  <const N extends Units>(size: RefuseUnits<N>, options?: Options): Layer<Refused<'dense', UnitsMessage<N>>>
  <const I extends Units, const N extends Units>(from: I, size: RefuseUnits<N>, options?: Options): Layer<Refused<'dense', UnitsMessage<N>>>
  <const N extends Units>(size: N): Layer<Dense<DimOf<N>>>
  <const I extends Units, const N extends Units>(from: I, size: N): Layer<DenseFrom<DimOf<I>, DimOf<N>>>
  <const I extends Units, const N extends Units, const O extends Options>(
    from: I,
    size: N,
    options: O,
  ): Layer<WithOptions<DenseFrom<DimOf<I>, DimOf<N>>, 'dense', O, Known>>
  <const N extends Units, const O extends Options>(size: N, options: O): Layer<WithOptions<Dense<DimOf<N>>, 'dense', O, Known>>
  (from: Units, size: Units, options: Options | undefined): Layer<MaybeNamed<'dense'>>
  (size: Units, options: Options | undefined): Layer<MaybeNamed<'dense'>>
  <X>(first: First<'dense', X, Units>): Layer<Refused<'dense', RecordFirst<'dense'>>>
}

/**
 * Maps the last dim of what a model gives, whatever stands before it: `[..., m] -> [..., n]`, `y = x weight + bias`.
 * `dense(n)` takes any last dim, `dense(m, n)` only m. A third argument is the name of its parameters, or options.
 *
 * @example
 * pipe(input([784]), dense(256, 'hidden'), relu, dense(256, 10)).output // => [10]
 */
export const dense: DenseOf = (first: Size, second?: unknown, third?: unknown) =>
  isSize(second) ? made(first, second, third as Options) : made(null, first, second as Options)

const isSize = (x: unknown): x is Size => typeof x === 'number' || isBound(x)

const made = (from: Size | null, size: Size, given: Options | undefined): never => {
  numberFirst('dense', from ?? size)
  const message = (from === null ? null : unitsMessage(from)) ?? unitsMessage(size)
  if (message !== null) throw new ShapeError(message)
  const { name, weight = glorotUniform, bias = zeros } = fits(optionsOf<DenseOptions>('dense', given, ['weight', 'bias']))
  const [expected, units] = [from === null ? null : dimOf(from), dimOf(size)]
  return layerOf<never>({
    kind: 'dense',
    name,
    options: { units, from: expected },
    from: expected === null ? undefined : [expected],
    sizes: sizesOf(from === null ? [size] : [from, size]).reduce(mergeSizes, {}),
    out: (shape) => (expected === null ? denseShape(shape, units) : denseFromShape(shape, expected, units)),
    parameters: (shape) => shapesOf(shape, units),
    init: (shape, key, sizes) => {
      const shapes = shapesOf(shape, units)
      return { weight: weight(shapes.weight, foldIn(key, 'weight'), sizes), bias: bias(shapes.bias, foldIn(key, 'bias'), sizes) }
    },
    apply: (params, x) => ({ y: weighted(params as Weights, x), params }),
  }) as never
}

interface Weights {
  readonly weight: Node
  readonly bias: Node
}
const weighted = ({ weight, bias }: Weights, x: Node): Node => add(dot(x, weight, [[x.shape.length - 1], [0]]), bias)
const shapesOf = (shape: Dims, units: Dim) => ({ weight: [shape.at(-1) as Dim, units], bias: [units] })
