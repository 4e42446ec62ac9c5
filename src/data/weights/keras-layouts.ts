/** The layouts of Keras 3: channels last, kernels `[...places, in, out]`, and names those of a variable's `path`. */
import { added, permuted, reordered, reshaped, rowsOf, stacked } from './f32-block.ts'
import { below, inside, type Layout, type LayoutsOf, type Library, type OwnLayer, sizes } from './layout.ts'

/** As they are; `names` are ours with theirs. */
const asIs =
  (names: Readonly<Record<string, string>>): LayoutsOf =>
  (layer) => [
    {
      parts: Object.entries(names).map(([own, name]) => ({ name, shape: sizes(layer, own), isBias: name === 'bias' || name === 'beta' })),
      read: (given) => Object.fromEntries(Object.entries(names).map(([own, name]) => [own, given(name)])),
    },
  ]
const kernel = asIs({ weight: 'kernel', bias: 'bias' })
const affine = asIs({ scale: 'gamma', shift: 'beta' })
const table = asIs({ weight: 'embeddings' })

/** `[...kernel, filters, channels]`; groups they do not have. */
const convTranspose: LayoutsOf = (layer) => {
  const own = sizes(layer, 'weight')
  const turned = [...own.keys()].map((axis) => (axis < own.length - 2 ? axis : 2 * own.length - 3 - axis))
  return [
    {
      parts: [
        { name: 'kernel', shape: turned.map((axis) => own[axis] as number) },
        { name: 'bias', shape: sizes(layer, 'bias'), isBias: true },
      ],
      read: (given) => ({ weight: permuted(given('kernel'), turned), bias: given('bias') }),
    },
  ]
}

/** `[kernel height, kernel width, channels, multiplier]`: our numbers in their order. */
const depthwise: LayoutsOf = (layer) => {
  const own = sizes(layer, 'weight')
  const [height, width, , filters] = own as [number, number, number, number]
  const multiplier = layer.options.multiplier as number
  return [
    {
      parts: [
        { name: 'kernel', shape: [height, width, filters / multiplier, multiplier] },
        { name: 'bias', shape: [filters], isBias: true },
      ],
      read: (given) => ({ weight: reshaped(given('kernel'), own), bias: given('bias') }),
    },
  ]
}

/** The weights lie in a cell: `lstm/lstm_cell/kernel`. */
const recurrent = (kind: keyof typeof cells, layer: OwnLayer): Layout => {
  const at = (name: string): string => `${cells[kind]}/${name}`
  const bias = { name: at('bias'), shape: kind === 'gru' ? [2, ...sizes(layer, 'bias')] : sizes(layer, 'bias'), isBias: true }
  return {
    parts: [
      { name: at('kernel'), shape: sizes(layer, 'inputWeight') },
      { name: at('recurrent_kernel'), shape: sizes(layer, 'recurrentWeight') },
      bias,
    ],
    read: (given) => {
      const weights = { inputWeight: given(at('kernel')), recurrentWeight: given(at('recurrent_kernel')) }
      return kind === 'gru' ? gruParts(weights, given(at('bias'))) : { ...weights, bias: given(at('bias')) }
    },
  }
}
const cells = { rnn: 'simple_rnn_cell', gru: 'gru_cell', lstm: 'lstm_cell' } as const

/** Update, reset, new are their gates; of two rows of biases the sum counts, but for the new gate's, which the reset gate scales. */
const gruParts = (
  weights: Readonly<Record<string, Parameters<typeof reordered>[0]>>,
  biases: Parameters<typeof reordered>[0],
): ReturnType<Layout['read']> => {
  const order = [1, 0, 2]
  const wide = biases.shape[1] as number
  const cut = (2 * wide) / 3
  const [first, second] = [0, 1].map((row) => reordered(reshaped(rowsOf(biases, row, row + 1), [wide]), order)) as [
    typeof biases,
    typeof biases,
  ]
  const gates = added(rowsOf(first, 0, cut), rowsOf(second, 0, cut))
  return {
    ...Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, reordered(weight, order)])),
    bias: stacked([gates, rowsOf(first, cut, wide)]),
    recurrentBias: rowsOf(second, cut, wide),
  }
}

/** `bidirectional/forward_lstm/lstm_cell/kernel` */
const bidirectional: LayoutsOf = (layer) => {
  const kind = inside(layer, 'forward').options.kind as keyof typeof cells
  const word = kind === 'rnn' ? 'simple_rnn' : kind
  const of = (direction: 'forward' | 'backward'): Layout => {
    const at = (name: string): string => `${direction}_${word}/${name}`
    const { parts, read } = recurrent(kind, inside(layer, direction))
    return {
      parts: parts.map((part) => ({ ...part, name: at(part.name) })),
      read: (given) =>
        below(
          direction,
          read((name) => given(at(name))),
        ),
    }
  }
  const [forward, backward] = [of('forward'), of('backward')]
  return [{ parts: [...forward.parts, ...backward.parts], read: (given) => ({ ...forward.read(given), ...backward.read(given) }) }]
}

/** `MultiHeadAttention` and `GroupQueryAttention`: heads have an axis of their own. */
const attention: LayoutsOf = (layer) => {
  const { heads, keyValueHeads: groups } = layer.options as { readonly heads: number; readonly keyValueHeads: number }
  const depth = sizes(layer, 'query')[0] as number
  const perHead = depth / heads
  const shapes = {
    query: [depth, heads, perHead],
    key: [depth, groups, perHead],
    value: [depth, groups, perHead],
    output: [heads, perHead, depth],
  }
  const biases = { queryBias: [heads, perHead], keyBias: [groups, perHead], valueBias: [groups, perHead], outputBias: [depth] }
  const all: Readonly<Record<string, readonly number[]>> = { ...shapes, ...(layer.shapes.queryBias === undefined ? {} : biases) }
  const theirs = (own: string): string => {
    const part = own.replace('Bias', '')
    return `${part === 'output' ? 'attention_output' : part}/${part === own ? 'kernel' : 'bias'}`
  }
  return [
    {
      parts: Object.entries(all).map(([own, shape]) => ({ name: theirs(own), shape, isBias: own.endsWith('Bias') })),
      read: (given) => Object.fromEntries(Object.keys(all).map((own) => [own, reshaped(given(theirs(own)), sizes(layer, own))])),
    },
  ]
}

export const keras: Library = {
  op: 'fromKeras',
  separator: '/',
  ignored: /(^|\/)seed_generator_state$/,
  channelsFirst: false,
  blocks: [],
  layouts: {
    attention,
    batchNorm: asIs({ scale: 'gamma', shift: 'beta', mean: 'moving_mean', variance: 'moving_variance' }),
    bidirectional,
    conv1d: kernel,
    conv2d: kernel,
    convTranspose1d: convTranspose,
    convTranspose2d: convTranspose,
    dense: kernel,
    depthwiseConv2d: depthwise,
    embedding: table,
    groupNorm: affine,
    gru: (layer) => [recurrent('gru', layer)],
    instanceNorm: affine,
    layerNorm: affine,
    learnedPositions: table,
    lstm: (layer) => [recurrent('lstm', layer)],
    rmsNorm: asIs({ scale: 'scale' }),
    rnn: (layer) => [recurrent('rnn', layer)],
  },
}
