/** What lessons that train say: progress while they run, then figures, and a digest of the weights. */
import { createHash } from 'node:crypto'
import { type DType, type EpochScores, progress, type Shape, type Tensor, type TrainingEvent, toTypedArray } from 'shapewright'

/** What the events of training add up to; seconds are those of steps, without compiling and without validation. */
export interface Measured {
  readonly steps: number
  readonly seconds: number
  readonly compileMilliseconds: number
  readonly arenaBytes: number
  readonly wasmBytes: number
}

/** Measures, and shows progress unless something else is to be shown. */
export const meter = (
  show = progress(process.stdout),
): { readonly onEvent: (event: TrainingEvent) => void; readonly measured: () => Measured } => {
  let measured: Measured = { steps: 0, seconds: 0, compileMilliseconds: 0, arenaBytes: 0, wasmBytes: 0 }
  const onEvent = (event: TrainingEvent): void => {
    show(event)
    if (event.tag === 'Compiled') {
      const { compileMilliseconds, arenaBytes, wasmBytes } = event.report
      measured = { ...measured, compileMilliseconds, arenaBytes, wasmBytes }
    }
    if (event.tag === 'Epoch') measured = { ...measured, steps: measured.steps + event.steps, seconds: measured.seconds + event.seconds }
  }
  return { onEvent, measured: () => measured }
}

/** The figures of a run, in the order in which the lessons print them. */
export const figures = ({ steps, seconds, ...program }: Measured, history: readonly EpochScores[]) => ({
  finalLoss: history.at(-1)?.loss,
  steps,
  microsecondsPerStep: (1e6 * seconds) / steps,
  ...program,
  epochs: history.length,
  seconds,
  secondsPerEpoch: seconds / history.length,
  lossHistory: history.map(({ loss }) => loss),
})

/** Over the bytes of all weights in layer order, each row-major: the same for the same options, on every machine. */
export const weightsSha256 = (params: object): string => {
  const hash = createHash('sha256')
  for (const weight of tensorsIn(params)) hash.update(toTypedArray(weight).slice())
  return hash.digest('hex')
}

const tensorsIn = (tree: object): readonly Tensor<Shape, DType>[] =>
  'op' in tree ? [tree as Tensor<Shape, DType>] : Object.values(tree).flatMap((part) => tensorsIn(part))
