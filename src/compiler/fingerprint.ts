/** A graph's structure as text: equal for graphs that compile to the same program, whatever values were captured. */
import type { Sizes } from '../../types/dim.ts'
import type { Node } from '../graph/node.ts'
import { attributesKey, structure } from './structure.ts'
import { type Target, targetKey } from './target.ts'
import type { Traced } from './trace.ts'

export const fingerprint = ({ graph, inputs, state }: Traced, bind: readonly Sizes[], target: Target): string => {
  const named = (input: Node): string => `parameter ${attributesKey(input)}`
  const ends = [inputs.map(({ role, path, storage = '' }) => `${role} ${path} ${storage}`).join(), state.length]
  return [targetKey(target), JSON.stringify(bind), ...ends, structure(graph, named)].join('\n')
}
