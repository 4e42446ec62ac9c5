/** What `compile` is told of arguments and names, checked and brought to one form. */
import { countFault, notOpenMessage, type SpecOf } from '../../types/compile.ts'
import type { DType, Size, Sizes } from '../../types/dim.ts'
import { recordMessage } from '../../types/options.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { dimsOf, sizeFault, sizesOf } from '../../types/size.ts'
import { mergeSizes } from '../graph/make.ts'
import { leaves } from '../graph/tree.ts'
import { dtypeArgument, shown } from '../tensor/argument.ts'
import { typed } from '../tensor/typed.ts'
import type { Source, Specified } from './trace.ts'

/** A size for each name, or several. */
export type Bindings = Readonly<Record<string, number | readonly number[]>>

/**
 * The shape and dtype that an argument of a compiled step will have.
 *
 * @example
 * spec(['batch', 784]).shape // => ['batch', 784]
 */
export const spec: SpecOf = typed((shape: readonly Size[], dtype: DType = 'f32'): Specified => {
  const dims = fits(dimsOf('spec', shape))
  return Object.freeze({
    shape: Object.freeze(dims),
    dtype: dtypeArgument('spec', dtype),
    sizes: sizesOf(shape).reduce<Sizes>(mergeSizes, {}),
  })
})

/** Throws where JavaScript gave no step and options. */
export const checkGiven = (step: unknown, options: unknown): void => {
  if (typeof step !== 'function') throw new ShapeError(`compile: expected a function, got ${shown(step)}`)
  const message = recordMessage('compile', options, ['state', 'args', 'bind', 'fastMath', 'threads', 'memoryLimit'], shown)
  if (message !== null) throw new ShapeError(message)
  const { args } = options as { readonly args: unknown }
  if (!Array.isArray(args)) throw new ShapeError(`compile: expected a list of specs as args, got ${shown(args)}`)
  const other = args.findIndex((arg) => !Array.isArray(arg?.shape))
  if (other >= 0) throw new ShapeError(`compile: expected a spec as argument ${other}, got ${shown(args[other])}`)
}

/** Throws where a name is bound that no argument has, or that the state has bound. */
export const checkBound = (bind: Bindings, args: Source['args'], state: unknown): void => {
  const known = leaves(state).map(({ node }) => node.sizes)
  const open = new Set(args.flatMap(({ shape }) => shape).filter((dim) => known.every((sizes) => sizes[dim] === undefined)))
  const extra = Object.keys(bind).find((name) => !open.has(name))
  if (extra !== undefined) throw new ShapeError(notOpenMessage(extra))
}

/** The specs, if they are as many as the step has arguments. */
export const specified = (step: Source['step'], args: Source['args']): Source['args'] => {
  const fault = countFault(Math.max(0, step.length - 1), args.length)
  if (fault !== null) throw new ShapeError(fault)
  return args
}

/** One set of sizes for each entry: lists of sizes are read side by side, single sizes stand in every entry. */
export const bindings = (bind: Bindings): readonly Sizes[] => {
  const names = Object.keys(bind)
  for (const name of names)
    for (const size of [bind[name]].flat())
      if (typeof size !== 'number' || sizeFault(size) !== null)
        throw new ShapeError(`compile: '${name}' must be bound to a whole number, got ${size}`)
  const lists = names.filter((name) => Array.isArray(bind[name]))
  const counts = [...new Set(lists.map((name) => (bind[name] as readonly number[]).length))]
  if (counts.length > 1 || counts[0] === 0)
    throw new ShapeError(
      `compile: bind gives ${lists.map((name) => `'${name}' ${(bind[name] as readonly number[]).length} sizes`).join(', ')}; give each as many, and at least one`,
    )
  return Array.from({ length: counts[0] ?? 1 }, (_, i) =>
    Object.fromEntries(names.map((name) => [name, [bind[name]].flat()[lists.includes(name) ? i : 0] as number])),
  )
}
