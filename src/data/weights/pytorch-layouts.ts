/** The layouts of PyTorch: weights are `[out, in, ...places]`, and names those of `state_dict`. */
import { added, type Block, permuted, reshaped, rowsOf, stacked, transposed } from './f32-block.ts'
import { below, inside, type Layout, type LayoutsOf, type Library, type OwnLayer, sizes, type TheirPart } from './layout.ts'

/** Turned, but for GPT-2's `Conv1D`, which goes by these names and is `[in, out]`. */
const dense: LayoutsOf = (layer) => {
  const [from, units] = sizes(layer, 'weight') as [number, number]
  const lying = (shape: readonly number[], turned: (block: Block) => Block): Layout => ({
    parts: [
      { name: 'weight', shape },
      { name: 'bias', shape: [units], isBias: true },
    ],
    read: (given) => ({ weight: turned(given('weight')), bias: given('bias') }),
  })
  const linear = lying([units, from], transposed)
  return /(^|\.)c_(fc|proj)$/.test(layer.module) ? [linear, lying([from, units], (block) => block)] : [linear]
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

/** Where theirs keep queries, keys, values and output. */
type Places = Readonly<Record<'query' | 'key' | 'value' | 'output', string>>
const places = (query: string, key: string, value: string, output: string): Places => ({ query, key, value, output })
const apartPlaces = [
  places('q_proj', 'k_proj', 'v_proj', 'out_proj'),
  places('q_proj', 'k_proj', 'v_proj', 'o_proj'),
  places('self.query', 'self.key', 'self.value', 'output.dense'),
]

/** `nn.MultiheadAttention`, a module each as most models have it, or the two modules of GPT-2. */
const attention: LayoutsOf = (layer) => {
  const [depth, keys] = [sizes(layer, 'query')[0] as number, sizes(layer, 'key')[1] as number]
  const widths = { query: depth, key: keys, value: keys, output: depth }
  const own = Object.keys(widths) as (keyof typeof widths)[]
  const biased = layer.shapes.queryBias !== undefined
  const withBias = (weight: TheirPart, name: string, width: number): readonly TheirPart[] =>
    biased ? [weight, { name, shape: [width], isBias: true }] : [weight]
  const biases = (of: (part: keyof typeof widths) => Block): Readonly<Record<string, Block>> =>
    biased ? Object.fromEntries(own.map((part) => [`${part}Bias`, of(part)])) : {}
  const apart = (names: Places): Layout => ({
    parts: own.flatMap((part) =>
      withBias({ name: `${names[part]}.weight`, shape: [widths[part], depth] }, `${names[part]}.bias`, widths[part]),
    ),
    read: (given) => ({
      ...Object.fromEntries(own.map((part) => [part, transposed(given(`${names[part]}.weight`))])),
      ...biases((part) => given(`${names[part]}.bias`)),
    }),
  })
  // queries, keys and values are rows of one matrix, or columns where it lies the other way round
  const together = (weight: string, output: string, lies: 'rows' | 'columns'): Layout => {
    const [wide, bias] = [depth + 2 * keys, weight.replace('weight', 'bias')]
    const from = { query: 0, key: depth, value: depth + keys, output: 0 }
    const rows = (block: Block): Block => (lies === 'rows' ? block : transposed(block))
    const cut = (part: keyof typeof widths, block: Block): Block => rowsOf(block, from[part], from[part] + widths[part])
    return {
      parts: [
        ...withBias({ name: weight, shape: lies === 'rows' ? [wide, depth] : [depth, wide] }, bias, wide),
        ...withBias({ name: `${output}.weight`, shape: [depth, depth] }, `${output}.bias`, depth),
      ],
      read: (given) => ({
        ...Object.fromEntries(
          own.map((part) => [part, transposed(part === 'output' ? rows(given(`${output}.weight`)) : cut(part, rows(given(weight))))]),
        ),
        ...biases((part) => (part === 'output' ? given(`${output}.bias`) : cut(part, given(bias)))),
      }),
    }
  }
  return [
    ...(keys === depth ? [together('in_proj_weight', 'out_proj', 'rows')] : []),
    ...apartPlaces.map(apart),
    together('c_attn.weight', 'c_proj', 'rows'),
    together('c_attn.weight', 'c_proj', 'columns'),
  ]
}

const affine = vectors({ scale: 'weight', shift: 'bias' })
const table = (layer: OwnLayer): readonly Layout[] => vectors({ weight: 'weight' })(layer)

export const pytorch: Library = {
  op: 'fromPyTorch',
  separator: '.',
  // counters, and what GPT-2 and BERT keep of masks and places, which no training changes
  ignored: /(^|\.)(num_batches_tracked|position_ids|attn\.(masked_)?bias)$/,
  channelsFirst: true,
  blocks: [
    { attentionNorm: 'norm1', attention: 'self_attn', feedForwardNorm: 'norm2', hidden: 'linear1', output: 'linear2' },
    { attentionNorm: 'ln_1', attention: 'attn', feedForwardNorm: 'ln_2', hidden: 'mlp.c_fc', output: 'mlp.c_proj' },
    {
      attentionNorm: 'attention.output.LayerNorm',
      attention: 'attention',
      feedForwardNorm: 'output.LayerNorm',
      hidden: 'intermediate.dense',
      output: 'output.dense',
    },
  ],
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
