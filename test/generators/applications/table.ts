/**
 * Random applications of everything public that has shapes, one entry a name: what law 3 is tried on. An entry draws right
 * and wrong ones, some half of each; an `Application` that the compiler alone can refuse says its sentence.
 */
import { attention } from './attention.ts'
import { codecs } from './codecs.ts'
import { contraction } from './contraction.ts'
import { creation } from './creation.ts'
import { elementwise } from './elementwise.ts'
import { images } from './images.ts'
import { indices } from './indices.ts'
import { layers } from './layers.ts'
import { loops } from './loops.ts'
import { losses } from './losses.ts'
import { metrics } from './metrics.ts'
import { movement } from './movement.ts'
import { norms } from './norms.ts'
import { notation } from './notation.ts'
import { parts } from './parts.ts'
import { programs } from './programs.ts'
import { records } from './records.ts'
import { recurrent } from './recurrent.ts'
import { reductions } from './reductions.ts'
import { trees } from './trees.ts'
import type { Applications } from './words.ts'

export const applications: Readonly<Record<string, Applications>> = {
  ...creation,
  ...elementwise,
  ...reductions,
  ...movement,
  ...parts,
  ...contraction,
  ...indices,
  ...loops,
  ...notation,
  ...images,
  ...attention,
  ...norms,
  ...layers,
  ...recurrent,
  ...losses,
  ...metrics,
  ...codecs,
  ...trees,
  ...programs,
  ...records,
}

/** Names whose types take every shape and dtype, so that nothing of theirs is refused. */
export const takesAll: Readonly<Record<string, string>> = {
  addDecayedWeights: 'any tree of parameters',
  cast: 'any dtype becomes any other',
  clipByGlobalNorm: 'any tree of gradients',
  clipByValue: 'any tree of gradients',
  compute: 'any tree',
  sgd: 'any tree of parameters',
  stopGradient: 'the identity',
  trainable: 'any tree',
}
/** Names that take no shape of a rank. */
export const withoutRank: Readonly<Record<string, string>> = {
  dim: 'one size',
}

/** Public values that no entry is about, and why. */
export const withoutShapes: Readonly<Record<string, string>> = {
  booleanFromText: 'a codec of text',
  integerFromText: 'a codec of text',
  numberFromText: 'a codec of text',
  ShapeError: 'what is thrown',
  InternalError: 'what is thrown',
  balancedWeights: 'a list of numbers',
  blobSource: 'bytes',
  bytesSource: 'bytes',
  constantSchedule: 'a function of the step',
  cosineDecay: 'a function of the step',
  declared: 'what it is given',
  describe: 'plain data',
  exponentialDecay: 'a function of the step',
  foldIn: 'keys have one shape',
  initializers: 'functions of a shape that a layer has checked',
  isStatistic: 'true or false',
  key: 'keys have one shape',
  logUniform: 'one number',
  moments: 'a task, whose tensors have the shape of a sample',
  oneOfValues: 'one value',
  parseIdx: 'shapes come from a file',
  piecewiseConstant: 'a function of the step',
  print: 'text',
  progress: 'text',
  readIdx: 'shapes come from a file',
  readNpy: 'shapes come from a file',
  readNpz: 'shapes come from a file',
  readSafetensors: 'shapes come from a file',
  readSafetensorsFrom: 'shapes come from a file',
  readSafetensorsHeader: 'shapes come from a file',
  readSafetensorsIndex: 'names of files',
  readSafetensorsShards: 'shapes come from files',
  scalar: 'one number',
  search: 'records of plain values',
  stepDecay: 'a function of the step',
  summary: 'rows of a table',
  toArray: 'arrays do not tell their lengths',
  toStoredArray: 'an array of a file does not tell its shape',
  toTypedArray: 'a flat list',
  uniformIn: 'one number',
  warmUp: 'a function of the step',
  weightsOnly: 'true or false',
  wholeIn: 'one number',
  writeNpy: 'bytes',
  writeNpz: 'bytes',
  writeSafetensors: 'bytes',
}
