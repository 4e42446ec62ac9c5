/** What untyped JavaScript may hand to a public function, checked: the sentences are those of the types. */

import { numberMixed } from '../../types/broadcast.ts'
import type { Dims, DType, Size, Sizes } from '../../types/dim.ts'
import { anyDType, dtypeFault, noDTypeMessage } from '../../types/dtype.ts'
import { type Maker, recordFirstMessage, uncalledMessage } from '../../types/maker.ts'
import { byPipeMessage, uncalled } from '../../types/operation.ts'
import { say } from '../../types/say.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { dimsOf, isBound, sizesOf } from '../../types/size.ts'
import { constant } from '../graph/expression.ts'
import { isNode, mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { isExtendable, recordOf } from './protocol.ts'

/** The node of a tensor whose dtype is one of these. */
export const tensorNode = (op: string, x: unknown, allowed: readonly DType[] = ['f32']): Node => {
  if (!isNode(x)) throw new ShapeError(`${op}: expected a tensor, got ${shown(x)}`)
  const fault = dtypeFault(op, allowed, x.dtype)
  if (fault !== null) throw new ShapeError(fault)
  return x
}

/** Throws where an operation that is made by a call is given what it is for. */
export const callOf = (kind: string, x: unknown, by = ''): void => {
  if (isNode(x) || isExtendable(x)) throw new ShapeError(say(uncalled, { kind, call: `${kind}(${by})` }))
}

/** Throws where what makes an operation is given a tensor first. */
export const notFirst = (op: string, x: unknown): void => {
  if (isNode(x)) throw new ShapeError(byPipeMessage(op))
}

/** Throws where what makes a layer is given what the layer is for: its call was forgotten. */
export const made = (kind: Maker, x: unknown): void => {
  if (isNode(x) || isExtendable(x)) throw new ShapeError(uncalledMessage(kind))
}
/** The same; and throws where a record stands in the place of its first number. */
export const numberFirst = (kind: Maker, x: unknown): void => {
  made(kind, x)
  if (typeof x === 'object' && x !== null && !Array.isArray(x) && !isBound(x)) throw new ShapeError(recordFirstMessage(kind))
}

/** A tensor, or a number that takes the dtype of its partner. */
export const operandNode = (op: string, x: unknown, partner: unknown, allowed: readonly DType[]): Node =>
  typeof x === 'number' ? besideNode(op, x, isNode(partner) ? partner.dtype : 'f32') : tensorNode(op, x, allowed)
/** A number beside a tensor of this dtype. */
export const besideNode = (op: string, value: number, dtype: DType): Node => {
  if (dtype === 'bool') throw new ShapeError(say(numberMixed, { op }))
  return scalarNode(op, value, dtype)
}
export const scalarNode = (op: string, value: number, dtype: DType): Node => constant(checked(op, value, dtype), dtype)

/** The value, if the dtype can hold it. */
export const checked = (op: string, value: number, dtype: DType): number => {
  if (dtype === 'i32' && (value | 0) !== value) throw new ShapeError(`${op}: ${value} is not an i32`)
  if (dtype === 'f32' && Number.isFinite(value) && !Number.isFinite(Math.fround(value)))
    throw new ShapeError(`${op}: ${value} is beyond f32`)
  if (dtype === 'bool' && value !== 0 && value !== 1) throw new ShapeError(`${op}: ${value} is not a bool`)
  return value
}

/** A dtype that was given. */
export const dtypeArgument = (op: string, dtype: unknown): DType => {
  if (!anyDType.some((known) => known === dtype)) throw new ShapeError(noDTypeMessage(op, shown(dtype)))
  return dtype as DType
}

/** A shape that was given, with the sizes that it binds. */
export const shapeArgument = (op: string, shape: readonly Size[]): readonly [Dims, Sizes] => [
  fits(dimsOf(op, shape)),
  sizesOf(shape).reduce<Sizes>(mergeSizes, {}),
]

/** A number that must be finite: a slope, a rate. */
export const finite = (op: string, name: string, value: unknown): number => {
  if (!Number.isFinite(value)) throw new ShapeError(`${op}: the ${name} must be a finite number, got ${shown(value)}`)
  return value as number
}

/** A value in a sentence. */
export const shown = (x: unknown): string => {
  if (isNode(x)) return 'a tensor'
  if (typeof x === 'function') return recordOf(x) === null ? 'a function' : 'a layer'
  if (typeof x !== 'object' || x === null) return String(x)
  return isExtendable(x) ? 'a model' : Array.isArray(x) ? 'an array' : 'an object'
}
