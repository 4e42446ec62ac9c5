/** Products that go into one sum alone are rounded with it, where that was asked for. */
import { describe, expect, it } from 'vitest'
import type { Body, Instruction, LoopKernel } from '../../src/compiler/kernel.ts'
import { withMultiplyAdds } from '../../src/compiler/layout/multiply-add.ts'

const load = (buffer: number): Instruction => ({ op: 'load', view: { buffer, offset: 0, strides: [1] }, dtype: 'f32' })
const apply = (op: 'add' | 'mul', ...inputs: number[]): Instruction => ({ op: 'apply', apply: op, inputs, dtype: 'f32' })
const store = (value: number) => ({ value, view: { buffer: 9, offset: 0, strides: [1] } })
const bodyOf = (instructions: readonly Instruction[], ...values: number[]): Body => ({ instructions, stores: values.map(store) })
const mapOf = (body: Body, value?: number): LoopKernel => ({
  kind: 'loop',
  outer: [],
  phases: [
    {
      inner: [8],
      body,
      accumulate: value === undefined ? [] : [{ op: 'sum', value, dtype: 'f32' }],
      after: { instructions: [], stores: [] },
    },
  ],
})
const text = (body: Body, value?: number): string => {
  const kernel = withMultiplyAdds(mapOf(body, value)) as LoopKernel
  const [phase] = kernel.phases
  const lines = phase?.body.instructions.map((i) => (i.op === 'apply' ? `${i.apply} ${i.inputs.join(' ')}` : i.op)) ?? []
  return [
    ...lines,
    `-> ${phase?.body.stores.map((s) => s.value).join(' ')}`,
    ...(phase?.accumulate.map((a) => `sum ${a.value}`) ?? []),
  ].join('; ')
}
const [x, y, z] = [load(0), load(1), load(2)]

describe('withMultiplyAdds', () => {
  it('takes a product on either side, and one of two', () => {
    expect(text(bodyOf([x, y, z, apply('mul', 0, 1), apply('add', 3, 2)], 4))).toBe('load; load; load; multiplyAdd 0 1 2; -> 3')
    expect(text(bodyOf([x, y, z, apply('mul', 0, 1), apply('add', 2, 3)], 4))).toBe('load; load; load; multiplyAdd 0 1 2; -> 3')
    expect(text(bodyOf([x, y, apply('mul', 0, 0), apply('mul', 1, 1), apply('add', 2, 3)], 4))).toBe(
      'load; load; mul 1 1; multiplyAdd 0 0 2; -> 3',
    )
  })
  it('leaves products alone that are used elsewhere: stored, summed, or twice', () => {
    const sum = [x, y, apply('mul', 0, 1), apply('add', 2, 1)]
    expect(text(bodyOf(sum, 2, 3))).toBe('load; load; mul 0 1; add 2 1; -> 2 3')
    expect(text(bodyOf(sum, 3), 2)).toBe('load; load; mul 0 1; add 2 1; -> 3; sum 2')
    expect(text(bodyOf([x, y, apply('mul', 0, 1), apply('add', 2, 2)], 3))).toBe('load; load; mul 0 1; add 2 2; -> 3')
  })
  it('keeps what is accumulated in its place', () => {
    expect(text(bodyOf([x, y, apply('mul', 0, 1), apply('add', 2, 1), apply('mul', 3, 0)], 4), 3)).toBe(
      'load; load; multiplyAdd 0 1 1; mul 2 0; -> 3; sum 2',
    )
  })
})
