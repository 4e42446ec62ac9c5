/** Recurrent layers. ONNX has time in front of the batch, gates in rows and in an order of its own. */
import { gates, type RecurrentOp } from '../../../types/recurrent.ts'
import { int, ints, type Numbers, permuted, text, texts, type Value } from './graph.ts'
import { given, type Layer, optionsOf, partOf, type Rule, weightOf } from './layer.ts'
import { inSteps } from './masked.ts'

interface Options {
  readonly kind: RecurrentOp
  readonly returns: 'all' | 'last'
  readonly reverse: boolean
  readonly activation?: 'tanh' | 'relu'
}
/** Our gates in the order of ONNX's: update before reset, and output behind input. */
const order: { readonly [Op in RecurrentOp]: readonly number[] } = { rnn: [0], gru: [1, 0, 2], lstm: [0, 3, 1, 2] }
const names: { readonly [Op in RecurrentOp]: string } = { rnn: 'RNN', gru: 'GRU', lstm: 'LSTM' }

export const recurrent: Rule = (layer, x) => {
  const options = { ...optionsOf<Options>(layer), kind: layer.record.kind as RecurrentOp }
  return given(layer, run(layer, timeFirst(layer, x), options))
}

export const bidirectional: Rule = (layer, x) => {
  const { merge, layer: forward } = optionsOf<{ readonly merge: 'concat' | 'sum'; readonly layer: Options }>(layer)
  const { graph, path } = layer
  const input = timeFirst(layer, x)
  const both = [
    run(partOf(layer, 'forward'), input, forward),
    run(partOf(layer, 'backward'), input, { ...forward, reverse: !forward.reverse }),
  ]
  return given(layer, merge === 'sum' ? graph.add(path, 'Add', both) : graph.add(path, 'Concat', both, { axis: int(layer.output.length) }))
}

/** Time in front; inside `masked` the steps that count come first. */
const timeFirst = (layer: Layer, x: Value): string => {
  const { graph, path, mask } = layer
  const { name } = graph.ordered(path, x, 'last')
  const steps = mask === null ? name : inSteps(layer, name, mask.packing().order)
  return graph.add(path, 'Transpose', [steps], { perm: ints([1, 0, 2]) })
}

/** One direction, with its batch in front again. */
const run = (layer: Layer, input: string, { kind, returns, reverse, activation }: Options): string => {
  const { graph, path, mask } = layer
  const hidden = weightOf(layer, 'recurrentWeight').shape[0] as number
  const weights = [
    graph.numbers(`${path}.inputWeight`, 'rows', () => inRows(kind, weightOf(layer, 'inputWeight'))),
    graph.numbers(`${path}.recurrentWeight`, 'rows', () => inRows(kind, weightOf(layer, 'recurrentWeight'))),
    graph.numbers(`${path}.bias`, 'both', () => biases(layer, kind, hidden)),
    ...(mask === null ? [] : [mask.packing().lengths]),
  ]
  const attributes = {
    hidden_size: int(hidden),
    direction: text(reverse ? 'reverse' : 'forward'),
    ...(kind === 'gru' ? { linear_before_reset: int(1) } : {}),
    ...(kind === 'rnn' && activation === 'relu' ? { activations: texts(['Relu']) } : {}),
  }
  if (returns === 'last') {
    const last = graph.add(path, names[kind], [input, ...weights], attributes, [''])
    return graph.add(path, 'Squeeze', [last, graph.whole([0])])
  }
  const all = graph.add(path, 'Squeeze', [graph.add(path, names[kind], [input, ...weights], attributes), graph.whole([1])])
  const rows = graph.add(path, 'Transpose', [all], { perm: ints([1, 0, 2]) })
  // what stands behind the end of a sequence is 0, and so are the steps that do not count
  return mask === null ? rows : inSteps(layer, rows, mask.packing().back())
}

/** `[from, gates hidden]` as `[1, gates hidden, from]`. */
const inRows = (kind: RecurrentOp, { shape, values }: Numbers): Numbers => {
  const [from, columns] = shape as [number, number]
  const rows = permuted({ shape: [from, columns], values }, [1, 0]).values
  return { shape: [1, columns, from], values: turned(kind, rows) }
}
/** The gates of a list, which stand one behind another, in ONNX's order. */
const turned = (kind: RecurrentOp, values: Float32Array): Float32Array => {
  const size = values.length / gates[kind]
  const result = new Float32Array(values.length)
  for (const [to, gate] of order[kind].entries()) result.set(values.subarray(gate * size, (gate + 1) * size), to * size)
  return result
}
/** The input's bias, then the state's, of which only that of the gate `new` is not 0. */
const biases = (layer: Layer, kind: RecurrentOp, hidden: number): Numbers => {
  const size = gates[kind] * hidden
  const values = new Float32Array(2 * size)
  values.set(turned(kind, weightOf(layer, 'bias').values))
  if (kind === 'gru') values.set(weightOf(layer, 'recurrentBias').values, 2 * size - hidden)
  return { shape: [1, 2 * size], values }
}
