/** Attention and embeddings of golden files, through `shapewright/ops`. */
import * as ops from '../../src/ops.ts'
import type { Nodes } from './experiment.ts'
import { type Convention, input, type Loose } from './library.ts'

const attend = ops.attention as unknown as Loose
const lookUp = ops.embedding as unknown as Loose

/** A mask and lengths, where the case has them. */
const optional = (inputs: Nodes): Nodes =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => name === 'mask' || name === 'lengths'))

export const tokens: Readonly<Record<string, Convention>> = {
  attention: (_, inputs, { causal }) => {
    const options = { causal: causal === true, ...optional(inputs) }
    return (attend(input(inputs, 'k'), input(inputs, 'v'), options) as Loose)(input(inputs, 'q'))
  },
  embedding: (_, inputs) => (lookUp(input(inputs, 'table')) as Loose)(input(inputs, 'indices')),
}
