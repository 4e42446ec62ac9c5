/**
 * What an application gives, told twice in the same words: as a type that the compiler prints, and from the value. A tensor
 * stands for itself; models, specs, data sets and trees are records of what is in them, by path. `done` has no shapes.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { BoundDim, Classes, Dataset, Model, Samples, Spec, Statistic, Tensor } from 'shapewright'
import { isStatistic } from '../../src/autodiff/statistic.ts'
import type { Column } from '../../src/data/column.ts'
import { isNode } from '../../src/graph/make.ts'
import { chainParameters } from '../../src/model/chain.ts'
import { partsOf } from '../../src/model/model.ts'
import { shapesIn } from '../../src/model/parameters.ts'
import type { Refusal } from '../../src/tensor/size.ts'
import type { RefusedSpec } from '../../types/compile.ts'
import type { Dims, DType, Shape } from '../../types/dim.ts'
import type { Typed } from '../../types/model.ts'
import type { AnyTensor } from '../../types/tensor.ts'

// biome-ignore-start lint/suspicious/noExplicitAny: an invariant type has no other supertype
/** By its type. */
export type Told<T> = 0 extends 1 & T
  ? 'any'
  : [T] extends [never]
    ? 'never'
    : T extends AnyTensor
      ? Bare<T>
      : T extends Refusal<infer E> | RefusedSpec<infer E> | Model<any, infer E extends string, any, any> | Samples<infer E extends string>
        ? Refused<E>
        : T extends { readonly _tag: string }
          ? T extends { readonly right: infer R }
            ? Told<R>
            : never
          : T extends (...given: any) => unknown
            ? 'done'
            : T extends object
              ? ByPath<Parts<T>>
              : 'done'
/** Not by an alias. */
type Bare<T> = T extends Statistic<infer S> ? Statistic<S> : T extends Tensor<infer S, infer D> ? Tensor<S, D> : never
/** What could not be made. */
export interface Refused<in out E> {
  readonly refused: E
}
type ByPath<P> = {
  [Each in P as Each extends [infer Path extends string, unknown] ? Path : never]: Each extends [string, infer T] ? T : never
}

/** Unions of a path and what stands there. */
type Parts<T> =
  T extends Model<infer I, infer O, infer P, infer D>
    ? ['input', Of<I, D>] | ['output', O extends Typed<infer S, infer E> ? Of<S, E> : Of<O, 'f32'>] | Leaves<P, 'params'>
    : T extends Spec<infer S, infer D>
      ? ['spec', Tensor<S, D>]
      : T extends Dataset<infer X, infer Y>
        ? ['inputs', Sample<X>] | ['targets', Sample<Y>]
        : T extends Samples<infer S>
          ? ['sample', Sample<S>]
          : T extends BoundDim<infer N>
            ? ['name', N]
            : Leaves<T, ''>
type Sample<S> = S extends Classes<infer N, infer P> ? readonly [N, P] : S extends Typed<infer T, infer D> ? Of<T, D> : Of<S, 'f32'>
type Of<S, D extends DType> = S extends Shape ? Tensor<S, D> : S
type Leaves<T, At extends string> = T extends AnyTensor
  ? [At, Bare<T>]
  : T extends readonly unknown[]
    ? { [I in keyof T & `${number}`]: Leaves<T[I], Below<At, I>> }[keyof T & `${number}`]
    : T extends object
      ? { [K in keyof T & string]: Leaves<T[K], Below<At, K>> }[keyof T & string]
      : never
type Below<At extends string, K extends string> = At extends '' ? K : `${At}.${K}`
// biome-ignore-end lint/suspicious/noExplicitAny: an invariant type has no other supertype

/** The text of `Told`, with the paths in order: compilers print them in an order of their own. */
export const inOrder = (text: string): string =>
  text.startsWith('{')
    ? record(
        text
          .slice(1, -1)
          .split(';')
          .map((line) => line.replace(/^ *"([^"]*)": /, '$1: ')),
      )
    : text

/** By the value. */
export const told = (value: unknown): string => {
  if (isNode(value)) return tensor(value)
  if (typeof value !== 'object' || value === null) return '"done"'
  if ('_tag' in value && 'right' in value) return told(value.right)
  return record(parts(value).map(([path, text]) => `${path}: ${text}`))
}
/** What an Either holds that is known to be right. */
export const right = <A>(either: Either<unknown, A>): A => {
  if (either._tag === 'Left') throw either.left
  return either.right
}
/** What an application is told as that must not be. */
export const refused = (sentence: string): string => `Refused<${JSON.stringify(sentence)}>`

type Part = readonly [path: string, text: string]

const parts = (value: object): readonly Part[] => {
  if ('applyTraining' in value) return modelParts(value)
  if ('inputs' in value && 'shuffled' in value) return datasetParts(value as unknown as Dataset<unknown, unknown>)
  if ('values' in value && 'kind' in value) return [['sample', sample(value as unknown as Column)]]
  if ('name' in value && 'size' in value) return [['name', JSON.stringify(value.name)]]
  if ('shape' in value && 'dtype' in value) return [['spec', tensor(value as Shown)]]
  return leaves(value, '')
}
const modelParts = (model: object): readonly Part[] => {
  const { input, dtype, chain } = partsOf('told', model)
  return [
    ['input', tensor({ shape: input, dtype })],
    ['output', tensor(chain)],
    ...shapesIn(chainParameters(chain)).map(
      ({ path, shape, statistic }): Part => [`params.${path}`, statistic ? `Statistic<${dims(shape)}>` : tensor({ shape, dtype: 'f32' })],
    ),
  ]
}
const datasetParts = ({ inputs, targets }: Dataset<unknown, unknown>): readonly Part[] => [
  ['inputs', sample(inputs)],
  ['targets', sample(targets)],
]
const sample = ({ classes, shape, dtype = 'f32' }: Pick<Column, 'classes' | 'shape'> & { readonly dtype?: string }): string =>
  classes === null ? tensor({ shape, dtype }) : `readonly [${classes}, ${dims(shape)}]`
const leaves = (tree: unknown, at: string): readonly Part[] => {
  if (isNode(tree)) return [[at, tensor(tree)]]
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([name, inner]) => leaves(inner, at === '' ? name : `${at}.${name}`))
}

interface Shown {
  readonly shape: Dims
  readonly dtype: string
}
const tensor = (x: Shown): string =>
  isStatistic(x) ? `Statistic<${dims(x.shape)}>` : `Tensor<${dims(x.shape)}, ${JSON.stringify(x.dtype)}>`
const dims = (shape: Dims): string => `[${shape.map((dim) => JSON.stringify(dim)).join(', ')}]`
const record = (lines: readonly string[]): string =>
  `{ ${lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort()
    .join('; ')} }`
