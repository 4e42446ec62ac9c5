/** Searches over hyperparameters: what is drawn, what is told, and that a search goes on exactly where it stopped. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { type Key, key, logUniform, oneOfValues, type SearchOptions, type Strategy, search, toArray, uniformIn, wholeIn } from 'shapewright'
import { describe, expect, it } from 'vitest'
import { spaceOf } from '../../src/train/search/space.ts'
import { refuses } from '../model/helpers.ts'
import { leftOf, rightOf } from './values.ts'

const space = t.type({
  learningRate: logUniform(1e-4, 1e-1),
  hidden: oneOfValues([64, 128, 'none']),
  optimizer: t.type({ momentum: uniformIn(0, 0.5), kind: t.literal('sgd') }),
  layers: wholeIn(1, 4),
})
type Config = t.TypeOf<typeof space>
/** A made-up loss, which is lower with more budget. */
const objective = ({ learningRate, layers, optimizer }: Config, _: Key, budget: number) =>
  TE.right<{ readonly message: string }, number>(Math.abs(learningRate - 0.01) + layers * optimizer.momentum + 1 / budget)
type Options = SearchOptions<Config, { readonly message: string }>
const options: Options = { trials: 9, key: key(3), objective, direction: 'minimize' }
const strategies: readonly Strategy[] = [
  { kind: 'random' },
  { kind: 'random', budget: 5 },
  { kind: 'grid', points: 2 },
  { kind: 'halving', budgets: [1, 3, 9] },
  { kind: 'halving', budgets: [2, 4], keep: 0.5 },
]
const trialsOf = (strategy: Strategy): number => (strategy.kind === 'grid' ? 24 : 9)

/** Numbers of the space, as many as wanted, by the part that gives them. */
const drawn = (count: number, seed = 1): readonly Config[] => {
  const { drawn } = spaceOf(space)
  return Array.from({ length: count }, (_, trial) => drawn([seed, 7], trial) as unknown as Config)
}
/** The largest distance between what was drawn and an even distribution on [0, 1] (Kolmogorov and Smirnov). */
const unevenness = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.max(...sorted.map((value, i) => Math.max(value - i / sorted.length, (i + 1) / sorted.length - value)))
}
/** Chi squared of counts that should be equal. */
const chiSquared = (counts: readonly number[], total: number): number =>
  counts.reduce((sum, count) => sum + (count - total / counts.length) ** 2 / (total / counts.length), 0)

describe('what is drawn', () => {
  const many = drawn(20_000)
  // both limits are passed by one sample in a thousand
  const limit = 1.95 / Math.sqrt(many.length)
  it('is even between two numbers, and in the logarithm', () => {
    expect(unevenness(many.map(({ optimizer }) => optimizer.momentum / 0.5))).toBeLessThan(limit)
    expect(unevenness(many.map(({ learningRate }) => (Math.log10(learningRate) + 4) / 3))).toBeLessThan(limit)
  })
  it('has each value as often as others', () => {
    const count = <T>(all: readonly T[], of: (config: Config) => T) => all.map((value) => many.filter((each) => of(each) === value).length)
    expect(
      chiSquared(
        count([64, 128, 'none'], ({ hidden }) => hidden),
        many.length,
      ),
    ).toBeLessThan(13.8)
    expect(
      chiSquared(
        count([1, 2, 3, 4], ({ layers }) => layers),
        many.length,
      ),
    ).toBeLessThan(16.3)
  })
  it('depends neither on other parts nor on the trial before', () => {
    const columns = [
      many.map(({ learningRate }) => Math.log10(learningRate)),
      many.map(({ optimizer }) => optimizer.momentum),
      many.map(({ layers }) => layers),
      [...many.slice(1), many[0] as Config].map(({ optimizer }) => optimizer.momentum),
      drawn(20_000, 2).map(({ optimizer }) => optimizer.momentum),
    ]
    for (const [i, a] of columns.entries())
      for (const b of columns.slice(i + 1)) expect(Math.abs(correlation(a, b))).toBeLessThan(3.3 / Math.sqrt(a.length))
  })
  it('is of the space', () => {
    expect(many.every((config) => E.isRight(space.decode(JSON.parse(JSON.stringify(config)))))).toBe(true)
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.nat(),
        (a, b, i) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)]
          const parts = { even: uniformIn(from, to), log: logUniform(Math.abs(a) / 2 + 5e-324, Math.abs(a) / 2 + 5e-324 + Math.abs(b) / 2) }
          const config = spaceOf(t.type(parts)).drawn([1, 2], i) as { readonly even: number; readonly log: number }
          expect(parts.even.is(config.even) && parts.log.is(config.log)).toBe(true)
          expect(Object.is(config.even, -0)).toBe(false)
          const levels = spaceOf(t.type(parts)).grid(3)
          for (let level = 0; level < levels.length; level++) {
            const at = levels.at(level) as typeof config
            expect(parts.even.is(at.even) && parts.log.is(at.log)).toBe(true)
          }
        },
      ),
    )
  })
})

describe('search', () => {
  it('tries a grid from end to end', async () => {
    const grid = t.type({ a: wholeIn(1, 9), b: oneOfValues(['x', 'y']), c: logUniform(0.01, 1) })
    const asked = { key: key(3), direction: 'minimize', strategy: { kind: 'grid', points: 3 } } as const
    const found = rightOf(await search(grid, { ...asked, trials: 18, objective: ({ c }) => TE.right(c) })())
    const inOrder = [...found.trials].sort((a, b) => a.trial - b.trial).map(({ config: { a, b, c } }) => [a, b, Number(c.toFixed(12))])
    expect(inOrder).toEqual([1, 5, 9].flatMap((a) => ['x', 'y'].flatMap((b) => [0.01, 0.1, 1].map((c) => [a, b, c]))))
    const few = await search(grid, { ...asked, trials: 17, objective: () => TE.right(1) })()
    expect(few).toEqual(E.left({ tag: 'Invalid', message: 'search: the grid has 18 configurations, trials is 17' }))
  })
  it('gives the same key the same trials, whatever their number, and their keys', async () => {
    const keys: string[] = []
    const noting: Options['objective'] = (config, trialKey, budget) => {
      keys.push(`${toArray(trialKey.bits)}`)
      return objective(config, trialKey, budget)
    }
    const first = rightOf(await search(space, { ...options, objective: noting })())
    const more = rightOf(await search(space, { ...options, trials: 12, objective: noting })())
    expect(keys.slice(9, 18)).toEqual(keys.slice(0, 9))
    expect(new Set(keys).size).toBe(12)
    for (const trial of first.trials) expect(more.trials).toContainEqual(trial)
    const other = rightOf(await search(space, { ...options, key: key(4) })())
    expect(other.trials[0]?.config).not.toEqual(first.trials[0]?.config)
  })
  it('ranks by value, in the direction that was asked for', async () => {
    for (const direction of ['minimize', 'maximize'] as const) {
      const { trials, best } = rightOf(await search(space, { ...options, direction })())
      const values = trials.map(({ runs }) => (runs[0] as { readonly value: number }).value)
      expect(values).toEqual([...values].sort((a, b) => (direction === 'minimize' ? a - b : b - a)))
      expect(best).toEqual({ trial: trials[0]?.trial, config: trials[0]?.config, budget: 1, value: values[0] })
    }
  })
  it('gives larger budgets to the best', async () => {
    const { trials } = rightOf(await search(space, { ...options, strategy: { kind: 'halving', budgets: [1, 3, 9] } })())
    expect(trials.map(({ runs }) => runs.length)).toEqual([3, 2, 2, 1, 1, 1, 1, 1, 1])
    const first = ({ runs }: (typeof trials)[number]) => (runs[0] as { readonly value: number }).value
    expect(Math.max(...trials.slice(0, 3).map(first))).toBeLessThanOrEqual(Math.min(...trials.slice(3).map(first)))
  })
  it('writes errors down and goes on, unless it is to stop', async () => {
    const failing: Options['objective'] = (config, trialKey, budget) =>
      config.layers === 1
        ? TE.left({ message: 'no memory' })
        : config.layers === 2
          ? TE.right(Number.NaN)
          : objective(config, trialKey, budget)
    const { trials } = rightOf(
      await search(space, { ...options, trials: 20, objective: failing, strategy: { kind: 'halving', budgets: [1, 2] } })(),
    )
    const errors = trials.flatMap(({ runs, config }) => runs.flatMap((run) => ('error' in run ? [[config.layers, run.error]] : [])))
    expect(new Set(errors.map(String))).toEqual(new Set(['1,no memory', '2,the objective gave NaN']))
    expect(trials.findIndex(({ config }) => config.layers <= 2)).toBe(trials.length - errors.length)
    const stopped = leftOf(await search(space, { ...options, trials: 20, objective: failing, stopOnError: true })())
    if (stopped.tag !== 'Failed') throw new Error(stopped.message)
    expect(stopped.last.trials.length).toBe(stopped.trial + 1)
    expect(stopped.message).toMatch(/^search: trial \d+ failed: (no memory|the objective gave NaN)$/)
    const none = rightOf(await search(space, { ...options, objective: () => TE.left({ message: 'never' }) })())
    expect([none.best, none.trials.length]).toEqual([null, 9])
  })
  it.each(strategies.map((strategy) => [JSON.stringify(strategy), strategy] as const))(
    'goes on exactly where it was broken off, through JSON: %s',
    async (_, strategy) => {
      const asked = { ...options, strategy, trials: trialsOf(strategy) }
      const whole = rightOf(await search(space, asked)())
      const runs = whole.trials.reduce((sum, trial) => sum + trial.runs.length, 0)
      for (let stop = 0; stop <= runs; stop += 2) {
        const controller = new AbortController()
        if (stop === 0) controller.abort()
        let told = 0
        const onTrial = () => {
          told += 1
          if (told === stop) controller.abort()
        }
        const first = await search(space, { ...asked, onTrial, signal: controller.signal })()
        if (E.isRight(first)) {
          expect(first.right).toEqual(whole)
          continue
        }
        if (first.left.tag !== 'Aborted') throw new Error(first.left.message)
        let again = 0
        const counting: Options['objective'] = (...given) => {
          again += 1
          return objective(...given)
        }
        const from: unknown = JSON.parse(JSON.stringify(first.left.last))
        expect(rightOf(await search(space, { ...asked, objective: counting, from })())).toEqual(whole)
        expect(again).toBe(runs - stop)
      }
    },
  )
  it('forgets what an abort has broken off, and keeps what was done', async () => {
    const controller = new AbortController()
    let calls = 0
    const broken: Options['objective'] = () => async () => {
      calls += 1
      if (calls < 3) return E.right(1)
      controller.abort()
      return E.left({ message: 'fit: aborted in epoch 1' })
    }
    const error = leftOf(await search(space, { ...options, objective: broken, signal: controller.signal })())
    expect(error).toMatchObject({ tag: 'Aborted', message: 'search: aborted at trial 2', last: { trials: [{ trial: 0 }, { trial: 1 }] } })
  })
  it('waits for who saves', async () => {
    const saved: number[] = []
    const onTrial: NonNullable<Options['onTrial']> = async ({ trials }) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      saved.push(trials.length)
    }
    rightOf(await search(space, { ...options, trials: 3, onTrial })())
    expect(saved).toEqual([1, 2, 3])
  })
})

describe('search refuses', () => {
  const told = async (more: Partial<Options>) => leftOf(await search(space, { ...options, ...more })())
  it.each([
    ['search: trials must be a whole number from 1 on, got 0', { trials: 0 }],
    ['search: points must be a whole number from 1 on, got 0', { strategy: { kind: 'grid', points: 0 } }],
    ['search: the budget must be a positive number, got 0', { strategy: { kind: 'random', budget: 0 } }],
    ['search: budgets must be positive numbers, each above the one before', { strategy: { kind: 'halving', budgets: [3, 1] } }],
    ['search: budgets must be positive numbers, each above the one before', { strategy: { kind: 'halving', budgets: [] } }],
    ['search: keep must be between 0 and 1, got 1', { strategy: { kind: 'halving', budgets: [1], keep: 1 } }],
    ["search: the strategy's kind is 'random', 'grid' or 'halving'", { strategy: { kind: 'bayes' } as never }],
  ] as const)('%s', async (message, more) => {
    expect(await told(more)).toEqual({ tag: 'Invalid', message })
  })
  it('what is no space, no direction, no objective', () => {
    const from =
      (given: unknown, more: object = {}) =>
      () =>
        Reflect.apply(search, null, [given, { ...options, ...more }])
    refuses('search: a space is a record, as t.type({ learningRate: logUniform(1e-4, 1e-1) })', from(uniformIn(0, 1)))
    refuses(
      'search: b.c of the space is drawn by nothing; write uniformIn, logUniform, wholeIn or oneOfValues',
      from(t.type({ a: uniformIn(0, 1), b: t.type({ c: t.number }) })),
    )
    refuses(
      'search: several parts of the space are drawn by nothing; write uniformIn, logUniform, wholeIn or oneOfValues',
      from(t.type({ a: t.string, b: t.array(t.number) })),
    )
    refuses("search: the direction is 'minimize' or 'maximize', got up", from(space, { direction: 'up' }))
    refuses('search: expected a function as the objective, got 3', from(space, { objective: 3 }))
    refuses("search: there is no option 'trial'", from(space, { trial: 3 }))
  })
  it('ranges that are none', () => {
    refuses('uniformIn: expected two numbers, the first not above the second, got 1 and 0', () => uniformIn(1, 0))
    refuses('logUniform: expected two positive numbers, the first not above the second, got 0 and 1', () => logUniform(0, 1))
    refuses('wholeIn: expected two whole numbers, the first not above the second, got 1 and 2.5', () => wholeIn(1, 2.5))
    refuses('oneOfValues: expected a list of numbers, words, true, false or null, got an array', () => oneOfValues([] as never))
  })
  it('to go on from another search', async () => {
    const whole = rightOf(await search(space, options)())
    const [first, ...others] = whole.trials
    const invalid = async (from: unknown, more: Partial<Options> = {}) => (await told({ ...more, from })).message
    expect(await invalid(whole, { key: key(4) })).toBe("search: 'from' has another key")
    expect(await invalid(whole, { direction: 'maximize' })).toBe("search: 'from' has another direction")
    expect(await invalid(whole, { strategy: { kind: 'random', budget: 2 } })).toBe("search: 'from' has another strategy")
    expect(await invalid({})).toBe("search: 'from' is not what a search ended with: key is undefined")
    expect(await invalid(null)).toBe("search: 'from' is not what a search ended with: it is null")
    expect(await invalid({ ...whole, trials: [...others, { ...first, trial: -1 }] })).toBe(
      "search: 'from' has trial -1, which is none of this search, or twice",
    )
    expect(await invalid({ ...whole, trials: [first, first] })).toMatch(/which is none of this search, or twice$/)
    expect(await invalid({ ...whole, trials: [{ ...first, runs: [{ budget: 7, value: 1 }] }] })).toMatch(/with other budgets$/)
    const layers = ((first?.config.layers ?? 0) % 4) + 1
    expect(await invalid({ ...whole, trials: [{ ...first, config: { ...first?.config, layers } }] })).toMatch(
      /^search: 'from' has a trial \d of another key or space: its layers is another$/,
    )
    expect(await invalid({ ...whole, trials: [{ ...first, config: { ...first?.config, layers: 9 } }] })).toBe(
      "search: 'from' is not what a search ended with: trials[0].config.layers: expected a whole number from 1 to 4, got 9",
    )
  })
})

const correlation = (a: readonly number[], b: readonly number[]): number => {
  const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length
  const [ma, mb] = [mean(a), mean(b)]
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] as number) - my), 0)
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb))
}
