/** Tokens of a data set beside the tables of a model: one without a row would silently be zeros. */
import type { Sizes } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import { type Column, placeIn } from '../data/column.ts'
import { partsOf } from '../model/model.ts'
import type { LayerRecord } from '../tensor/protocol.ts'
import type { Check } from './check.ts'

/** Why the tokens of `inputs` are none for the model, with the first that has no row; null where all have one. */
export const tokensFault = (op: string, model: object, inputs: Column, what = ''): Check => {
  if (inputs.dtype !== 'i32') return null
  const { chain, sizes } = partsOf(op, model)
  const rows = fewest(
    chain.links.slice(0, 1).map(({ layer }) => layer),
    sizes,
  )
  if (rows === null || (inputs.classes !== null && inputs.classes <= rows)) return null
  const bad = inputs.values.findIndex((token) => token < 0 || token >= rows)
  if (bad < 0) return null
  const sample = Math.floor(bad / inputs.width)
  return `${op}: the token of sample ${sample}${what}${placeIn(inputs, bad)} is ${inputs.values[bad]}, the table has the rows 0 to ${rows - 1}`
}

/** The rows of the smallest table that is given the tokens; null where none is. */
const fewest = (layers: readonly LayerRecord[], sizes: Sizes): number | null =>
  layers.reduce<number | null>((least, { rows, layers: inner = [], parallel = false }) => {
    const own = rows === undefined ? fewest(parallel ? inner : inner.slice(0, 1), sizes) : sizeOfDim(rows, sizes)
    return least === null || own === null ? (least ?? own) : Math.min(least, own)
  }, null)
