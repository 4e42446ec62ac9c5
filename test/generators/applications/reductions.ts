/** Reductions, and operations along one axis. */
import fc from 'fast-check'
import {
  type Application,
  type Applications,
  applied,
  axis,
  dtype,
  list,
  made,
  oddAxis,
  type Sizes,
  shape,
  text,
  weighted,
  wideAxis,
} from './words.ts'

const keep = fc.constantFrom('', '', ', { keepDims: true }', ', { keepDims: false }')
/** One axis, several, none said; seldom what is no axis. */
const axes = (a: Sizes): fc.Arbitrary<string> =>
  weighted(
    [4, axis(a.length).map(text)],
    [3, fc.shuffledSubarray([...a.keys()]).chain((some) => fc.tuple(...some.map((at) => fc.constantFrom(at, at - a.length))).map(list))],
    [2, fc.array(axis(a.length), { maxLength: 3 }).map(list)],
    [1, fc.constantFrom('', 'null', '[]')],
    [1, oddAxis],
  )
const reduction = (op: string): Applications =>
  weighted<Application>(
    [
      12,
      fc
        .tuple(shape, dtype, keep)
        .chain(([a, d, options]) => axes(a).chain((at) => applied(at === '' ? `${op}()` : `${op}(${at}${options})`, made(a, d)))),
    ],
    [
      1,
      fc.tuple(shape, wideAxis, fc.boolean()).map(([a, at, several]) => ({
        code: `pipe(${made(a)}, ${op}(${several ? `[${at}]` : at}))`,
        sentence: `${op}: the axis is not a literal`,
      })),
    ],
    [
      1,
      shape.map((a) => ({
        code: `pipe(${made(a)}, ${op}(null, { keepDims: true as boolean }))`,
        sentence: `${op}: keepDims is not a literal`,
      })),
    ],
  )
const along = (op: string, wide: string): Applications =>
  weighted<Application>(
    [
      12,
      fc
        .tuple(shape, dtype)
        .chain(([a, d]) => weighted([9, axis(a.length).map(text)], [1, oddAxis]).chain((at) => applied(`${op}(${at})`, made(a, d)))),
    ],
    [
      1,
      fc
        .tuple(
          shape.filter((a) => a.length > 0),
          wideAxis,
        )
        .map(([a, at]) => ({ code: `pipe(${made(a)}, ${op}(${at}))`, sentence: wide })),
    ],
  )
/** On a model the axis counts from the end. */
const alongModel = (op: string): Applications =>
  fc
    .tuple(fc.array(fc.constantFrom(2, 3, 4), { maxLength: 4 }), fc.constantFrom("'f32'", "'f32'", "'i32'"))
    .chain(([a, d]) => axis(a.length).chain((at) => applied(`${op}(${at})`, `input(${list(a)}, ${d})`)))

export const reductions: Readonly<Record<string, Applications>> = {
  ...Object.fromEntries(['sum', 'mean', 'max', 'min', 'variance', 'logSumExp'].map((op) => [op, reduction(op)])),
  argmax: along('argmax', 'argmax: the axis is not a literal'),
  softmax: weighted([3, along('softmax', 'softmax: the axis is not a literal')], [1, alongModel('softmax')]),
  logSoftmax: weighted([3, along('logSoftmax', 'logSoftmax: the axis is not a literal')], [1, alongModel('logSoftmax')]),
}
