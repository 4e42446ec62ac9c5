/** A run of training as it was asked for: checked before anything is compiled. */
import type { Sizes } from '../../types/dim.ts'
import { eitherFault, metricsListed, sampleFault, targetFault } from '../../types/fit.ts'
import { freezeFault } from '../../types/freeze.ts'
import { continuedFault } from '../../types/from.ts'
import type { Key } from '../../types/key.ts'
import { reportFault } from '../../types/metric.ts'
import { recordMessage } from '../../types/options.ts'
import { say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { TargetOptions } from '../../types/target.ts'
import { optionsFault, type Target, targetOf } from '../compiler/target.ts'
import type { Rows, RowTypes } from '../data/data-source.ts'
import { wordsOf } from '../data/shuffle.ts'
import type { Blocks } from '../data/stream/blocks.ts'
import type { Reading } from '../data/stream/stream.ts'
import { mergeSizes } from '../graph/make.ts'
import { checkTree, treeFault } from '../graph/tree.ts'
import { chainParameters } from '../model/chain.ts'
import { partsOf } from '../model/model.ts'
import { checkParameters, parametersFault } from '../model/parameters.ts'
import { shown } from '../tensor/argument.ts'
import { leafShape, type ParameterShapes, placesOf } from '../tensor/protocol.ts'
import { bitsOf } from '../tensor/random.ts'
import { type Check, notEmpty, wholeNumber } from './check.ts'
import { type EarlyStoppingOptions, earlyStoppingFault } from './early-stopping.ts'
import { isOverAll } from './metrics/metric.ts'
import { objectiveOf, type RecordedLoss, type RecordedMetrics } from './objective.ts'
import type { Listener } from './progress.ts'
import type { Objective, UntypedModel, UntypedOptimizer } from './step.ts'
import { tokensFault } from './tokens.ts'
import type { Checkpointing, Underway, UntypedTrained } from './training.ts'

/** A data set whose types were checked where it was handed over. */
export type UntypedData = UntypedRows | UntypedStream
export interface UntypedRows extends Rows {
  readonly length: number
}
export interface UntypedStream extends RowTypes {
  readonly length: number
  readonly blocks: Blocks
  readonly reading: Reading
}
export const isStream = (data: UntypedData): data is UntypedStream => 'blocks' in data
export interface FittedModel extends UntypedModel {
  readonly init: (key: Key) => unknown
}
export interface FittingOptimizer extends UntypedOptimizer {
  readonly init: (params: unknown) => unknown
  readonly faults: readonly string[]
  /** The names that it leaves as they are. */
  readonly frozen?: readonly string[]
}

/** The options of `fit`, without types. */
export interface RunOptions extends TargetOptions {
  readonly data: UntypedData
  readonly validation?: UntypedData
  readonly loss: RecordedLoss
  readonly metrics?: RecordedMetrics
  readonly optimizer: FittingOptimizer
  readonly batchSize: number
  readonly epochs: number
  readonly key: Key
  readonly from?: UntypedTrained
  readonly params?: unknown
  readonly signal?: AbortSignal
  readonly earlyStopping?: EarlyStoppingOptions
  readonly timeLimit?: number
  readonly checkpoints?: Checkpointing
  readonly onEvent?: Listener | readonly Listener[]
  readonly stepEvery?: number
}
export interface Run extends RunOptions {
  readonly model: FittedModel
  readonly objective: Objective
  readonly target: Target
  /** Why it may not start, or null. */
  readonly fault: Check
}

/** Throws a `ShapeError` where the shapes do not fit: what the types refuse, from untyped JavaScript. */
export const runOf = (model: object, options: RunOptions): Run => {
  checkOptions('fit', options, known)
  const { loss, metrics = {}, data, validation, optimizer, key } = options
  partsOf('fit', model)
  bitsOf('fit', key)
  const target = targetOf('fit', options)
  if (!Array.isArray(optimizer?.faults)) throw new ShapeError(`fit: expected an optimizer, got ${shown(optimizer)}`)
  for (const samples of validation === undefined ? [data] : [data, validation]) checkShapes('fit', model, samples, loss, metrics)
  checkReported(metrics, validation !== undefined)
  checkFrozen(model, optimizer)
  checkCallbacks(options)
  if (options.earlyStopping !== undefined) checkOptions('earlyStopping', options.earlyStopping, stoppingOptions)
  const { chain } = partsOf('fit', model)
  if (options.params !== undefined) checkParameters('fit', options.params, chainParameters(chain))
  const from = continued(chainParameters(chain), options)
  return {
    ...options,
    ...(from === undefined ? {} : { from }),
    model: model as FittedModel,
    objective: objectiveOf(loss, metrics),
    target,
    fault: faultIn(options) ?? tokensIn(model, options),
  }
}

const known: readonly (keyof RunOptions)[] = [
  'data',
  'validation',
  'loss',
  'metrics',
  'optimizer',
  'batchSize',
  'epochs',
  'key',
  'from',
  'params',
  'signal',
  'earlyStopping',
  'timeLimit',
  'checkpoints',
  'onEvent',
  'stepEvery',
  'fastMath',
  'threads',
  'memoryLimit',
]
const stoppingOptions: readonly (keyof EarlyStoppingOptions)[] = ['monitor', 'patience', 'minDelta', 'warmUp', 'mode']
/** Throws where there is no such option: one that is misspelt would be forgotten. */
export const checkOptions = (op: string, options: unknown, names: readonly string[]): void => {
  const message = recordMessage(op, options, names, shown)
  if (message !== null) throw new ShapeError(message)
}

/** Throws where a metric can't be scored after each epoch. */
const checkReported = (metrics: RecordedMetrics, isValidated: boolean): void => {
  for (const [name, metric] of Object.entries(metrics)) {
    const fault = isOverAll(metric) ? reportFault('fit', name, metric.isNumber, isValidated) : null
    if (fault !== null) throw new ShapeError(fault)
  }
}

/** An earlier run; throws where it was not of this model and this optimizer. A best epoch of another optimizer is none of this one. */
const continued = (shapes: ParameterShapes, { from, params, optimizer }: RunOptions): UntypedTrained | undefined => {
  if (from === undefined) return undefined
  const fault = continuedFault(from, params !== undefined)
  if (fault !== null) throw new ShapeError(fault)
  checkParameters('fit', from.params, shapes, 'from.params')
  bitsOf('fit', from.key)
  if (optimizer.faults.length > 0) return from
  const wanted = optimizer.init(from.params)
  checkTree('fit', 'the optimizer has', 'from.optimizer', from.optimizer, wanted)
  const { best = null, underway = null } = from
  const isOurs =
    best !== null && parametersFault('fit', best.params, shapes) === null && treeFault('fit', '', '', best.optimizer, wanted) === null
  return 'underway' in from && 'best' in from && (best === null || isOurs) ? from : { ...from, underway, best: isOurs ? best : null }
}

/** Throws where what is to be called is no function. */
const checkCallbacks = ({ checkpoints, onEvent = [] }: RunOptions): void => {
  if (checkpoints !== undefined && typeof checkpoints?.save !== 'function')
    throw new ShapeError(`fit: expected checkpoints with a function save, got ${shown(checkpoints)}`)
  if (checkpoints !== undefined) checkOptions('checkpoints', checkpoints, ['everySteps', 'everyEpochs', 'everySeconds', 'save', 'resume'])
  const wrong = [onEvent].flat().find((listener) => typeof listener !== 'function')
  if (wrong !== undefined) throw new ShapeError(`fit: expected a function as onEvent, got ${shown(wrong)}`)
}

/** Throws where an optimizer freezes what the model does not have. */
const checkFrozen = (model: object, { frozen }: FittingOptimizer): void => {
  if (frozen === undefined) return
  const fault = freezeFault(chainParameters(partsOf('fit', model).chain), frozen, (shapes) => trainedNames(shapes as ParameterShapes))
  if (fault !== null) throw new ShapeError(fault)
}
const trainedNames = (shapes: ParameterShapes): readonly string[] | null =>
  leafShape(shapes) === null ? placesOf(shapes).flatMap(([name, inner]) => (leafShape(inner)?.statistic ? [] : [name])) : null

/** Throws where samples, targets, loss and metrics do not fit the model. */
export const checkShapes = (op: string, model: object, data: UntypedData, loss: RecordedLoss, metrics: RecordedMetrics): void => {
  const { input, dtype, chain } = partsOf(op, model)
  if (typeof data?.length !== 'number' || typeof data.inputs !== 'object') throw new ShapeError(noData(op, data))
  if (typeof loss?.targetOf !== 'function') throw new ShapeError(`${op}: expected a loss, got ${shown(loss)}`)
  if (Array.isArray(metrics)) throw new ShapeError(say(metricsListed, { op, example: '{ accuracy }' }))
  if (typeof metrics !== 'object') throw new ShapeError(`${op}: expected metrics by name, as { accuracy }, got ${shown(metrics)}`)
  for (const [name, metric] of Object.entries(metrics))
    if (typeof metric?.targetOf !== 'function') throw new ShapeError(`${op}: expected a loss as the metric ${name}, got ${shown(metric)}`)
  const { inputs, targets } = data
  const got = { classes: targets.classes, shape: targets.shape }
  const compared = [['loss', loss] as const, ...Object.entries(metrics).map(([name, metric]) => [`metric ${name}`, metric] as const)]
  const faults = [
    sampleFault(op, { shape: input, dtype }, inputs),
    ...compared.map(([what, { targetOf }]) => targetFault(op, what, targetOf(chain.shape), got)),
  ]
  const fault = faults.find((message) => message !== null)
  if (fault != null) throw new ShapeError(fault)
}

/** The slip that is easy to make: `dataset` gives an Either. */
const noData = (op: string, data: unknown): string =>
  typeof data === 'object' && data !== null && '_tag' in data ? eitherFault(op) : `${op}: expected a data set, got ${shown(data)}`

/** Sizes of all names, those of the model and those of the data; two sizes for one name throw. */
export const sizesIn = (op: string, model: object, { inputs, targets }: UntypedData): Sizes =>
  [inputs.sizes, targets.sizes].reduce(mergeSizes, partsOf(op, model).sizes)

const tokensIn = (model: object, { data, validation }: RunOptions): Check =>
  tokensOf('fit', model, data) ?? (validation === undefined ? null : tokensOf('fit', model, validation, ' of the validation set'))

/** What is wrong with the tokens of a set in memory; those of a stream are looked at when they are read. */
export const tokensOf = (op: string, model: object, data: UntypedData, what = ''): Check =>
  isStream(data) ? null : (tokensFault(op, model, data.inputs, what)?.message ?? null)

const faultIn = (options: RunOptions): Check => {
  const { data, validation, loss, metrics = {}, optimizer, batchSize, epochs, from, earlyStopping, timeLimit, stepEvery, ...more } = options
  return (
    [
      ...[loss, ...Object.values(metrics), optimizer].flatMap(({ faults }) => faults),
      notEmpty('fit', 'the data set', data.length),
      validation === undefined ? null : notEmpty('fit', 'the validation set', validation.length),
      wholeNumber('fit', 'the batch size', batchSize, 1, data.length, ', as many as there are samples'),
      wholeNumber('fit', 'epochs', epochs, 1),
      optionsFault('fit', more),
      ...checkpointFaults(options),
      earlyStopping === undefined ? null : earlyStoppingFault(earlyStopping, metrics, validation !== undefined),
      timeLimit === undefined ? null : seconds('the time limit', timeLimit),
      stepEvery === undefined ? null : wholeNumber('fit', 'stepEvery', stepEvery, 1),
      from === undefined ? null : wholeNumber('fit', "the epoch of 'from'", from.epoch, 0),
      from === undefined || Array.isArray(from.history)
        ? null
        : `fit: expected a list as the history of 'from', got ${shown(from.history)}`,
      from === undefined || from.epoch < epochs || (from.epoch === epochs && from.underway == null)
        ? null
        : `fit: 'from' has ${from.epoch} epochs behind it, so epochs must be more, got ${epochs}`,
      from?.underway == null ? null : (underwayFault(from.underway, options) ?? otherKey(from, options)),
    ].find((check) => check !== null) ?? null
  )
}

const checkpointFaults = ({ checkpoints }: RunOptions): readonly Check[] => {
  if (checkpoints === undefined) return []
  const { everySteps, everyEpochs, everySeconds } = checkpoints
  return [
    ...Object.entries({ everySteps, everyEpochs }).map(([name, every]) =>
      every === undefined ? null : wholeNumber('fit', `${name} of checkpoints`, every, 1),
    ),
    everySeconds === undefined ? null : seconds('everySeconds of checkpoints', everySeconds),
  ]
}
const seconds = (what: string, value: unknown): Check =>
  typeof value === 'number' && value > 0 ? null : `fit: ${what} must be a positive number of seconds, got ${shown(value)}`

/** The order of an epoch follows from the key: behind some steps of it with another, samples would be seen twice, and others never. */
const otherKey = ({ key: before }: UntypedTrained, { key }: RunOptions): Check =>
  wordsOf(before).every((word, i) => word === wordsOf(key)[i]) ? null : "fit: 'from' stopped within an epoch that another key has ordered"

/** Why an epoch that another run began cannot be gone on with: its order and its sums would be others. */
const underwayFault = ({ step, samples, batchSize, sums }: Underway, { data, batchSize: size, metrics = {} }: RunOptions): Check => {
  if (samples !== data.length || batchSize !== size)
    return `fit: 'from' stopped within an epoch of ${samples} samples in batches of ${batchSize}, this one has ${data.length} in batches of ${size}`
  const count = Object.values(metrics).filter((metric) => !isOverAll(metric)).length
  if (sums.length !== 1 + count) return `fit: 'from' stopped within an epoch with ${sums.length - 1} metrics, this one has ${count}`
  return wholeNumber('fit', "the step that 'from' stopped behind", step, 1, Math.ceil(samples / batchSize))
}
