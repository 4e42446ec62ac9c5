/** Statistics, i32 leaves and keys are no part of what is trained: in the type, and at run time. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { isStatistic, statistic } from '../../src/autodiff/statistic.ts'
import { trainable } from '../../src/autodiff/trainable.ts'
import { constant, full } from '../../src/graph/expression.ts'
import { isNode } from '../../src/graph/make.ts'
import { nodeOf, tensorOf } from '../../src/graph/node.ts'
import { mapTree, withLeaves, zipTrees } from '../../src/graph/tree.ts'
import { type Key, key } from '../../src/tensor/random.ts'
import type { Statistic, Tensor } from '../../types/tensor.ts'
import type { Trainable } from '../../types/trainable.ts'

const vector = tensorOf<Tensor<[3]>>(full([3], 1))
const count = tensorOf<Tensor<[], 'i32'>>(constant(0, 'i32'))
const tree = {
  norm: { scale: vector, mean: statistic(vector) },
  key: key(0),
  count,
  list: [vector, statistic(vector), { count }] as const,
  nothing: null,
}

describe('Trainable', () => {
  it('is the tree itself where every leaf is trained', () => {
    type P = { readonly a: Tensor<[3]>; readonly b: readonly [Tensor<[2, 'n']>, null]; readonly c: readonly Tensor<[1]>[] }
    expectTypeOf<Trainable<P>>().toEqualTypeOf<P>()
    expectTypeOf<Trainable<Tensor<[3]>>>().toEqualTypeOf<Tensor<[3]>>()
    // biome-ignore lint/complexity/noBannedTypes: the empty record of parameters
    expectTypeOf<Trainable<{}>>().toEqualTypeOf<{}>()
  })

  it('drops what is not trained from records, and keeps its place in tuples', () => {
    expectTypeOf(trainable(tree)).toEqualTypeOf<{
      readonly norm: { readonly scale: Tensor<[3]> }
      // biome-ignore lint/complexity/noBannedTypes: a key has no trained leaf
      readonly key: {}
      // biome-ignore lint/complexity/noBannedTypes: nor has this record
      readonly list: readonly [Tensor<[3]>, null, {}]
      readonly nothing: null
    }>()
    expect(trainable(tree)).toStrictEqual({ norm: { scale: vector }, key: {}, list: [vector, null, {}], nothing: null })
  })

  it('may be returned for a tree that is a type parameter', () => {
    const alone = <P>(p: P): Trainable<P> => trainable(p)
    const beside = <P>(p: P): readonly [P, Trainable<P>] => {
      const trained = trainable(p)
      return [p, trained]
    }
    expectTypeOf(beside(vector)).toEqualTypeOf<readonly [Tensor<[3]>, Tensor<[3]>]>()
    expect([alone(vector), beside(vector)]).toStrictEqual([vector, [vector, vector]])
  })

  it('is null for a lone leaf that is not trained', () => {
    expectTypeOf<Trainable<Statistic<[3]>>>().toEqualTypeOf<null>()
    expectTypeOf<Trainable<Key>>().toEqualTypeOf<Readonly<Record<never, never>>>()
    expect(trainable(count)).toBeNull()
  })
})

describe('statistic', () => {
  it('marks a tensor without changing it', () => {
    expect([isStatistic(vector), isStatistic(statistic(vector)), isStatistic(3)]).toEqual([false, true, false])
    expect(isNode(statistic(vector)) && statistic(vector).shape).toEqual([3])
    expect(statistic(statistic(vector))).toEqual(statistic(vector))
    expect(() => statistic(3 as never)).toThrow('statistic: expected a tensor, got 3')
  })

  it('stays at its place in a tree, whatever replaces the leaf', () => {
    const fresh = nodeOf(tensorOf(full([3], 2)))
    for (const moved of [
      mapTree(tree.norm, () => fresh),
      withLeaves(tree.norm, [fresh, fresh]),
      zipTrees('test', [tree.norm, tree.norm], () => fresh),
    ])
      expect([isStatistic(moved.mean), isStatistic(moved.scale)]).toEqual([true, false])
    expect(mapTree(tree.norm, ({ shape }) => shape)).toEqual({ scale: [3], mean: [3] })
  })
})
