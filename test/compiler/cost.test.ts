/** What a kernel costs: counted by hand for known kernels, and against the instructions that are emitted. */
import { describe, expect, it } from 'vitest'
import { lower } from '../../src/compiler/compile.ts'
import { costOf, flopsOfOp, integersOfRandom } from '../../src/compiler/cost.ts'
import { type Body, emptyBody, type Instruction, type View } from '../../src/compiler/kernel.ts'
import type { LaidLoop } from '../../src/compiler/layout/laid.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import { trace } from '../../src/compiler/trace.ts'
import { binaryOps, unaryOps } from '../../src/graph/op.ts'
import type { Code } from '../../src/wasm/assembler/code.ts'
import { emitElement } from '../../src/wasm/emit/element.ts'
import { emitThreefry } from '../../src/wasm/math/threefry.ts'
import { arithmeticOf } from '../../src/wasm/math/vector-math.ts'
import { sources } from '../laws/sources.ts'
import { single } from '../wasm/instance.ts'

const view = (buffer: number, offset: number, ...strides: readonly number[]): View => ({ buffer, offset, strides })
const load = (v: View): Instruction => ({ op: 'load', view: v, dtype: 'f32' })
const apply = (op: 'add' | 'mul' | 'exp', ...inputs: readonly number[]): Instruction => ({ op: 'apply', apply: op, inputs, dtype: 'f32' })
const loop = (outer: readonly number[], inner: readonly number[], body: Body): LaidLoop => ({
  kind: 'loop',
  outer,
  phases: [{ inner, body, accumulate: [], after: emptyBody }],
  lanes: 'inner',
  straight: [0],
  vectors: 1,
  split: null,
})
const copied = (...views: readonly View[]): Body => ({
  instructions: views.map(load),
  stores: [{ value: 0, view: { ...(views[0] as View), buffer: 99 } }],
})

describe('the cost of a kernel of XOR', () => {
  const source = sources['xor 2-8-1, Adam']?.() as ReturnType<(typeof sources)[string]>
  const kernels = lower(trace(source), source.bind).entries[0]?.kernels ?? []

  it('counts a contraction with its epilogue', () => {
    const [hidden] = kernels
    expect(hidden?.kind).toBe('contract')
    expect(hidden && costOf(hidden)).toEqual({
      flops: 2 * 4 * 8 * 2 + 4 * 8 * (1 + flopsOfOp.tanh),
      integerOps: 0,
      bytesRead: 4 * (4 * 2 + 2 * 8 + 8),
      bytesWritten: 4 * 4 * 8,
    })
  })
  it('counts an update of the optimizer, and once what is the same for all', () => {
    const adam = kernels.flatMap((k) =>
      k.kind !== 'loop' ? [] : k.phases.filter(({ inner }) => inner[0] === 16).map((phase) => ({ ...k, phases: [phase] })),
    )[0]
    // 12 operations an element; the product of two scalars stands before the loop. Parameter, gradient, two moments; two scalars
    expect(adam && costOf(adam)).toEqual({ flops: 12 * 16 + 1, integerOps: 0, bytesRead: 4 * (4 * 16 + 2), bytesWritten: 4 * 3 * 16 })
  })
  it('counts a reduction and what follows it', () => {
    const bias = kernels.find((k) => k.kind === 'loop' && k.outer[0] === 8)
    expect(bias && costOf(bias)).toEqual({
      flops: 8 * 4 + 12 * 8 + 1,
      integerOps: 0,
      bytesRead: 4 * (4 * 8 + 3 * 8 + 2),
      bytesWritten: 4 * 3 * 8,
    })
  })
})

describe('the bytes of a kernel', () => {
  const read = (k: LaidLoop): number => costOf(k).bytesRead / 4

  it('are counted once, through however many views and phases', () => {
    const body = copied(view(0, 0, 5, 1), view(0, 0, 5, 1))
    const [phase] = loop([3], [5], body).phases
    expect(read(loop([3], [5], body))).toBe(15)
    expect(read({ ...loop([3], [5], body), phases: [phase, phase] as LaidLoop['phases'] })).toBe(15)
  })
  it('are those of windows that overlap, stretched axes and parts', () => {
    expect(read(loop([6], [3], copied(view(0, 0, 1, 1))))).toBe(8)
    expect(read(loop([6], [3], copied(view(0, 0, 0, 1))))).toBe(3)
    expect(read(loop([], [4], copied(view(0, 0, 1), view(0, 4, 1))))).toBe(8)
    expect(read(loop([], [4], copied(view(0, 0, 1), view(0, 1, 1))))).toBe(5)
    expect(read(loop([], [4], copied(view(0, 0, 2))))).toBe(4)
    expect(read(loop([], [4], copied(view(0, 3, -1), view(1, 0, 1))))).toBe(8)
  })
  it('are as wide as they are stored', () => {
    expect(read(loop([], [12], copied({ ...view(0, 0, 1), storage: 'u8' })))).toBe(3)
  })
  it('are none where there are no points', () => {
    expect(costOf(loop([0], [4], copied(view(0, 0, 4, 1))))).toEqual({ flops: 0, integerOps: 0, bytesRead: 0, bytesWritten: 0 })
  })
})

describe('the operations of a kernel', () => {
  it('are done where the last axis turns that they depend on', () => {
    const body = {
      instructions: [load(view(0, 0, 1, 0)), apply('exp', 0), load(view(1, 0, 0, 1)), apply('mul', 1, 2)],
      stores: [{ value: 3, view: view(2, 0, 7, 1) }],
    }
    expect(costOf(loop([5], [7], body)).flops).toBe(5 * flopsOfOp.exp + 35)
  })
  it('are integers for a random word', () => {
    const index: Instruction = { op: 'index', offset: 0, strides: [1], dtype: 'i32' }
    const key: Instruction = { op: 'load', view: view(0, 0, 0), dtype: 'i32' }
    const body: Body = {
      instructions: [key, index, { op: 'random', inputs: [0, 0, 1], dtype: 'i32' }],
      stores: [{ value: 2, view: view(1, 0, 1) }],
    }
    expect(costOf(loop([], [10], body))).toEqual({ flops: 0, integerOps: 10 * integersOfRandom, bytesRead: 4, bytesWritten: 40 })
  })
})

/** Instructions of a straight line for one lane: those of a case that is rare (`if`) are left out, and f64 has two lanes. */
const emitted = (operands: number, emit: (code: Code) => void, counted: RegExp): number => {
  const lines = single([], [], (code) => {
    for (let i = 0; i < operands; i++) code.v128f(1)
    emit(code)
    code.drop()
  }).text()
  let [depth, count] = [0, 0]
  for (const line of lines.split('\n').map((text) => text.trim())) {
    if (line === 'if') depth++
    else if (line === 'end') depth--
    else if (depth === 0 && counted.test(line)) count += line.startsWith('f64x2') ? 0.5 : 1
  }
  return count
}
const arithmetic = /^f(32x4|64x2)\.(add|sub|mul|div|sqrt|p?min|p?max|neg|abs|floor|ceil|trunc|nearest)$/

describe('what an op costs is what is emitted for it:', () => {
  it.each([...unaryOps, ...binaryOps])('%s', (op) => {
    const operands = (unaryOps as readonly string[]).includes(op) ? 1 : 2
    expect(flopsOfOp[op]).toBe(
      emitted(operands, (code) => emitElement(code, arithmeticOf(strictTarget), op, 'f32', 'f32', () => {}), arithmetic),
    )
  })
  it('random', () => {
    const emit = (code: Code): void => {
      const [key0, key1, element] = [code.local('v128'), code.local('v128'), code.local('v128')]
      code.set(element)
      emitThreefry(code, key0, key1, element)
    }
    expect(integersOfRandom).toBe(emitted(1, emit, /^(i32x4|v128)\.(add|shl|shr_u|shr_s|or|xor|bitselect)$/))
  })
})
