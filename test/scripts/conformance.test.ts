/** Law 2, second half: what PyTorch computed in double precision; and the runner of such files itself. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Fields, fields, type Json, list, parse } from '../../scripts/conformance/golden.ts'
import { type Verdict, verdicts } from '../../scripts/conformance/run.ts'
import { elements, spread } from '../autodiff/differences.ts'
import { loop } from '../tensor/recurrence.ts'

const golden = parse(readFileSync(new URL('../golden/pytorch.json', import.meta.url), 'utf8'))
const count = (all: readonly Verdict[], outcome: Verdict['outcome']) => all.filter((verdict) => verdict.outcome === outcome).length
const caseOf = (name: string): Fields => fields(list(fields(golden).cases).find((json) => fields(json).name === name))
const one = async (kind: string, json: Json): Promise<Verdict> => (await verdicts({ [kind]: [json] }))[0] as Verdict
const f32 = (data: readonly Json[], shape: readonly number[] = [data.length]): Json => ({ shape, dtype: 'f32', data })

describe('conformance', () => {
  it('passes every golden case whose operation exists, interpreted and compiled', async () => {
    const all = await verdicts(golden)
    expect(all.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(count(all, 'passed')).toBe(125)
    expect(count(all, 'skipped')).toBe(0)
  })

  it.each([
    { op: 'rnn', attrs: { gateOrder: 'relu' } },
    { op: 'rnn', attrs: {} },
    { op: 'gru', attrs: { reverse: true } },
    { op: 'lstm', attrs: {} },
  ] as const)('reads $op as PyTorch stores it: of other sizes, from a state, with lengths, without biases', async ({ op, attrs }) => {
    const [batch, time, features, hidden] = [2, 3, 3, 2]
    const rows = { rnn: 1, gru: 3, lstm: 4 }[op] * hidden
    const numbers = (shape: readonly number[], seed: number): number[] => spread(elements(shape), seed, 0.1) as number[]
    const split = (values: readonly number[], width: number): number[][] =>
      Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width))
    const transposed = (matrix: number[][]): number[][] => (matrix[0] ?? []).map((_, i) => matrix.map((row) => row[i] as number))
    const [x, own, state] = [numbers([batch, time, features], 1), numbers([rows, features], 2), numbers([rows, hidden], 3)]
    const [hidden0, cell0] = [numbers([batch, hidden], 4), numbers([batch, hidden], 5)]
    const { all } = loop({
      ...{ op, reverse: 'reverse' in attrs, relu: 'gateOrder' in attrs },
      x: split(x, time * features).map((sample) => split(sample, features)),
      inputWeight: transposed(split(own, features)),
      recurrentWeight: transposed(split(state, hidden)),
      ...{ bias: new Array(rows).fill(0), recurrentBias: new Array(hidden).fill(0) },
      ...{ hidden: split(hidden0, hidden), cell: split(cell0, hidden), counts: [[true, true, false], new Array(time).fill(true)] },
    })
    const verdict = await one('cases', {
      ...{ name: op, attrs },
      inputs: {
        x: f32(x, [batch, time, features]),
        inputWeight: f32(own, [rows, features]),
        recurrentWeight: f32(state, [rows, hidden]),
        h0: f32(hidden0, [batch, hidden]),
        ...(op === 'lstm' ? { c0: f32(cell0, [batch, hidden]) } : {}),
        lengths: { shape: [batch], dtype: 'i32', data: [2, 3] },
      },
      output: f32(all.flat(2), [batch, time, hidden]),
    })
    expect(verdict).toMatchObject({ outcome: 'passed', reasons: [] })
  })

  it('finds a wrong value and a wrong gradient, and says where', async () => {
    const sound = caseOf('reciprocal')
    const { data, shape } = fields(sound.output)
    const moved = list(data).map((x, i) => (i === 4 ? Number(x) + 0.125 : x))
    const wrong = await one('cases', { ...sound, output: f32(moved, shape as readonly number[]) })
    expect(wrong.outcome).toBe('failed')
    expect(wrong.reasons).toHaveLength(2)
    expect(wrong.reasons[0]).toMatch(/^interpreted: output\[0, 4\] is .*: 0\.125\d* apart, .* allowed$/)
    expect(wrong.reasons[1]).toMatch(/^compiled: output\[0, 4\] is .* apart, .* allowed$/)
    const gradient = await one('cases', { ...sound, grads: { x: f32(new Array(12).fill(0), [2, 6]) } })
    expect(gradient.reasons[0]).toContain('interpreted: gradients.x[')
    const shaped = await one('cases', { ...sound, output: f32(list(data), [6, 2]) })
    expect(shaped.reasons[0]).toBe('interpreted: output has shape [2,6], not [6,2]')
  })

  it('finds a wrong step of a trajectory', async () => {
    const sound = fields(list(fields(golden).optimizers)[1])
    const parameters = list(sound.parameters)
    const wrong = await one('optimizers', {
      ...sound,
      parameters: [...parameters.slice(0, 3), parameters[0] as Json, ...parameters.slice(4)],
    })
    expect(wrong.reasons.map((reason) => reason.replace(/\[.*/, ''))).toEqual([
      'interpreted: step 4: parameters',
      'compiled: step 4: parameters',
    ])
  })

  it.each<readonly [string, Json, string]>([
    ['cases', { ...caseOf('exp'), name: 'gravity' }, 'not in the library yet: gravity'],
    ['cases', { ...caseOf('exp'), name: 'constructor' }, 'not in the library yet: constructor'],
    ['cases', { ...caseOf('exp'), inputs: {} }, "it has no input 'x'"],
    ['cases', { ...caseOf('exp'), output: null }, 'output is no tensor of f32, i32 or bool'],
    ['cases', { ...caseOf('exp'), inputs: { x: f32([1, 2], [3]) } }, 'x has 2 elements, its shape [3]'],
    ['cases', { ...caseOf('softmax'), attrs: { axis: 'last' } }, 'axis is no number: last'],
    ['cases', { ...caseOf('meanSquaredError'), attrs: { reduction: 'median' } }, 'the reduction is not understood: median'],
    ['cases', null, 'not in the library yet: null'],
    ['optimizers', { name: 'lion', hyper: {}, initial: f32([1]), gradients: [] }, 'not in the library yet: lion'],
    ['optimizers', { name: 'sgd', hyper: { learningRate: 1, luck: 2 } }, 'the hyperparameter is not understood: luck'],
    ['optimizers', { name: 'sgd', hyper: { learningRate: 1, schedule: 'by ear' } }, 'the schedule is not understood: by ear'],
    ['models', { name: 'a riddle' }, 'the model is not understood: a riddle'],
  ])('skips what it does not know: %s %#', async (kind, json, reason) => {
    const verdict = await one(kind, json)
    expect(verdict).toMatchObject({ outcome: 'skipped', reasons: [reason] })
  })

  it('fails, and goes on, where the library throws', async () => {
    const all = await verdicts({ cases: [{ ...caseOf('matmul'), inputs: { x: f32([1]), y: f32([2]) } }, caseOf('exp')] })
    expect(all.map(({ outcome }) => outcome)).toEqual(['failed', 'passed'])
    expect(all[0]?.reasons).toEqual(['matmul: the right side needs rank >= 2, got [1]'])
  })

  it('reads NaN and infinities as Python writes them, and lists in any order', async () => {
    const text = `{"models": [], "cases": [{"name": "abs", "inputs": {"x": {"shape": [3], "dtype": "f32", "data": [NaN, -Infinity, -1]}},
      "output": {"shape": [3], "dtype": "f32", "data": [NaN,Infinity, 1]}, "extra": "NaN, Infinity"}]}`
    expect((await verdicts(parse(text)))[0]).toMatchObject({ outcome: 'passed' })
    expect(await verdicts([])).toEqual([])
  })
})
