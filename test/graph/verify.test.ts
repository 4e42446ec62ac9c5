import { describe, expect, it } from 'vitest'
import * as ir from '../../src/graph/expression.ts'
import { type Graph, graphOf } from '../../src/graph/graph.ts'
import { InternalError } from '../../src/graph/internal-error.ts'
import { make } from '../../src/graph/make.ts'
import type { Node } from '../../src/graph/node.ts'
import { verify } from '../../src/graph/verify.ts'

const x = ir.parameter('x', [2, 3], 'f32')
const y = ir.parameter('y', ['batch', 3], 'f32')
const k = ir.parameter('k', [2, 3], 'i32')
const b = ir.parameter('b', [2, 3], 'bool')
const graph = (...outputs: readonly Node[]): Graph => graphOf(outputs, [x, y, k, b])
const complaint = (broken: Graph): string => {
  try {
    verify(broken, 'a pass')
  } catch (error) {
    if (error instanceof InternalError) return error.message
    throw error
  }
  return 'nothing'
}
const of = (node: Node): string => complaint(graph(node))

describe('verify', () => {
  it('gives a sound graph back', () => {
    const sound = graph(ir.sum(ir.mul(ir.exp(y), 2), [0]), ir.slice(y, [0, 1], ['batch', 2]), ir.reduce('max', b, []), ir.neg(k))
    expect(verify(sound, 'trace')).toBe(sound)
  })

  it('finds nodes in the wrong place', () => {
    const sum = ir.add(x, x)
    const sound = graph(sum)
    expect(complaint({ ...sound, nodes: sound.nodes.toReversed() })).toBe('%0 add: operand 0 does not come before it (add -> a pass)')
    expect(complaint({ ...sound, nodes: [...sound.nodes, sum] })).toBe('%5 add: it stands here twice (add -> a pass)')
    expect(complaint({ ...sound, inputs: [y, k, b] })).toBe("%0 parameter: 'x' is no input (parameter -> a pass)")
    expect(complaint({ ...sound, inputs: [x, x, y, k, b] })).toBe('an input is no parameter, or stands there twice (parameter -> a pass)')
    expect(complaint({ ...sound, inputs: [...sound.inputs, sum] })).toBe('an input is no parameter, or stands there twice (add -> a pass)')
    expect(complaint({ ...sound, outputs: [ir.exp(x)] })).toBe('an output is not among the nodes (exp -> a pass)')
    expect(complaint({ ...sound, inputs: [...sound.inputs, ir.parameter('z', [], 'f32')] })).toBe(
      'an input is not among the nodes (parameter -> a pass)',
    )
  })

  it('finds a shape or dtype that does not follow', () => {
    const forged = (fields: object): Node => Object.assign(Object.create(Object.getPrototypeOf(x)), ir.exp(x), fields)
    expect(of(forged({ shape: [3, 2] }))).toBe('%4 exp: it is f32 [2, 3], not f32 [3, 2] (exp -> a pass)')
    expect(of(forged({ dtype: 'i32' }))).toBe('%4 exp: it is f32 [2, 3], not i32 [2, 3] (exp -> a pass)')
    expect(of(forged({ inputs: [x, x] }))).toBe('%4 exp: it has 2 operands (exp -> a pass)')
  })

  it.each([
    [ir.exp(k), 'exp: it is not defined on i32'],
    [ir.add(b, b), 'add: it is not defined on bool'],
    [ir.binary('shiftLeft', b, b), 'shiftLeft: it is not defined on bool'],
    [ir.sum(b, [0]), 'sum: it is not defined on bool'],
    [make('sum', [x], { axes: [1, 0] }), 'sum: axes of [2, 3]'],
    [make('max', [x], { axes: [2] }), 'max: axes of [2, 3]'],
    [ir.constant(0.5, 'i32'), 'constant: 0.5 is no i32'],
    [ir.constant(2, 'bool'), 'constant: 2 is no bool'],
    [ir.data(Float32Array.of(1), [2], 'f32'), 'data: 1 elements of [2]'],
    [ir.iota([2], 1), 'iota: axis 1 of [2]'],
    [ir.iota([-1], 0), 'iota: [-1] is no shape'],
    [ir.reshape(x, [4]), 'reshape: [2, 3] becomes [4]'],
    [ir.permute(x, [0, 0]), 'permute: [0,0] is no permutation'],
    [ir.broadcastTo(x, [2, 4]), 'broadcast: [2, 3] becomes [2, 4]'],
    [ir.broadcastTo(x, [3]), 'broadcast: [2, 3] becomes [3]'],
    [ir.slice(x, [0, 2], [2, 2]), 'slice: [2, 2] from [0,2] of [2, 3]'],
    [ir.slice(y, [1, 0], ['batch', 3]), 'slice: [batch, 3] from [1,0] of [batch, 3]'],
    [make('pad', [x], { low: [1], high: [0, 0] }), 'pad: [1] before and [0,0] after [2, 3]'],
    [make('concat', [x, ir.full([2], 1)], { axis: 0 }), 'concat: f32 [2] is no part of f32 [4, 3]'],
    [ir.argmax(b, 0), 'argmax: it is not defined on bool'],
    [ir.argmax(x, 2), 'argmax: axis 2 of [2, 3]'],
    [make('dot', [x, x], { batch: 1, contract: [[0], [0]] }), 'dot: it contracts [0] with [0] after 1 axes'],
    [make('dot', [x, k], { batch: 0, contract: [[1], [1]] }), 'dot: its operands have two dtypes'],
  ])('finds what an op does not allow: $1', (node, message) => {
    expect(
      complaint(
        graphOf(
          [node],
          [x, y, k, b].filter((input) => node.inputs.includes(input)),
        ),
      ),
    ).toContain(message)
  })
})
