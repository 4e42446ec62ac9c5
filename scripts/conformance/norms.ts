/** Normalisations of golden files: `scale` and `offset` are their inputs, `epsilon` their attribute. */
import { statistic } from '../../src/index.ts'
import { batchNormTraining, groupNorm, instanceNorm, layerNorm, rmsNorm } from '../../src/ops.ts'
import { type Fields, number } from './golden.ts'
import { type Convention, call, input, type Loose } from './library.ts'

/** The options that the case has; the library has its own defaults where there are none. */
const optionsOf = ({ epsilon }: Fields) => (epsilon === undefined ? {} : { epsilon: number('epsilon', epsilon) })
const made =
  (normalize: unknown): Convention =>
  (_, inputs, attributes) => {
    const params = { scale: input(inputs, 'scale'), shift: inputs.offset }
    return ((normalize as Loose)(params, optionsOf(attributes)) as Loose)(input(inputs, 'x'))
  }
/** The running statistics are not in the file: what they are does not matter to what is normalised by a batch. */
const batchNormTrain: Convention = (_, inputs, attributes) => {
  const [x, scale] = [input(inputs, 'x'), input(inputs, 'scale')]
  const running = (value: number) => (statistic as Loose)(call('full', scale.shape, value))
  const params = { scale, shift: input(inputs, 'offset'), mean: running(0), variance: running(1) }
  return (((batchNormTraining as Loose)(params, optionsOf(attributes)) as Loose)(x) as readonly unknown[])[0]
}

export const norms: Readonly<Record<string, Convention>> = {
  layerNorm: made(layerNorm),
  rmsNorm: made(rmsNorm),
  instanceNorm: made(instanceNorm),
  groupNorm: (name, inputs, attributes) =>
    made((...given: readonly unknown[]) => (groupNorm as Loose)(number('groups', attributes.groups), ...given))(name, inputs, attributes),
  batchNormTrain,
}
