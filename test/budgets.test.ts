/**
 * What users feel has a budget: the kernels, the memory and the module of a training step, and what a call costs an editor.
 * More than 20 % over `test/golden/budgets.json` fails; `BUDGETS=write npx vitest run test/budgets.test.ts` sets it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type Spent, spentOn } from '../scripts/typescript/cost.ts'
import { type Pipeline, pipelineImports, pipelines } from '../scripts/typescript/pipelines.ts'
import { openProject } from '../scripts/typescript/public.ts'
import { compileTraced, lower } from '../src/compiler/compile.ts'
import { strictTarget } from '../src/compiler/target.ts'
import { trace } from '../src/compiler/trace.ts'
import { emit } from '../src/wasm/emit/emit.ts'
import { sources, workloads } from './laws/sources.ts'

type Budgets = Readonly<Record<string, Readonly<Record<string, number>>>>

const path = 'test/golden/budgets.json'
const budgets: Budgets = JSON.parse(readFileSync(path, 'utf8'))
const write = process.env.BUDGETS === 'write'

/** Within budget; or the budget is this now. */
const keep = (name: string, spent: Readonly<Record<string, number>>): void => {
  if (write) {
    const now: Budgets = { ...JSON.parse(readFileSync(path, 'utf8')), [name]: spent }
    writeFileSync(path, `${JSON.stringify(now, null, 2)}\n`)
  }
  const budget = write ? spent : (budgets[name] ?? {})
  const over = Object.entries(spent).filter(([what, amount]) => !(amount <= (budget[what] ?? -1) * 1.2))
  expect(over.map(([what, amount]) => `${what}: ${amount}, the budget is ${budget[what]}`)).toEqual([])
}

describe('the step of', () => {
  it.each(Object.entries({ ...sources, ...workloads }))('%s', async (name, source) => {
    const given = source()
    const compiled = await compileTraced(trace(given), given.bind)()
    if (E.isLeft(compiled)) throw new Error(compiled.left.tag)
    const { kernels, arenaBytes, wasmBytes } = compiled.right.report
    keep(name, { kernels, arenaBytes, wasmBytes })
  })
})

describe('the module of 784-256-10, Adam, one batch size', () => {
  it.each([
    [false, 16],
    [true, 18],
  ])('fastMath %s: less than %s KB', (fastMath, most) => {
    const given = (sources['mnist 784-256-10, Adam, two batch sizes'] as (typeof sources)[string])()
    const target = { ...strictTarget, fastMath }
    const { entries, plan } = lower(trace(given), given.bind.slice(0, 1), target)
    expect(emit({ entries, plan, threads: 1, barriers: [], target }).bytes.length).toBeLessThan(most * 1024)
  })
})

const imports = `import { adam, add, dense, fit, input, key, matmul, mean, pipe, relu, softmaxCrossEntropy, valueAndGrad, zeros } from 'shapewright'
import type { Classes, Dataset, Params, Tensor } from 'shapewright'
declare const data: Dataset<[784], Classes<10>>
declare const letters: Dataset<[784], Classes<26>>
declare const x: Tensor<['batch', 784]>
declare const y: Tensor<['batch'], 'i32'>
const model = pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits'))
const options = { loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 1e-3 }), batchSize: 32, epochs: 1, key: key(0) }
const loss = (p: Params<typeof model>) => pipe(model.apply(p, x), softmaxCrossEntropy(y), mean())`
const calls: Readonly<Record<string, string>> = {
  'a model': 'pipe(input([28, 28]), relu, dense(128), relu, dense(12))',
  'a rejected layer': 'pipe(input([28, 28]), relu, dense(128), relu, dense(64, 12))',
  'tensors in a pipe': 'pipe(x, matmul(zeros([784, 32])), add(zeros([32])), relu)',
  'a rejected operation': 'pipe(x, matmul(zeros([784, 32])), add(zeros([33])), relu)',
  'a gradient': 'valueAndGrad(loss)(model.init(key(0)))',
  'a call of fit': 'fit(model, { data, ...options })',
  'a rejected call of fit': 'fit(model, { data: letters, ...options })',
}

/** One depth of every form; `npm run bench:types` has them all, with times. */
const depths: Readonly<Record<string, number>> = {
  'ResNet blocks': 8,
  'transformer blocks': 2,
  'transformer layers': 6,
  'repeat of a transformer layer': 12,
}
const isBudgeted = ({ form, layers }: Pipeline): boolean => layers === (depths[form] ?? 20)
const title = ({ form, layers, rejected }: Pipeline): string => `${form}, ${layers}${rejected ? ', rejected' : ''}`

describe('type instantiations of', () => {
  const root = process.cwd()
  const project = openProject(root, ['src/index.ts'])
  const spent = (imports: string, statements: string): Spent => spentOn(project, `${root}/test/budget.ts`, imports, statements)

  it.each(Object.entries(calls))('%s', (name, call) => {
    const { instantiations, errors } = spent(imports, call)
    keep(name, { instantiations })
    expect(errors).toBe(name.includes('rejected') ? 1 : 0)
  })

  it.each(pipelines.filter(isBudgeted).map((pipeline) => [title(pipeline), pipeline] as const))('%s', (name, { statements, rejected }) => {
    const { instantiations, errors } = spent(pipelineImports, statements)
    keep(name, { instantiations })
    expect(errors).toBe(rejected ? 1 : 0)
  })

  it('a layer more of a deep pipeline at most twice those of a shallow one', () => {
    const spentAt = (layers: number): number => {
      const found = pipelines.find((pipeline) => pipeline.form === 'sequential' && pipeline.layers === layers && !pipeline.rejected)
      return spent(pipelineImports, found?.statements ?? '').instantiations
    }
    const [few, some, many, most] = [spentAt(10), spentAt(20), spentAt(50), spentAt(100)]
    expect((most - many) / 50).toBeLessThan((2 * (some - few)) / 10)
  })
})
