/** Optimizers' trajectories, and whole models that are trained. */
import type { Node } from '../../src/graph/node.ts'
import type { Experiment } from './experiment.ts'
import { type Fields, fields, type Json, list, number, Skip, tensor, tensors, text, type ValuesByName } from './golden.ts'
import { call, type Loose, library } from './library.ts'

interface Optimizer {
  readonly init: (params: unknown) => unknown
  readonly update: (gradients: unknown, state: unknown, params: unknown) => readonly [unknown, unknown]
}
interface State {
  readonly params: unknown
  readonly optimizer: unknown
}

const options = ['learningRate', 'momentum', 'decay', 'beta1', 'beta2', 'epsilon', 'weightDecay']

/** The optimizer of this name and hyperparameters; a schedule stands for the learning rate, `clipNorm` for a link before it. */
const optimizerOf = (name: string, { clipNorm, schedule, ...hyper }: Fields): Optimizer => {
  const odd = Object.keys(hyper).find((key) => !options.includes(key))
  if (odd !== undefined) throw new Skip(`the hyperparameter is not understood: ${odd}`)
  const given = Object.fromEntries(Object.entries(hyper).map(([key, value]) => [key, number(key, value)]))
  const learningRate = schedule === undefined ? given.learningRate : scheduleOf(text(schedule), given.learningRate as number)
  const descent = call(name, { ...given, learningRate })
  return (clipNorm === undefined
    ? descent
    : call('chain', call('clipByGlobalNorm', number('clipNorm', clipNorm)), descent)) as unknown as Optimizer
}
const scheduleOf = (schedule: string, initial: number): unknown => {
  const cosine = /^cosine to (\S+) over (\d+) steps$/.exec(schedule)
  if (cosine === null) throw new Skip(`the schedule is not understood: ${schedule}`)
  return call('cosineDecay', { initial, final: Number(cosine[1]), steps: Number(cosine[2]) })
}

const stepped = ({ update }: Optimizer, gradients: unknown, { params, optimizer }: State): State => {
  const [updates, next] = update(gradients, optimizer, params)
  return { params: call('applyUpdates', params, updates), optimizer: next }
}

/** The parameters after each step of a given sequence of gradients. */
export const trajectory = (json: Json): Experiment => {
  const { name, hyper, initial, gradients, parameters } = fields(json)
  const optimizer = optimizerOf(text(name), fields(hyper))
  return {
    given: { parameters: tensor('initial', initial) },
    start: ({ parameters: params }) => ({ params, optimizer: optimizer.init(params) }),
    step: (state, { gradient }) => {
      const next = stepped(optimizer, gradient, state as State)
      return [next, { parameters: next.params }]
    },
    steps: list(gradients).map((gradient, i) => ({
      args: { gradient: tensor('a gradient', gradient) },
      expected: { parameters: tensor('parameters', list(parameters)[i]) },
    })),
  }
}

/** `cnn: conv2d 3x3 same relu dense, softmaxCrossEntropy`: the losses, the first gradients and the last parameters. */
export const model = (json: Json): Experiment => {
  const { name, optimizer: described, parameters, x, y, losses, firstGradients, finalParameters } = fields(json)
  const { layers, loss } = parsed(text(name))
  const given = tensors(parameters)
  const network = modelOf(layers, Object.keys(nested(given)), tensor('x', x).shape, given)
  const { name: kind, ...hyper } = fields(described)
  const optimizer = optimizerOf(text(kind), hyper)
  const valueAndGrad = call('valueAndGrad', (params: unknown, samples: Node, labels: Node) =>
    call('mean')((library(loss)(labels) as Loose)(network(params, samples))),
  )
  const last = list(losses).length - 1
  return {
    given,
    start: (nodes) => ({ params: nested(nodes), optimizer: optimizer.init(nested(nodes)) }),
    step: (state, args) => {
      const before = state as State
      const [value, gradients] = valueAndGrad(before.params, args.x, args.y) as readonly [unknown, unknown]
      const next = stepped(optimizer, gradients, before)
      return [next, { loss: value, gradients, parameters: next.params }]
    },
    steps: list(losses).map((value, i) => ({
      args: { x: tensor('x', x), y: tensor('y', y) },
      expected: {
        loss: { dtype: 'f32', shape: [], values: Float64Array.of(number('a loss', value)) },
        ...(i === 0 ? tensors(firstGradients, 'gradients.') : {}),
        ...(i === last ? tensors(finalParameters, 'parameters.') : {}),
      },
    })),
  }
}

/** A layer's name, and the words behind it: `conv2d 3x3 same`, `maxPool2d 2`. */
type Words = readonly [name: string, ...rest: readonly string[]]
const parsed = (name: string): { readonly layers: readonly Words[]; readonly loss: string } => {
  const match = /^[^:]*:\s*(.+),\s*(\w+)(?:\s*\(.*\))?$/.exec(name)
  if (match === null) throw new Skip(`the model is not understood: ${name}`)
  const layers = (match[1] as string).split(/\s+(?!\d|same\b|valid\b|stride\b)/).map((words) => words.split(/\s+/) as unknown as Words)
  return { layers, loss: match[2] as string }
}

/** The model's function; layers with weights take the names of the parameters one after the other. */
const modelOf = (
  layers: readonly Words[],
  names: readonly string[],
  shape: readonly number[],
  given: ValuesByName,
): ((params: unknown, x: Node) => unknown) => {
  const rest = [...names]
  const network = layers.reduce<unknown>(
    (below, [layer, ...words]) => {
      if (/^\d+$/.test(words[0] ?? '')) return call(layer, Number(words[0]), slidingOf(words.slice(1)))(below)
      if (layer !== 'dense' && !layer.startsWith('conv')) return library(layer)(below)
      const name = rest.shift() ?? layer
      const shape = given[`${name}.weight`]?.shape ?? []
      if (layer === 'dense') return call('dense', shape[1], name)(below)
      const kernel = layer === 'conv1d' ? shape[0] : shape.slice(0, 2)
      return call(layer, { filters: shape.at(-1), kernel, ...slidingOf(words), name })(below)
    },
    call('input', shape.slice(1)),
  ) as { readonly apply: Loose }
  return network.apply
}

/** `3x3 same stride 2`: the kernel is known from its weight. */
const slidingOf = (words: readonly string[]): object => {
  const at = words.indexOf('stride')
  return {
    ...(words.includes('same') ? { padding: 'same' } : {}),
    ...(at < 0 ? {} : { stride: Number(words[at + 1]) }),
  }
}

/** `{ 'hidden.weight': w }` as `{ hidden: { weight: w } }` */
const nested = <T>(flat: Readonly<Record<string, T>>): Readonly<Record<string, Readonly<Record<string, T>>>> => {
  const groups: Record<string, Record<string, T>> = {}
  for (const [path, value] of Object.entries(flat)) {
    const [group = '', name = ''] = path.split('.')
    groups[group] = { ...groups[group], [name]: value }
  }
  return groups
}
