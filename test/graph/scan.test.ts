import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../src/compiler/fingerprint.ts'
import { rewrite, rule } from '../../src/compiler/rewrite.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import { trace } from '../../src/compiler/trace.ts'
import { describe as line } from '../../src/graph/describe.ts'
import * as ir from '../../src/graph/expression.ts'
import { areSiblings, bindDims, type Graph, graphOf } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import { outputsOf, scanned } from '../../src/graph/loop.ts'
import { make } from '../../src/graph/make.ts'
import type { Loop, Node, NodeOf } from '../../src/graph/op.ts'
import { print } from '../../src/graph/print.ts'
import { verify } from '../../src/graph/verify.ts'

const f32 = (values: readonly number[], shape: readonly number[] = [values.length]) => ir.data(Float32Array.from(values), shape, 'f32')
const elements = (...nodes: readonly Node[]): readonly (readonly number[])[] =>
  interpret(verify(bindDims(graphOf(nodes, []), {}, 'test'), 'test'), []).map(({ values }) => [...values])

/** h' = h * decay + x, and as results h before and the row's number in `count`. */
const decaying = (length: number, reverse: boolean) => {
  const rows = f32(Array.from({ length }, (_, t) => 10 ** t))
  const { carries, results } = scanned(
    { initial: [f32([1], []), ir.constant(0, 'i32')], sequences: [rows], length, reverse },
    ([h, count], [x]) => ({
      carries: [ir.add(ir.mul(h as Node, f32([2], [])), x as Node), ir.add(count as Node, 1)],
      results: [h as Node, count as Node],
    }),
  )
  return [...carries, ...results]
}

describe('a loop', () => {
  it('walks from the first row to the last, or the other way, and does nothing for no rows', () => {
    expect(elements(...decaying(3, false))).toEqual([[2 * (2 * (2 + 1) + 10) + 100], [3], [1, 3, 16], [0, 1, 2]])
    expect(elements(...decaying(3, true))).toEqual([[2 * (2 * (2 + 100) + 10) + 1], [3], [214 * 1, 102, 1], [2, 1, 0]])
    expect(elements(...decaying(0, false))).toEqual([[1], [0], [], []])
  })

  it('needs neither carries nor sequences', () => {
    const squares = scanned({ initial: [], sequences: [f32([1, 2, 3])], length: 3 }, (_, [x]) => ({
      carries: [],
      results: [ir.mul(x as Node, x as Node)],
    }))
    expect(elements(...squares.results)).toEqual([[1, 4, 9]])
    const powers = scanned({ initial: [f32([1], [])], sequences: [], length: 4 }, ([x]) => ({
      carries: [ir.mul(x as Node, 2)],
      results: [],
    }))
    expect(elements(...powers.carries)).toEqual([[16]])
  })

  it('runs inside a loop, over what the outer one has', () => {
    const rows = f32([1, 2, 3, 4], [2, 2])
    const { carries } = scanned({ initial: [f32([0], [])], sequences: [rows], length: 2 }, ([total], [row]) => {
      const inner = scanned({ initial: [total as Node], sequences: [row as Node], length: 2 }, ([sum], [x]) => ({
        carries: [ir.add(sum as Node, ir.mul(x as Node, total as Node))],
        results: [],
      }))
      return { carries: [ir.add(inner.carries[0] as Node, 1)], results: [] }
    })
    // 0 -> 0 + 1 -> 1 + 3 + 4 + 1
    expect(elements(...carries)).toEqual([[9]])
  })

  it('computes before the loop what depends on neither carries nor rows, and keeps what costs nothing inside', () => {
    const weight = ir.parameter('weight', [2, 2], 'f32')
    const { carries } = scanned({ initial: [f32([1, 1])], sequences: [], length: 3 }, ([h]) => {
      const mask = ir.cast(ir.less(ir.iota([2], 0), 1), 'f32')
      const product = ir.dot(h as Node, ir.tanh(weight), [[0], [0]])
      return { carries: [ir.add(ir.mul(product, mask), 0.5)], results: [] }
    })
    const [loop] = carries as readonly [NodeOf<'scan'>]
    expect(loop.inputs.map(({ op }) => op)).toEqual(['data', 'tanh'])
    expect(loop.attributes.body.nodes.map(({ op }) => op).sort()).toEqual(
      ['add', 'broadcast', 'broadcast', 'cast', 'constant', 'constant', 'dot', 'iota', 'less', 'mul', 'parameter', 'parameter'].sort(),
    )
  })
})

const h = ir.parameter('h', [2], 'f32')
const xs = ir.parameter('xs', [5, 2], 'f32')
const body = (outputs: (h: Node, x: Node) => readonly Node[]): Graph => {
  const [carry, row] = [ir.parameter('carry', [2], 'f32'), ir.parameter('row', [2], 'f32')]
  return graphOf(outputs(carry, row), [carry, row])
}
const sound = body((carry, row) => [ir.add(carry, row), row])
const loop: Loop = { body: sound, carries: 1, sequences: 1, shape: [5], reverse: false, output: 0 }
const complaint = (inputs: readonly Node[], changes: Partial<Loop>): string => {
  try {
    verify(graphOf([make('scan', inputs, { ...loop, ...changes })], [h, xs]), 'a pass')
  } catch (error) {
    return (error as Error).message.replace(/^%\d+ /, '')
  }
  return 'nothing'
}

describe('verify', () => {
  it('allows a loop whose body fits', () => {
    expect(complaint([h, xs], {})).toBe('nothing')
    expect(complaint([h, xs], { output: 1 })).toBe('nothing')
  })

  it.each<readonly [readonly Node[], Partial<Loop>, string]>([
    [[h], {}, 'scan: it has 1 operands, its body 2 (scan -> a pass)'],
    [[h, xs], { shape: [4] }, 'scan: sequence 0 is [5, 2], not [4, ...] (scan -> a pass)'],
    [[h, xs], { shape: [] }, 'scan: its length is [] (scan -> a pass)'],
    [[h, xs], { shape: [-1] }, 'scan: sequence 0 is [5, 2], not [-1, ...] (scan -> a pass)'],
    [[xs, xs], {}, 'scan: operand 0 of its body is f32 [2], not f32 [5, 2] (scan -> a pass)'],
    [[h, xs], { carries: 0, sequences: 1 }, 'scan: sequence 0 is [2], not [5, ...] (scan -> a pass)'],
    [[h, xs], { body: body((carry, row) => [ir.greater(carry, row)]) }, 'scan: carry 0 is f32 [2], then bool [2] (scan -> a pass)'],
    [[h, xs], { body: body((carry) => [ir.sum(carry, [0])]) }, 'scan: carry 0 is f32 [2], then f32 [] (scan -> a pass)'],
    [[h, xs], { body: body(() => [f32([1, 2])]) }, 'a body has data of its own (scan -> a pass)'],
    [[h, xs], { body: body(() => [h]) }, "parameter: 'h' is no input (parameter -> scan -> a pass)"],
  ])('finds what does not: %#', (inputs, changes, message) => {
    expect(complaint(inputs, changes)).toBe(message)
  })

  it('looks at every output that is asked for', () => {
    expect(() => make('scan', [h, xs], { ...loop, output: 2 })).toThrow('input 2 is missing')
  })
})

describe('print', () => {
  it('shows a body once, below the first node that has it', () => {
    const outputs = outputsOf(loop, [h, xs])
    expect(print(graphOf([...outputs, ir.sum(outputs[1] as Node, [0])], [h, xs]))).toBe(
      [
        'inputs: %0 h, %1 xs',
        '%0: f32 [2] = parameter h',
        '%1: f32 [5, 2] = parameter xs',
        '%2: f32 [2] = scan %0 %1 {length: 5, carries: 1, sequences: 1, output: 0} of body 0:',
        '  inputs: %0 carry, %1 row',
        '  %0: f32 [2] = parameter carry',
        '  %1: f32 [2] = parameter row',
        '  %2: f32 [2] = add %0 %1',
        '  outputs: %2, %1',
        '%3: f32 [5, 2] = scan %0 %1 {length: 5, carries: 1, sequences: 1, output: 1} of body 0',
        '%4: f32 [2] = sum %3 {axes: [0]}',
        'outputs: %2, %3, %4',
        '',
      ].join('\n'),
    )
    expect(line(outputs[0] as Node)).toBe('f32 [2] = scan(h, xs, {length: 5, carries: 1, sequences: 1, output: 0})')
  })
})

describe('passes', () => {
  const running = (name: string) =>
    scanned({ initial: [h], sequences: [xs], length: 5 }, ([carry], [row]) => {
      const sum = ir.add(ir.mul(carry as Node, 1), ir.parameter(name, [2], 'f32'))
      return { carries: [ir.add(sum, row as Node)], results: [sum] }
    })

  it('rewrite bodies, and keep siblings', () => {
    const { carries, results } = running('w')
    const inputs = [h, xs, ...new Set([...carries, ...results].map((n) => n.inputs[2] as Node))]
    const times = rule('x * 1 -> x', 'mul', (n) => n.inputs[0] as Node)
    const after = verify(rewrite(graphOf([...carries, ...results], inputs), [times]), 'test')
    const [first, second] = after.outputs as readonly [NodeOf<'scan'>, NodeOf<'scan'>]
    expect(first.attributes.body.nodes.map(({ op }) => op)).toEqual(['parameter', 'parameter', 'parameter', 'add', 'add'])
    expect(areSiblings(first, second)).toBe(true)
  })

  it('make one body of two that are alike, and one loop of two over the same', () => {
    const [one, other] = [running('w'), running('w')]
    const w = one.carries[0]?.inputs[2] as Node
    const same = outputsOf((other.carries[0] as NodeOf<'scan'>).attributes, [h, xs, w])
    const { outputs } = rewrite(graphOf([...one.carries, ...same], [h, xs, w]), [])
    expect(outputs[0]).toBe(outputs[1])
    expect(areSiblings(outputs[0] as NodeOf<'scan'>, outputs[2] as Node)).toBe(true)
  })

  it('bind names inside bodies', () => {
    const named = ir.parameter('xs', ['time', 'batch'], 'f32')
    const { carries } = scanned({ initial: [ir.full(['batch'], 0)], sequences: [named], length: 'time' }, ([sum], [row]) => ({
      carries: [ir.add(sum as Node, ir.mul(ir.full(['batch'], 3), ir.mean(row as Node, [0])))],
      results: [],
    }))
    const graph = verify(bindDims(graphOf(carries, [named]), { time: 2, batch: 2 }, 'test'), 'test')
    expect(interpret(graph, [{ dtype: 'f32', shape: [2, 2], values: Float64Array.of(1, 3, 5, 7) }])[0]?.values).toEqual(
      Float64Array.of(24, 24),
    )
  })

  it('give loops of one structure one fingerprint', () => {
    const traced = (by: number, factor: number) =>
      trace({
        step: ((state: Node) => [
          scanned({ initial: [state], sequences: [f32([by, 2 * by])], length: 2 }, ([sum], [x]) => ({
            carries: [ir.mul(ir.add(sum as Node, x as Node), factor)],
            results: [],
          })).carries[0],
          [],
        ]) as never,
        state: f32([1], []),
        args: [],
        bind: [{}],
      })
    const print = (by: number, factor: number) => fingerprint(traced(by, factor), [{}], strictTarget)
    expect(print(1, 2)).toBe(print(7, 2))
    expect(print(1, 2)).not.toBe(print(1, 3))
  })
})
