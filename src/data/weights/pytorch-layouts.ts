/** The layouts of PyTorch: weights are `[out, in, ...places]`, and names those of `state_dict`. */
import { added, type Block, permuted, reshaped, rowsOf, stacked, transposed } from './f32-block.ts'
import { below, inside, type Layout, type LayoutsOf, type Library, type OwnLayer, sizes } from './layout.ts'

const dense: LayoutsOf = (layer) => {
  const [from, units] = sizes(layer, 'weight') as [number, number]
  return [
    {
      parts: [
        { name: 'weight', shape: [units, from] },
        { name: 'bias', shape: [units], isBias: true },
      ],
      read: (given) => ({ weight: transposed(given('weight')), bias: given('bias') }),
    },
  ]
}

/** `[filters, channels of a group, ...kernel]`. */
const convolution: LayoutsOf = (layer) => {
  const own = sizes(layer, 'weight')
  const axes = own.length - 2
  const kernel = own.slice(0, axes)
  const [inGroup, filters] = own.slice(axes) as [number, number]
  const order = [...kernel.map((_, i) => i + 2), 1, 0]
  return [
    {
      parts: [
        { name: 'weight', shape: [filters, inGroup, ...kernel] },
        { name: 'bias', shape: [filters], isBias: true },
      ],
      read: (given) => ({ weight: permuted(given('weight'), order), bias: given('bias') }),
    },
  ]
}

/** `[channels, filters of a group, ...kernel]`: the groups stand in the channels. */
const convTranspose: LayoutsOf = (layer) => {
  const own = sizes(layer, 'weight')
  const axes = own.length - 2
  const kernel = own.slice(0, axes)
  const [inGroup, filters] = own.slice(axes) as [number, number]
  const groups = layer.options.groups as number
  const apart = [groups, inGroup, filters / groups, ...kernel]
  const order = [...kernel.map((_, i) => i + 3), 1, 0, 2]
  return [
    {
      parts: [
        { name: 'weight', shape: [groups * inGroup, filters / groups, ...kernel] },
        { name: 'bias', shape: [filters], isBias: true },
      ],
      read: (given) => ({ weight: reshaped(permuted(reshaped(given('weight'), apart), order), own), bias: given('bias') }),
    },
  ]
}

/** Parts of one channel each; `names` are ours with theirs. */
const vectors =
  (names: Readonly<Record<string, string>>): LayoutsOf =>
  (layer) => [
    {
      parts: Object.entries(names).map(([own, name]) => ({ name, shape: sizes(layer, own), isBias: name === 'bias' })),
      read: (given) => Object.fromEntries(Object.entries(names).map(([own, name]) => [own, given(name)])),
    },
  ]

/** The gates of a step stand in the rows, in our order; of two biases the sum counts, but where a reset gate scales one. */
const recurrent =
  (gates: number, suffix = ''): LayoutsOf =>
  (layer) => {
    const [features] = sizes(layer, 'inputWeight') as [number]
    const [hidden] = sizes(layer, 'recurrentWeight') as [number]
    const at = (name: string): string => `${name}_l${layer.level}${suffix}`
    const rows = gates * hidden
    const read: Layout['read'] = (given) => {
      const [first, second] = [given(at('bias_ih')), given(at('bias_hh'))]
      const weights = { inputWeight: transposed(given(at('weight_ih'))), recurrentWeight: transposed(given(at('weight_hh'))) }
      if (gates !== 3) return { ...weights, bias: added(first, second) }
      const both = added(rowsOf(first, 0, 2 * hidden), rowsOf(second, 0, 2 * hidden))
      return { ...weights, bias: stacked([both, rowsOf(first, 2 * hidden, rows)]), recurrentBias: rowsOf(second, 2 * hidden, rows) }
    }
    return [
      {
        parts: [
          { name: at('weight_ih'), shape: [rows, features] },
          { name: at('weight_hh'), shape: [rows, hidden] },
          { name: at('bias_ih'), shape: [rows], isBias: true },
          { name: at('bias_hh'), shape: [rows], isBias: true },
        ],
        read,
      },
    ]
  }
const gatesOf = { rnn: 1, gru: 3, lstm: 4 } as const

const bidirectional: LayoutsOf = (layer) => {
  const gates = gatesOf[inside(layer, 'forward').options.kind as keyof typeof gatesOf]
  const [forward] = recurrent(gates)(inside(layer, 'forward')) as [Layout]
  const [backward] = recurrent(gates, '_reverse')(inside(layer, 'backward')) as [Layout]
  return [
    {
      parts: [...forward.parts, ...backward.parts],
      read: (given) => ({ ...below('forward', forward.read(given)), ...below('backward', backward.read(given)) }),
    },
  ]
}

/** `nn.MultiheadAttention` with `bias=False`, or a matrix each, as its names without a common depth and most models have it. */
const attention: LayoutsOf = (layer) => {
  const [depth, keys] = [sizes(layer, 'query')[0] as number, sizes(layer, 'key')[1] as number]
  const parts = { query: depth, key: keys, value: keys, output: depth }
  const apart = (names: Readonly<Record<keyof typeof parts, string>>): Layout => ({
    parts: Object.entries(parts).map(([own, width]) => ({ name: names[own as 'query'], shape: [width, depth] })),
    read: (given) => Object.fromEntries(Object.keys(parts).map((own) => [own, transposed(given(names[own as 'query']))])),
  })
  const together: Layout = {
    parts: [
      { name: 'in_proj_weight', shape: [3 * depth, depth] },
      { name: 'out_proj.weight', shape: [depth, depth] },
    ],
    read: (given) => {
      const part = (i: number): Block => transposed(rowsOf(given('in_proj_weight'), i * depth, (i + 1) * depth))
      return { query: part(0), key: part(1), value: part(2), output: transposed(given('out_proj.weight')) }
    },
  }
  const named = (output: string): Layout =>
    apart({ query: 'q_proj.weight', key: 'k_proj.weight', value: 'v_proj.weight', output: `${output}.weight` })
  return [...(keys === depth ? [together] : []), named('out_proj'), named('o_proj')]
}

const affine = vectors({ scale: 'weight', shift: 'bias' })
const table = (layer: OwnLayer): readonly Layout[] => vectors({ weight: 'weight' })(layer)

export const pytorch: Library = {
  op: 'fromPyTorch',
  separator: '.',
  ignored: /(^|\.)num_batches_tracked$/,
  channelsFirst: true,
  layouts: {
    attention,
    batchNorm: vectors({ scale: 'weight', shift: 'bias', mean: 'running_mean', variance: 'running_var' }),
    bidirectional,
    conv1d: convolution,
    conv2d: convolution,
    convTranspose1d: convTranspose,
    convTranspose2d: convTranspose,
    dense,
    depthwiseConv2d: convolution,
    embedding: table,
    groupNorm: affine,
    gru: recurrent(3),
    instanceNorm: affine,
    layerNorm: affine,
    learnedPositions: table,
    lstm: recurrent(4),
    rmsNorm: vectors({ scale: 'weight' }),
    rnn: recurrent(1),
  },
}
