/** Tokens of a data set beside the tables of a model: one without a row would silently be zeros. */
import type { Sizes } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import { type Column, type ColumnType, placeIn } from '../data/column.ts'
import type { DataError } from '../data/data-source.ts'
import { partsOf } from '../model/model.ts'
import type { LayerRecord } from '../tensor/protocol.ts'

/** Why the tokens of `inputs` are none for the model, with the first that has no row; null where all have one. */
export const tokensFault = (op: string, model: object, inputs: Column, what = ''): DataError | null =>
  tokenCheck(op, model, inputs, what)(inputs, 0)

/** The same of columns of this type, whose first sample has this number. */
export const tokenCheck = (
  op: string,
  model: object,
  type: ColumnType,
  what = '',
): ((inputs: Column, first: number) => DataError | null) => {
  const rows = type.dtype === 'i32' ? tableRows(op, model) : null
  if (rows === null || (type.classes !== null && type.classes <= rows)) return () => null
  return (inputs, first) => {
    const bad = inputs.values.findIndex((token) => token < 0 || token >= rows)
    if (bad < 0) return null
    const [sample, value] = [first + Math.floor(bad / inputs.width), inputs.values[bad] as number]
    const message = `${op}: the token of sample ${sample}${what}${placeIn(inputs, bad)} is ${value}, the table has the rows 0 to ${rows - 1}`
    return { tag: 'BadToken', sample, value, rows, message }
  }
}

const tableRows = (op: string, model: object): number | null => {
  const { chain, sizes } = partsOf(op, model)
  return fewest(
    chain.links.slice(0, 1).map(({ layer }) => layer),
    sizes,
  )
}

/** The rows of the smallest table that is given the tokens; null where none is. */
const fewest = (layers: readonly LayerRecord[], sizes: Sizes): number | null =>
  layers.reduce<number | null>((least, { rows, layers: inner = [], parallel = false }) => {
    const own = rows === undefined ? fewest(parallel ? inner : inner.slice(0, 1), sizes) : sizeOfDim(rows, sizes)
    return least === null || own === null ? (least ?? own) : Math.min(least, own)
  }, null)
