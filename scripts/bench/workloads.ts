/** The workloads of the benchmark as plain records: what every line computes, and what it costs to compute it. */

export interface Workload {
  readonly id: string
  readonly title: string
  /** `dense`: relu between dense layers, or tanh where the targets are flags. `cnn`: the small convolutional network. `lstm`: one, and a dense layer on its last step. */
  readonly network: 'dense' | 'cnn' | 'lstm'
  /** Widths, from a sample, or a row of one, to a prediction. */
  readonly sizes: readonly number[]
  /** Rows of a sample that come one after the other; 1 where it is one. */
  readonly time: number
  readonly batch: number
  readonly mode: 'train' | 'infer'
  /** Class numbers under softmax cross-entropy, or flags under sigmoid binary cross-entropy. */
  readonly loss: 'classes' | 'flags'
  readonly optimizer: 'adam' | 'momentum'
  readonly rate: number
  /** Batches that take turns. */
  readonly batches: number
}

/** As many batches as it takes that gradients do not die out within a block of steps: they would end in subnormals, which are slow. */
const batches = 32

const classifier = (id: string, sizes: readonly number[], batch: number, optimizer: Workload['optimizer'], rate: number): Workload => ({
  id,
  title: `${sizes.join('-')}, batch ${batch}, ${optimizer}`,
  network: 'dense',
  sizes,
  time: 1,
  batch,
  mode: 'train',
  loss: 'classes',
  optimizer,
  rate,
  batches,
})
const inference = (id: string, batch: number): Workload => ({
  ...classifier(id, [784, 256, 10], batch, 'adam', 1e-3),
  title: `784-256-10, batch ${batch}, inference`,
  mode: 'infer',
})

export const workloads: readonly Workload[] = [
  classifier('W1', [784, 256, 10], 32, 'adam', 1e-3),
  classifier('W2', [784, 128, 10], 128, 'adam', 1e-3),
  classifier('W3', [784, 512, 512, 10], 128, 'momentum', 0.05),
  {
    ...classifier('W4', [2, 8, 1], 4, 'adam', 1e-2),
    title: 'XOR 2-8-1, batch 4, adam',
    loss: 'flags',
    batches: 1,
  },
  {
    ...classifier('W5', [784, 10], 64, 'adam', 1e-3),
    title: '28x28x1, conv 5x5x8, pool, conv 5x5x16, pool, dense 10, batch 64, adam',
    network: 'cnn',
    batches: 8,
  },
  {
    ...classifier('W6', [28, 128, 10], 32, 'adam', 1e-3),
    title: 'LSTM of 100 steps over 28 features, hidden 128, dense 10, batch 32, adam',
    network: 'lstm',
    time: 100,
    batches: 8,
  },
  inference('I1', 1),
  inference('I256', 256),
]

const adam = (sizes: readonly number[], batch: number): Workload => classifier(`${sizes.join('-')}/${batch}`, sizes, batch, 'adam', 1e-3)

/** One thing grows at a time: width, batch, depth. */
export const sweep: readonly { readonly axis: string; readonly points: readonly Workload[] }[] = [
  { axis: 'width', points: [16, 64, 128, 256, 512, 1024].map((width) => adam([784, width, 10], 32)) },
  { axis: 'batch', points: [1, 4, 8, 32, 128, 512].map((batch) => adam([784, 256, 10], batch)) },
  { axis: 'depth', points: [1, 2, 4, 8].map((depth) => adam([784, ...Array.from({ length: depth }, () => 256), 10], 32)) },
]

export interface Shaped {
  readonly shape: readonly number[]
  /** Inputs and outputs of the layer whose weights these are; null for biases. */
  readonly fan: readonly [number, number] | null
}
const weight = (...shape: readonly number[]): Shaped => {
  const [input, output] = shape.slice(-2) as [number, number]
  const field = shape.slice(0, -2).reduce((a, b) => a * b, 1)
  return { shape, fan: [field * input, field * output] }
}
const bias = (size: number): Shaped => ({ shape: [size], fan: null })

/** Parameters in the order of layers, weights before biases. Those of an LSTM's four gates are one. */
const parameters: { readonly [N in Workload['network']]: (sizes: readonly number[]) => readonly Shaped[] } = {
  dense: (sizes) => sizes.slice(1).flatMap((width, i) => [weight(sizes[i] as number, width), bias(width)]),
  cnn: () => [weight(5, 5, 1, 8), bias(8), weight(5, 5, 8, 16), bias(16), weight(784, 10), bias(10)],
  lstm: ([features = 0, hidden = 0, classes = 0]) => [
    weight(features, 4 * hidden),
    weight(hidden, 4 * hidden),
    bias(4 * hidden),
    weight(hidden, classes),
    bias(classes),
  ],
}
export const parametersOf = ({ network, sizes }: Pick<Workload, 'network' | 'sizes'>): readonly Shaped[] => parameters[network](sizes)

/** The shape of one sample. */
export const sampleShape = ({ network, sizes, time }: Pick<Workload, 'network' | 'sizes' | 'time'>): readonly number[] => {
  const [width = 0] = sizes
  return { dense: [width], cnn: [28, 28, 1], lstm: [time, width] }[network]
}

export const elements = ({ shape }: Shaped): number => shape.reduce((a, b) => a * b, 1)
export const parameterCount = (workload: Workload): number => parametersOf(workload).reduce((sum, p) => sum + elements(p), 0)

/** How often every weight of a layer is used for one sample. */
const placesOf = ({ network, time }: Workload, layer: number): number =>
  (({ dense: [], cnn: [784, 196, 1], lstm: [time, time, 1] })[network] as readonly number[])[layer] ?? 1

/** Floating-point operations of a step's matrix products and convolutions: values, and gradients of weights and of inputs. */
export const contractionFlops = (workload: Workload): number => {
  const layers = parametersOf(workload).filter(({ fan }) => fan !== null)
  return layers.reduce((sum, parameter, layer) => {
    // nobody asks for the gradient of the data
    const products = workload.mode === 'infer' ? 1 : layer === 0 ? 2 : 3
    return sum + products * 2 * workload.batch * placesOf(workload, layer) * elements(parameter)
  }, 0)
}

interface UpdateCost {
  readonly flops: number
  readonly bytes: number
}
/** For one parameter. Bytes: parameter, gradient and state read; parameter and state written. */
const updateCosts: Readonly<Record<Workload['optimizer'], UpdateCost>> = {
  adam: { flops: 13, bytes: 28 },
  momentum: { flops: 4, bytes: 20 },
}
/** What a step's optimizer costs, all parameters together. */
export const updateCost = (workload: Workload): UpdateCost => {
  const count = workload.mode === 'train' ? parameterCount(workload) : 0
  const { flops, bytes } = updateCosts[workload.optimizer]
  return { flops: flops * count, bytes: bytes * count }
}
