/** Random stacks of layers: what the value twins declare is what an expression has; long ones do not run out of stack. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeOf } from '../../src/graph/node.ts'
import { leaves } from '../../src/graph/tree.ts'
import { block } from '../../src/model/block.ts'
import { addBranches, concatBranches } from '../../src/model/branches.ts'
import { type DenseParams, dense } from '../../src/model/dense.ts'
import { input } from '../../src/model/input.ts'
import type { AnyModel, Out } from '../../src/model/model.ts'
import { named } from '../../src/model/named.ts'
import { residual } from '../../src/model/residual.ts'
import { sequential } from '../../src/model/sequential.ts'
import { gelu, relu } from '../../src/tensor/activation.ts'
import { ones, zeros } from '../../src/tensor/create.ts'
import { dropout } from '../../src/tensor/dropout.ts'
import { flatten } from '../../src/tensor/movement.ts'
import { key } from '../../src/tensor/random.ts'
import { dim } from '../../src/tensor/size.ts'
import { softmax } from '../../src/tensor/softmax.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { numbers } from '../autodiff/differences.ts'
import { type Eq, is } from '../types/cases/eq.ts'

/** A layer; it need not fit. */
type Value = unknown
const widths = fc.constantFrom(0, 1, 2, 3, 5)
const { layer } = fc.letrec<{ layer: Value; leaf: Value }>((tie) => ({
  leaf: fc.oneof(
    widths.map((n) => dense(n as 3)),
    fc.tuple(widths, widths).map(([m, n]) => dense(m as 3, n as 3)),
    widths.map((n) => dense((dim as Untyped)(`size${n}`, n))),
    fc.constantFrom<Value>(relu, gelu, flatten, softmax(-1), dropout(0.5)),
    fc.constantFrom('a', 'b').map((name) => dense(2, name)),
  ),
  layer: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('layer'), { maxLength: 3 }).map((layers) => made(() => (block as Untyped)(...layers)) ?? relu),
    tie('layer').map((inner) => (residual as Untyped)(inner)),
    tie('layer').map((inner) => (named as Untyped)('c')(inner)),
    fc
      .tuple(fc.constantFrom<Untyped>(addBranches, concatBranches), fc.array(tie('layer'), { minLength: 1, maxLength: 3 }))
      .map(([joining, branches]) => made(() => joining(...branches)) ?? relu),
    tie('layer').map((inner) => (concatBranches as Untyped)(inner, relu)),
    tie('layer').map((inner) => made(() => (addBranches as Untyped)(inner, inner)) ?? relu),
  ),
}))
// biome-ignore lint/suspicious/noExplicitAny: layers that no type has seen
type Untyped = (...given: any[]) => any

/** What is made, or null where it is refused with a sentence. */
const made = <T>(make: () => T): T | null => {
  try {
    return make()
  } catch (error) {
    if (error instanceof ShapeError) return null
    throw error
  }
}
/** Extends a model by the layers that fit. */
const stacked = (shape: readonly number[], layers: readonly Value[]): AnyModel =>
  layers.reduce<AnyModel>((model, each) => made(() => (each as Untyped)(model)) ?? model, (input as Untyped)(shape))

describe('a stack of layers', () => {
  it('has the shape that it declares, from apply and from applyTraining', () => {
    fc.assert(
      fc.property(
        fc.array(widths, { maxLength: 3 }),
        fc.constantFrom(0, 1, 4),
        fc.array(layer, { maxLength: 6 }),
        (shape, batch, layers) => {
          const model = stacked(shape, layers)
          const params = model.init(key(0))
          const x = ones([batch, ...shape] as [number]) as never
          const y = nodeOf(model.apply(params, x))
          const [trained, next] = model.applyTraining(params, x, key(1))
          expect(y.shape).toEqual([batch, ...(model.output as readonly unknown[])])
          expect(nodeOf(trained).shape).toEqual(y.shape)
          expect(leaves(next)).toEqual(leaves(params))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('of 200 layers compiles and runs', () => {
    const ten = [dense(4), relu, dense(3), relu, dense(4), relu, dense(2), relu, dense(4), relu] as const
    const fifty = [...ten, ...ten, ...ten, ...ten, ...ten] as const
    const model = sequential(input([4]), ...fifty, ...fifty, ...fifty, ...fifty)
    const params = model.init(key(0))
    is<Eq<(typeof params)['dense100'], DenseParams<2, 4>>>()
    is<Eq<Out<typeof model>, [4]>>()
    expect(Object.keys(params)).toEqual(Array.from({ length: 100 }, (_, i) => `dense${i + 1}`))
    expect(numbers(nodeOf(model.apply(params, zeros([2, 4]))))).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })
})
