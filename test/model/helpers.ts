/** What the tests of models have in common. */
import { expect } from 'vitest'
import { parameter as parameterNode } from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Dims } from '../../types/dim.ts'
import { ShapeError } from '../../types/shape-error.ts'

/** An input of a graph: a tensor without a value. */
export const parameter = (shape: Dims): Node => parameterNode('x', shape, 'f32')

/** The mistake throws a `ShapeError` with this sentence. */
export const refuses = (sentence: string, mistake: () => unknown): void => {
  expect(mistake).toThrow(ShapeError)
  expect(mistake).toThrow(new RegExp(`^${sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`))
}
