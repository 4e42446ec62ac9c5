/** What a model is made of: as data, and as a table. */
import type { Dims, DType, Sizes } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import { show } from '../../types/show.ts'
import { type Chain, chainInside, chainParameters, isWeighted, type Link } from './chain.ts'
import { type AnyModel, partsOf } from './model.ts'
import { checkSizes, shapesIn } from './parameters.ts'

export interface SummaryRow {
  /** The kind of layer: `dense`. */
  readonly layer: string
  /** The path of its parameters: `hidden`, `residual1.dense1`; null where it has no name. */
  readonly name: string | null
  /** How many blocks it stands in. */
  readonly depth: number
  /** One sample's shape, after the layer. */
  readonly output: Dims
  /** How many numbers are its own, without those of the layers inside. */
  readonly parameters: number
  /** How many of these are trained: all but statistics. */
  readonly trained: number
}
/** On a console it is a table. */
export interface Summary {
  readonly rows: readonly SummaryRow[]
  /** How many numbers the model has for parameters. */
  readonly total: number
  /** How many of these are trained: all but statistics. */
  readonly trained: number
}

/**
 * The layers of a model in order, those of a block after it, each with its output shape and the number of its
 * parameters.
 *
 * @example
 * summary(pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits'))).total // => 203530
 */
export const summary = (model: AnyModel): Summary => {
  const { input, dtype, chain, sizes } = partsOf('summary', model)
  checkSizes('summary', chainParameters(chain), sizes)
  const first: SummaryRow = { layer: 'input', name: null, depth: 0, output: input, parameters: 0, trained: 0 }
  const rows = [first, ...rowsOf(chain, [dtype], sizes, [])].map((row) => Object.freeze(row))
  const total = rows.reduce((n, row) => n + row.parameters, 0)
  const trained = rows.reduce((n, row) => n + row.trained, 0)
  const text = () => table(rows, total, trained)
  const hidden = { toString: { value: text }, [Symbol.for('nodejs.util.inspect.custom')]: { value: text } }
  return Object.freeze(Object.defineProperties({ rows: Object.freeze(rows), total, trained }, hidden))
}

/** `dtypes` are those that the first layers take; the others take f32. */
const rowsOf = ({ links }: Chain, dtypes: readonly DType[], sizes: Sizes, path: readonly string[]): readonly SummaryRow[] =>
  links.flatMap((link, i) => {
    const { layer, input, output } = link
    const name = isWeighted(link) || layer.name !== null ? [...path, link.name] : null
    const row = { layer: layer.kind, name: name?.join('.') ?? null, depth: path.length, output }
    if (layer.layers === undefined) return [{ ...row, ...count(link, sizes) }]
    const takes = dtypes[i] ?? 'f32'
    const inside = chainInside(layer, input, takes) as Chain
    const given = layer.parallel ? layer.layers.map(() => takes) : [takes]
    return [{ ...row, parameters: 0, trained: 0 }, ...rowsOf(inside, given, sizes, name ?? path)]
  })
const count = ({ layer, input }: Link, sizes: Sizes): Pick<SummaryRow, 'parameters' | 'trained'> => {
  const all = shapesIn(layer.parameters?.(input) ?? {})
  const numbers = (leaves: typeof all): number => leaves.reduce((n, { shape }) => n + elementsOf(shape, sizes), 0)
  return { parameters: numbers(all), trained: numbers(all.filter(({ statistic }) => !statistic)) }
}
const elementsOf = (shape: Dims, sizes: Sizes): number => shape.reduce<number>((n, dim) => n * (sizeOfDim(dim, sizes) as number), 1)

/** Columns of text: a layer inside another is indented, numbers end in line. */
const table = (rows: readonly SummaryRow[], total: number, trained: number): string => {
  const lines = [
    ['layer', 'name', 'output', 'parameters'],
    ...rows.map((row) => ['  '.repeat(row.depth) + row.layer, row.name ?? '', show(row.output), String(row.parameters)]),
    ['total', '', '', String(total)],
    ...(trained === total ? [] : [['trained', '', '', String(trained)]]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) => line.map((cell, i) => (i === 3 ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number))).join('  '))
    .join('\n')
}
