/** Summaries: rows, totals, and the table on a console. */

import { inspect } from 'node:util'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { leaves } from '../../src/graph/tree.ts'
import { block } from '../../src/model/block.ts'
import { compose } from '../../src/model/compose.ts'
import { dense } from '../../src/model/dense.ts'
import { input } from '../../src/model/input.ts'
import type { AnyModel } from '../../src/model/model.ts'
import { named } from '../../src/model/named.ts'
import { batchNorm } from '../../src/model/norm.ts'
import { residual } from '../../src/model/residual.ts'
import { summary } from '../../src/model/summary.ts'
import { relu } from '../../src/tensor/activation.ts'
import { dropout } from '../../src/tensor/dropout.ts'
import { key } from '../../src/tensor/random.ts'
import { dim } from '../../src/tensor/size.ts'

const classifier = pipe(input([784]), dense(256, 'hidden'), relu, dropout(0.5), dense(10, 'logits'))

describe('summary', () => {
  it('has a row a layer', () => {
    expect(summary(classifier)).toEqual({
      rows: [
        { layer: 'input', name: null, depth: 0, output: [784], parameters: 0, trained: 0 },
        { layer: 'dense', name: 'hidden', depth: 0, output: [256], parameters: 200960, trained: 200960 },
        { layer: 'relu', name: null, depth: 0, output: [256], parameters: 0, trained: 0 },
        { layer: 'dropout', name: null, depth: 0, output: [256], parameters: 0, trained: 0 },
        { layer: 'dense', name: 'logits', depth: 0, output: [10], parameters: 2570, trained: 2570 },
      ],
      total: 203530,
      trained: 203530,
    })
  })

  it('is a table on a console', () => {
    const table = [
      'layer    name    output  parameters',
      'input            [784]            0',
      'dense    hidden  [256]       200960',
      'relu             [256]            0',
      'dropout          [256]            0',
      'dense    logits  [10]          2570',
      'total                        203530',
    ].join('\n')
    expect([inspect(summary(classifier)), `${summary(classifier)}`]).toEqual([table, table])
  })

  it('tells what is trained from what is not', () => {
    const normed = pipe(input([4]), dense(3, 'hidden'), batchNorm('norm'))
    const [row] = summary(normed).rows.slice(-1)
    expect(row).toEqual({ layer: 'batchNorm', name: 'norm', depth: 0, output: [3], parameters: 12, trained: 6 })
    expect([summary(normed).total, summary(normed).trained]).toEqual([27, 21])
    expect(`${summary(normed)}`.split('\n').slice(-2)).toEqual([
      'total                              27',
      'trained                            21',
    ])
  })

  it('looks into blocks and composed models', () => {
    const stage = block(dense(8), relu)
    const model = compose(pipe(input([8]), residual(stage), named('stem')(stage)), pipe(input([8]), residual(dense(8))))
    expect(summary(model).rows.map(({ layer, name, depth, parameters }) => [layer, name, depth, parameters])).toEqual([
      ['input', null, 0, 0],
      ['model', 'first', 0, 0],
      ['residual', 'first.residual1', 1, 0],
      ['dense', 'first.residual1.dense1', 2, 72],
      ['relu', null, 2, 0],
      ['block', 'first.stem', 1, 0],
      ['dense', 'first.stem.dense1', 2, 72],
      ['relu', null, 2, 0],
      ['model', 'second', 0, 0],
      ['residual', 'second.residual1', 1, 72],
    ])
  })

  it('counts what init makes, bound sizes included', () => {
    const models: readonly AnyModel[] = [
      classifier,
      pipe(input([dim('columns', 7)]), residual(block(dense(dim('hidden', 5)), dense(dim('columns', 7)))), dense(3)),
      pipe(input(['time', 4]), block(dense(0), block(dense(3)))),
    ]
    for (const model of models) {
      const { rows, total } = summary(model)
      const made = leaves(model.init(key(0))).map(({ node }) =>
        node.shape.reduce<number>((n, d) => n * (typeof d === 'number' ? d : (node.sizes[d] as number)), 1),
      )
      expect(total).toBe(made.reduce((a, b) => a + b, 0))
      expect(rows.reduce((n, { parameters }) => n + parameters, 0)).toBe(total)
      expect(rows.at(-1)?.output).toEqual(model.output)
    }
  })
})
