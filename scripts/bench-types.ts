/**
 * npm run bench:types: what models cost a type checker. Instantiations and seconds of checking beyond those of the imports, for
 * pipelines of every depth, accepted and rejected, in three compilers; then how long an editor waits after an edit.
 * `--write` puts the table into bench/types.md; `--rounds n` repeats every measurement n times and takes medians; `--editor` measures
 * the editor alone.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { type Version, versions } from './typescript/compilers.ts'
import { type Edits, type Latency, serverLatencies, serviceLatencies } from './typescript/latency.ts'
import { type Pipeline, pipelineImports, pipelines } from './typescript/pipelines.ts'
import { type CheckCost, checkCost, type Published, publish } from './typescript/published.ts'

const argument = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}
const rounds = argument('rounds', 1)
const editorAlone = process.argv.includes('--editor')
/** The pipelines that have a limit of their own are measured at least as often. */
const limitRounds = Math.max(rounds, 5)
const limits: Readonly<Record<Version, number>> = { '5.9': 0.3, '6.0': 0.3, '7.0': 0.1 }
const limitMilliseconds = 50

const median = (samples: readonly number[]): number => [...samples].sort((a, b) => a - b)[samples.length >> 1] as number

interface Row {
  readonly pipeline: Pipeline
  readonly costs: { readonly [V in Version]: CheckCost }
}

/** What a program adds to a file with its imports alone: medians of so many runs. */
const added = (version: Version, before: readonly CheckCost[], project: string, times: number): CheckCost => {
  const after = Array.from({ length: times }, () => checkCost(version, project))
  const difference = (of: (cost: CheckCost) => number): number => median(after.map(of)) - median(before.map(of))
  return {
    instantiations: difference(({ instantiations }) => instantiations),
    check: difference(({ check }) => check),
    total: difference(({ total }) => total),
    errors: after[0]?.errors ?? 0,
  }
}

const isLimited = ({ form, layers, rejected }: Pipeline): boolean => form.startsWith('pipe,') && layers === 20 && !rejected

const measure = (published: Published): readonly Row[] => {
  const empty = published.project('empty', `${pipelineImports}\n`)
  const baseline = (version: Version): readonly CheckCost[] => Array.from({ length: limitRounds }, () => checkCost(version, empty))
  const baselines = Object.fromEntries(versions.map((version) => [version, baseline(version)])) as Record<Version, readonly CheckCost[]>
  return pipelines.map((pipeline, i) => {
    const project = published.project(`pipeline${i}`, `${pipelineImports}\n${pipeline.statements}\n`)
    const times = isLimited(pipeline) ? limitRounds : rounds
    // the limited ones are measured beside a baseline of their own moment
    const before = (version: Version): readonly CheckCost[] => (isLimited(pipeline) ? baseline(version) : baselines[version])
    const costs = Object.fromEntries(versions.map((version) => [version, added(version, before(version), project, times)])) as Row['costs']
    for (const version of versions) {
      const expected = pipeline.rejected ? 1 : 0
      if (costs[version].errors !== expected)
        throw new Error(`${pipeline.form}, ${pipeline.layers}: ${costs[version].errors} errors in ${version}, expected ${expected}`)
    }
    console.error(`${pipeline.form}, ${pipeline.layers}${pipeline.rejected ? ', rejected' : ''}`)
    return { pipeline, costs }
  })
}

/** Instantiations that a layer more costs, since the row before of the same form. */
const growth = (rows: readonly Row[], row: Row): string => {
  const { form, layers, rejected } = row.pipeline
  const before = rows.filter(({ pipeline: p }) => p.form === form && p.rejected === rejected && p.layers < layers).at(-1)
  if (before === undefined) return ''
  const more = row.costs['6.0'].instantiations - before.costs['6.0'].instantiations
  return (more / (layers - before.pipeline.layers)).toFixed(0)
}

const tableOf = (rows: readonly Row[]): readonly string[] => [
  '| program | layers | | instantiations 6.0 | 7.0 | a layer more | check s 5.9 | 6.0 | 7.0 |',
  '|---|--:|---|--:|--:|--:|--:|--:|--:|',
  ...rows.map((row) => {
    const { pipeline, costs } = row
    const seconds = versions.map((version) => costs[version].check.toFixed(3))
    const counts = [costs['6.0'].instantiations, costs['7.0'].instantiations, growth(rows, row)]
    return `| ${[pipeline.form, pipeline.layers, pipeline.rejected ? 'rejected' : 'accepted', ...counts, ...seconds].join(' | ')} |`
  }),
]

/** V8 is done with a service's code after some 50 edits; an editor is at work for hours. */
const warming = 50
/** A pipeline of 20 layers in which one size changes with every edit; every fourth edit is a mistake. */
const editsOf = (published: Published): Edits => {
  const layer = (i: number, edit: number): string => {
    if (i === 19 && edit % 4 === 3) return 'dense(9, 10)'
    return i % 2 === 0 ? `dense(${64 + i + (i === 8 ? edit : 0)})` : 'relu'
  }
  const text = (edit: number): string => {
    const layers = Array.from({ length: 20 }, (_, i) => layer(i, edit))
    const stages = [
      `export const stem = pipe(input([784]), ${layers.slice(0, 19).join(', ')})`,
      `export const model = pipe(stem, ${layers[19]})`,
    ]
    return `import { dense, input, pipe, relu } from 'shapewright'\n${stages.join('\n')}\n`
  }
  const texts = Array.from({ length: warming + 40 }, (_, edit) => ({ text: text(edit), errors: edit % 4 === 3 ? 1 : 0 }))
  return { project: published.project('editor', text(0)), name: 'model =', texts }
}

const summary = (latencies: readonly Latency[]): Latency => {
  const warm = latencies.slice(warming)
  return { hover: median(warm.map(({ hover }) => hover)), errors: median(warm.map(({ errors }) => errors)) }
}

const main = async (): Promise<boolean> => {
  const published = publish()
  try {
    const rows = editorAlone ? [] : measure(published)
    const edits = editsOf(published)
    const [service, server] = [summary(await serviceLatencies(edits)), summary(await serverLatencies(edits))]
    const limited = rows.filter(({ pipeline }) => isLimited(pipeline))
    const verdicts = limited.flatMap(({ costs }) =>
      versions.map((version) => ({ version, seconds: costs[version].check, limit: limits[version] })),
    )
    const waits = Object.entries({ '6.0, language service': service, '7.0, language server': server })
    const told = [
      ...(editorAlone ? [] : [...tableOf(rows), '']),
      ...verdicts.map(
        ({ version, seconds, limit }) =>
          `A pipe of 20 layers adds ${seconds.toFixed(3)} s of checking in ${version}; the limit is ${limit} s.`,
      ),
      ...waits.map(
        ([name, { hover, errors }]) =>
          `After an edit of it (${name}): quick info in ${hover.toFixed(1)} ms, the errors after that in ${errors.toFixed(1)} ms; the limit is ${limitMilliseconds} ms.`,
      ),
    ]
    console.log(told.join('\n'))
    if (process.argv.includes('--write') && !editorAlone) write(told)
    return (
      verdicts.every(({ seconds, limit }) => seconds < limit) && waits.every(([, { hover, errors }]) => hover + errors < limitMilliseconds)
    )
  } finally {
    published.remove()
  }
}

const write = (told: readonly string[]): void => {
  const version = (name: string): string => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version
  const compilers = [version('typescript-5.9'), version('typescript'), version('typescript-7.0')].join(', ')
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}`
  const head = [
    '# What models cost a type checker',
    '',
    'Written by `npm run bench:types -- --write`. Type instantiations and seconds in the checker, beyond those of a file with the imports',
    'alone, against the published declarations. The counts have a budget in `test/golden/budgets.json`; the times are of one machine:',
    `${new Date().toISOString().slice(0, 10)}, ${machine}, TypeScript ${compilers}; medians of ${rounds} (the limited ones of ${limitRounds}).`,
    '',
  ]
  mkdirSync('bench', { recursive: true })
  writeFileSync(
    'bench/types.md',
    `${[...head, ...told.map((line) => (line.startsWith('|') || line === '' ? line : `- ${line}`))].join('\n')}\n`,
  )
}

process.exitCode = (await main()) ? 0 : 1
