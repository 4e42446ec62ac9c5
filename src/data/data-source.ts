/** Samples with their targets, in memory or elsewhere: what training asks of them, and why they can't be had. */
import type { TargetTensor } from '../../types/classes.ts'
import type { Shape } from '../../types/dim.ts'
import type { Typed } from '../../types/model.ts'
import type { Tensor } from '../../types/tensor.ts'
import type { Column, ColumnType } from './column.ts'

declare const SAMPLE: unique symbol

/** Samples of the shape `X`, or i32 ones (`Typed`, `Classes`), each with a target: a tensor of the shape `Y`, or `Classes`. */
export interface DataSource<in out X, in out Y> {
  readonly length: number
  readonly inputs: ColumnType
  readonly targets: ColumnType
  /** What each sample's loss is multiplied by, a number a sample; null where all count as one. */
  readonly weights: ColumnType | null
  readonly [SAMPLE]: (x: X, y: Y) => [X, Y]
}

/** A batch of inputs. */
export type InputTensor<B, X> = X extends Typed<infer S, infer D> ? (S extends Shape ? Tensor<[B, ...S], D> : never) : TargetTensor<B, X>

/** Why samples could not be had; `message` says it in one line. Samples count from 0. */
export type DataError = { readonly message: string } & (
  | { readonly tag: 'Unreadable' }
  | { readonly tag: 'NotFinite'; readonly sample: number; readonly value: number }
  | { readonly tag: 'BadLabel'; readonly sample: number; readonly value: number; readonly classes: number }
  /** A token for which the model has no row. */
  | { readonly tag: 'BadToken'; readonly sample: number; readonly value: number; readonly rows: number }
  | { readonly tag: 'BadWeight'; readonly sample: number; readonly value: number }
)

/** What the columns of samples are. */
export interface RowTypes {
  readonly inputs: ColumnType
  readonly targets: ColumnType
  readonly weights: ColumnType | null
}
/** Samples in memory, their columns side by side. */
export interface Rows extends RowTypes {
  readonly inputs: Column
  readonly targets: Column
  readonly weights: Column | null
}

/** The types of the columns that there are. */
export const typesOf = ({ inputs, targets, weights }: RowTypes): readonly ColumnType[] =>
  weights === null ? [inputs, targets] : [inputs, targets, weights]
/** The columns that there are. */
export const columnsOf = ({ inputs, targets, weights }: Rows): readonly Column[] =>
  weights === null ? [inputs, targets] : [inputs, targets, weights]
/** The same change of each column that there is. */
export const mapColumns = ({ inputs, targets, weights }: Rows, change: (column: Column) => Column): Rows => ({
  inputs: change(inputs),
  targets: change(targets),
  weights: weights === null ? null : change(weights),
})
