/** Programs as users write them, of every depth: what they cost a checker is counted in the budget and timed in `bench:types`. */

export interface Pipeline {
  /** `pipe`, `sequential`, ...: how it is written. */
  readonly form: string
  readonly layers: number
  /** A mistake in the last layer. */
  readonly rejected: boolean
  readonly statements: string
}

export const pipelineImports = `import { add, block, conv2d, dense, flatten, gelu, globalAveragePool2d, input, key, matmul, mul, permute, pipe, relu, repeat, reshape, residual, sequential, softmax, transformerDecoderBlock } from 'shapewright'
import type { Dim, Tensor } from 'shapewright'`

/** The longest that fp-ts's `pipe` takes in one call, the model included. */
const stage = 19

const indices = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)
const chunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  indices(Math.ceil(all.length / size)).map((i) => all.slice(i * size, (i + 1) * size))

/** Weights of sizes that are all different, and activations between: no two layers share a type. */
const width = (i: number): number => 64 + i
const alternating = (n: number, rejected: boolean): readonly string[] =>
  indices(n).map((i) => (rejected && i === n - 1 ? `dense(${width(i) + 1000}, 10)` : i % 2 === 0 ? `dense(${width(i)})` : 'relu'))

/** Constants of which each goes on from the last. */
const staged = (first: string, rest: readonly string[]): string =>
  chunks(rest, stage)
    .map((layers, i) => `export const s${i} = pipe(${[i === 0 ? first : `s${i - 1}`, ...layers].join(', ')})`)
    .join('\n')

type Write = (layers: number, rejected: boolean) => string

const pipes: Write = (n, rejected) => staged('input([784])', alternating(n, rejected))
const sequentials: Write = (n, rejected) => `export const model = sequential(${['input([784])', ...alternating(n, rejected)].join(', ')})`
const blocks: Write = (n, rejected) =>
  staged(
    'input([784])',
    chunks(alternating(n, rejected), 10).map((layers) => `block(${layers.join(', ')})`),
  )

/** A product, a sum and an activation on tensors whose batch is a type parameter. */
const tensors: Write = (n, rejected) => {
  const sizes = indices(n + 1).map(width)
  const weights = indices(n).map(
    (i) => `declare const w${i}: Tensor<[${sizes[i]}, ${sizes[i + 1]}]>; declare const b${i}: Tensor<[${sizes[i + 1]}]>`,
  )
  const steps = indices(n).flatMap((i) => [`matmul(w${i})`, `add(${rejected && i === n - 1 ? `b${i - 1}` : `b${i}`})`, 'relu'])
  const lines = chunks(steps, stage - 1).map((layers, i) => `const s${i} = pipe(${i === 0 ? 'x' : `s${i - 1}`}, ${layers.join(', ')})`)
  return `${weights.join('\n')}\nexport const forward = <B extends Dim>(x: Tensor<[B, ${sizes[0]}]>) => {\n${lines.join('\n')}\nreturn s${lines.length - 1}\n}`
}

/** Residual blocks of two convolutions over an image; the channels grow at every fourth. */
const resnet: Write = (n, rejected) => {
  const channels = (i: number): number => 16 + 8 * Math.floor(i / 4)
  const layers = indices(n).flatMap((i) => {
    const c = channels(i)
    const wrong = rejected && i === n - 1 ? c + 1 : c
    const grown = i === 0 || c !== channels(i - 1) ? [`conv2d({ filters: ${c}, kernel: 3, padding: 'same' })`] : []
    const conv = (filters: number): string => `conv2d({ filters: ${filters}, kernel: 3, padding: 'same' })`
    return [...grown, `residual(block(${conv(c)}, relu, ${conv(wrong)}))`, 'relu']
  })
  return staged('input([32, 32, 3])', [...layers, ...(rejected ? [] : ['globalAveragePool2d', 'dense(10)'])])
}

/** Transformer blocks as functions of tensors: four products, a split into heads, scores, a softmax, a feed-forward part, two residual sums. */
const transformer: Write = (n, rejected) => {
  const block = (i: number): string => {
    const d = 64 + 8 * i
    const [t, up] = ["'time'", rejected && i === n - 1 ? 'down' : 'up']
    return `export const block${i} = <B extends Dim>(p: P<${d}>, x: Tensor<[B, ${t}, ${d}]>) => {
  const heads = (w: Tensor<[${d}, ${d}]>) => pipe(x, matmul(w), reshape([-1, ${t}, 8, ${d / 8}]), permute([0, 2, 1, 3]))
  const scores = pipe(heads(p.query), matmul(pipe(heads(p.key), permute([0, 1, 3, 2]))), mul(0.125), softmax(-1))
  const mixed = pipe(scores, matmul(heads(p.value)), permute([0, 2, 1, 3]), reshape([-1, ${t}, ${d}]), matmul(p.output))
  const attended = pipe(mixed, reshape([-1, ${t}, ${d}]), add(p.bias))
  return pipe(attended, matmul(p.${up}), gelu, matmul(p.down), add(attended))
}`
  }
  return `interface P<D extends number> { readonly query: Tensor<[D, D]>; readonly key: Tensor<[D, D]>; readonly value: Tensor<[D, D]>; readonly output: Tensor<[D, D]>; readonly bias: Tensor<[D]>; readonly up: Tensor<[D, 256]>; readonly down: Tensor<[256, D]> }
${indices(n).map(block).join('\n')}`
}

/** Blocks of a transformer as layers, of which no two are alike. */
const decoder: Write = (n, rejected) => {
  const blocks = indices(n).map((i) => `transformerDecoderBlock(${rejected && i === n - 1 ? 7 : 8}, { hidden: ${width(i)}, dropout: 0.1 })`)
  return staged("input(['time', 64])", [...blocks, ...(rejected ? [] : ['dense(10)'])])
}
/** The same block again and again, each with parameters of its own. */
const repeated: Write = (n, rejected) =>
  `export const model = pipe(input(['time', 64]), repeat(${n}, transformerDecoderBlock(8)), dense(${rejected ? '65, ' : ''}10))${
    rejected ? '' : '\nexport const params = model.init(key(0)).repeat1.transformerDecoderBlock1'
  }`

const forms: readonly { readonly form: string; readonly write: Write; readonly depths: readonly number[] }[] = [
  { form: 'pipe, stages of 19', write: pipes, depths: [5, 10, 20, 50, 100, 200] },
  { form: 'sequential', write: sequentials, depths: [5, 10, 20, 50, 100, 200] },
  { form: 'pipe of blocks of 10', write: blocks, depths: [10, 20, 50, 100, 200] },
  { form: 'tensors: matmul, add, relu', write: tensors, depths: [5, 10, 20, 50, 100, 200] },
  { form: 'ResNet blocks', write: resnet, depths: [4, 8, 16, 32] },
  { form: 'transformer blocks', write: transformer, depths: [1, 2, 6, 12] },
  { form: 'transformer layers', write: decoder, depths: [1, 2, 6, 12] },
  { form: 'repeat of a transformer layer', write: repeated, depths: [1, 2, 6, 12, 48] },
]

export const pipelines: readonly Pipeline[] = forms.flatMap(({ form, write, depths }) =>
  depths.flatMap((layers) => [false, true].map((rejected) => ({ form, layers, rejected, statements: write(layers, rejected) }))),
)
