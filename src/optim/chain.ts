/** Chains: what one link gives is the next one's gradients. */
import type { FrozenAmong } from '../../types/freeze.ts'
import type { Optimizer, OptimizerFn, StateFor } from '../../types/optimizer.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { Node } from '../graph/node.ts'
import { shown } from '../tensor/argument.ts'
import { optimizerOf, type Tree } from './optimizer.ts'

/** The states of the links, in order. */
export interface Chain<Fs extends readonly unknown[]> extends OptimizerFn {
  state: { readonly [I in keyof Fs]: StateFor<Fs[I], this['params']> }
}

interface Link {
  readonly faults: readonly string[]
  readonly frozen?: readonly string[]
  readonly init: (params: Tree) => unknown
  readonly update: (gradients: Tree, state: unknown, params: Tree) => readonly [Tree, unknown]
  readonly learningRate: (state: unknown, params: Tree) => Node | null
}

/**
 * Several optimizers as one: clipping before, say, or a second scaling behind. Its rate is that of the last link that has one.
 *
 * @example
 * const optimizer = chain(clipByValue(1), sgd({ learningRate: 0.5 }))
 * toArray(optimizer.update(tensor([8]), optimizer.init(tensor([1])), tensor([1]))[0]) // => [-0.5]
 */
export const chain = <Fs extends readonly unknown[]>(
  ...links: { readonly [I in keyof Fs]: Optimizer<Fs[I]> }
): Optimizer<Chain<Fs>> & FrozenAmong<Fs> => {
  const all = links as readonly unknown[] as readonly Link[]
  for (const link of all) if (!Array.isArray(link?.faults)) throw new ShapeError(`chain: expected an optimizer, got ${shown(link)}`)
  const made = optimizerOf<Chain<Fs>, readonly unknown[]>({
    kind: 'chain',
    faults: all.flatMap(({ faults }) => faults),
    init: (params) => all.map(({ init }) => init(params)),
    rate: (states, params) => all.reduce<Node | null>((last, { learningRate }, i) => learningRate(states[i], params) ?? last, null),
    update: (gradients, states, params) => {
      const next: unknown[] = []
      const updates = all.reduce((given, link, i) => {
        const [made, state] = link.update(given, states[i], params)
        next.push(state)
        return made
      }, gradients)
      return [updates, next]
    },
  })
  const frozen = all.flatMap((link) => link.frozen ?? [])
  // which names these are the links' types say
  return (frozen.length === 0 ? made : Object.freeze({ ...made, frozen })) as unknown as Optimizer<Chain<Fs>> & FrozenAmong<Fs>
}
