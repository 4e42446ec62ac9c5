/** A function over a batch, compiled once and run over all samples of a data set. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { mappedClasses, mappingFault, mixedMessage, rowsFault } from '../../types/mapped.ts'
import { recordMessage } from '../../types/options.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { AnyTensor } from '../../types/tensor.ts'
import { build } from '../compiler/compile.ts'
import type { Source } from '../compiler/trace.ts'
import { mixing } from '../graph/each-row.ts'
import * as e from '../graph/expression.ts'
import { graphOf } from '../graph/graph.ts'
import { isNode, mergeSizes, ownSizes } from '../graph/make.ts'
import { type Node, nodeOf, tensorOf } from '../graph/node.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { Entry, Slot } from '../runtime/machine.ts'
import { pace } from '../runtime/pace.ts'
import { shown } from '../tensor/argument.ts'
import { entryAt, rowsAtOnce, runRows } from './batches.ts'
import { contentFault } from './checks.ts'
import { type Column, type ColumnType, columnType, columnWith, emptyValues, typeOnly } from './column.ts'
import type { DataError, Rows, RowTypes } from './data-source.ts'
import { seenRows, specifiedRows } from './stored.ts'

/** Samples to samples; the first has this number. */
export interface Mapper extends RowTypes {
  readonly run: (rows: Rows, first: number) => TE.TaskEither<DataError, Rows>
}
export type MapFunction = (x: AnyTensor, y: AnyTensor) => unknown

/** What the function gives is looked at before anything is compiled; `most` samples come at once, at most. */
export const mapperOf = (given: RowTypes, f: MapFunction, options: unknown, most: number): TE.TaskEither<CompileError, Mapper> => {
  const message = recordMessage('map', options, ['classes'], shown)
  if (message !== null) throw new ShapeError(message)
  if (typeof f !== 'function') throw new ShapeError(`map: expected a function of a batch, got ${shown(f)}`)
  const sizes = [given.inputs.sizes, given.targets.sizes].reduce(mergeSizes)
  const clash = mappingFault(sizes)
  if (clash !== null) throw new ShapeError(clash)
  const sides = [given.inputs, given.targets]
  const args = sides.map((type) => specifiedRows(type, 'batch'))
  const apply = (...rows: readonly AnyTensor[]): readonly [Node, Node] => {
    const [x, y] = sides.map((type, i) => seenRows(type, rows[i] as AnyTensor)) as [AnyTensor, AnyTensor]
    return pairOf(f(x, y))
  }
  const parameters = args.map(({ shape, dtype }, i) => tensorOf<AnyTensor>(e.parameter(`argument ${i}`, shape, dtype, sizes)))
  const { classes } = options as { readonly classes?: number }
  const outs = outputsOf(given, parameters, f, classes)
  const made = outs.filter(({ from }) => from === null)
  if (made.length === 0) return TE.right(mapper(given, outs, null, 0))
  const rows = rowsAtOnce(most)
  const computed = (...given: readonly AnyTensor[]) => apply(...given).filter((_, i) => outs[i]?.from === null)
  const step = (state: object, ...rows: readonly AnyTensor[]) => [state, computed(...rows).map((node) => tensorOf(node))] as const
  const source: Source = { step: step as Source['step'], state: {}, args, bind: [{ ...sizes, batch: rows }] }
  return pipe(
    build(source),
    TE.map((machine) => mapper(given, outs, entryAt(machine, 0), rows)),
  )
}

/** What becomes of one side: the column that it was given as, or what is computed. */
interface Output {
  readonly type: ColumnType
  readonly from: 'inputs' | 'targets' | null
}

const outputsOf = (given: RowTypes, parameters: readonly AnyTensor[], f: MapFunction, asked: number | undefined): readonly Output[] => {
  const seen = [given.inputs, given.targets].map((type, i) => seenRows(type, parameters[i] as AnyTensor))
  const [x, y] = seen as [AnyTensor, AnyTensor]
  const results = pairOf(f(x, y))
  const mixed = mixing(graphOf(results, parameters.map(nodeOf)), 'batch')
  if (mixed !== null) throw new ShapeError(mixedMessage(mixed))
  return results.map((node, i): Output => {
    const { shape, dtype, sizes } = node
    const classes = i === 0 ? null : mappedClasses({ shape, dtype }, given.targets.classes, asked)
    if (typeof classes === 'string') throw new ShapeError(classes)
    const place = seen.findIndex((tensor) => nodeOf(tensor) === node)
    const from = place < 0 ? null : (['inputs', 'targets'] as const)[place]
    if (from === undefined || from === null) {
      const sample = shape.slice(1)
      return { type: columnType(sample, ownSizes(sample, sizes), dtype === 'i32' ? 'i32' : 'f32', classes), from: null }
    }
    // a column that is left as it is stays what it is: bytes are bytes
    return { type: { ...typeOnly(given[from]), classes: i === 0 ? given[from].classes : classes }, from }
  })
}

/** The nodes of what the function gives, if it is inputs and targets. */
const pairOf = (result: unknown): readonly [Node, Node] => {
  if (!Array.isArray(result) || result.length !== 2) throw new ShapeError('map: the function must give [inputs, targets]')
  const nodes = result.map((tensor, i) => {
    const fault = rowsFault(i === 0 ? 'inputs' : 'targets', isNode(tensor) ? tensor : null)
    if (fault !== null) throw new ShapeError(fault)
    return nodeOf(tensor as AnyTensor)
  })
  return nodes as unknown as readonly [Node, Node] // as many as were given
}

const mapper = (given: RowTypes, outs: readonly Output[], entry: Entry | null, atOnce: number): Mapper => {
  const [inputs, targets] = outs.map(({ type }) => type) as [ColumnType, ColumnType]
  const breath = pace()
  // one machine for all: a block that comes while another is mapped waits for it
  let turn: Promise<unknown> = Promise.resolve()
  const work = async (rows: Rows): Promise<readonly Column[]> => {
    const { length } = rows.inputs
    const columns = outs.map(
      ({ type, from }): Column => (from === null ? columnWith(type, emptyValues(type, length)) : { ...rows[from], ...type }),
    )
    if (entry === null) return columns
    const computed = columns.filter((_, i) => outs[i]?.from === null)
    breath.turn()
    for (let at = 0; at < length; at += atOnce) {
      const count = Math.min(atOnce, length - at)
      runRows(entry, [rows.inputs, rows.targets], at, count)
      for (const [i, { values, width }] of computed.entries())
        values.set((entry.results[i] as Slot).view.subarray(0, count * width), at * width)
      if (breath.due()) await breath.rest()
    }
    return columns
  }
  const isChecked = (side: 0 | 1): boolean => {
    const { type, from } = outs[side] as Output
    return from !== null && given[from].classes === type.classes
  }
  const run = (rows: Rows, first: number) => async (): Promise<E.Either<DataError, Rows>> => {
    const mapped = turn.then(() => work(rows))
    turn = mapped.catch(() => null)
    const [x, y] = (await mapped) as readonly [Column, Column]
    const fault =
      (isChecked(0) ? null : contentFault('map', 'input', x, first)) ?? (isChecked(1) ? null : contentFault('map', 'target', y, first))
    return fault === null ? E.right({ inputs: x, targets: y, weights: rows.weights }) : E.left(fault)
  }
  return { inputs, targets, weights: given.weights, run }
}
