/** A file of golden values against the library: every case interpreted and compiled. */
import { ShapeError } from '../../types/shape-error.ts'
import { type Experiment, judge, type Mode } from './experiment.ts'
import { fields, type Json, list, Skip, text } from './golden.ts'
import { operation } from './operations.ts'
import { model, trajectory } from './training.ts'

export interface Verdict {
  /** `operation add {"broadcast":[[2,6],[6]]}` */
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What failed, or why it was not run. */
  readonly reasons: readonly string[]
}

const kinds: readonly { readonly list: string; readonly title: string; readonly experiment: (json: Json) => Experiment }[] = [
  { list: 'cases', title: 'operation', experiment: operation },
  { list: 'optimizers', title: 'optimizer', experiment: trajectory },
  { list: 'models', title: 'model', experiment: model },
]
const modes: readonly Mode[] = ['interpreted', 'compiled']

/** One verdict a case, in the order of the file. */
export const verdicts = async (file: Json): Promise<readonly Verdict[]> => {
  const all: Verdict[] = []
  for (const { list: name, title, experiment } of kinds)
    for (const json of list(fields(file)[name])) all.push(await verdict(titleOf(title, json), () => experiment(json)))
  return all
}

const verdict = async (title: string, experiment: () => Experiment): Promise<Verdict> => {
  try {
    const made = experiment()
    const reasons: string[] = []
    for (const mode of modes) reasons.push(...(await judge(made, mode)).map((reason) => `${mode}: ${reason}`))
    return { title, outcome: reasons.length === 0 ? 'passed' : 'failed', reasons }
  } catch (error) {
    const outcome = error instanceof Skip ? 'skipped' : 'failed'
    return { title, outcome, reasons: [error instanceof Skip || error instanceof ShapeError ? error.message : `it threw ${String(error)}`] }
  }
}

const titleOf = (kind: string, json: Json): string => {
  const { name, attrs, hyper } = fields(json)
  const detail = attrs ?? hyper
  return [kind, text(name), ...(detail === undefined ? [] : [JSON.stringify(detail)])].join(' ')
}
