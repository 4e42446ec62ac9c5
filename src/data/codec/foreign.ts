/**
 * Looking at values that come from outside, whose code is not ours: proxies, getters, arrays of another realm, subclasses
 * that lie about their length. Typed arrays are asked through the getters of their common prototype, which cannot be fooled.
 */
import { show } from '../../../types/show.ts'
import { isNode } from '../../graph/make.ts'
import type { Node } from '../../graph/node.ts'

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype)
const intrinsic = (key: PropertyKey) => {
  const get = Object.getOwnPropertyDescriptor(typedArray, key)?.get
  return (x: unknown): unknown => get?.call(x)
}
const tagOf = intrinsic(Symbol.toStringTag)
const countOf = intrinsic('length')

/** `'Float32Array'`; null for what is no typed array. */
export const typedKind = (x: unknown): string | null => (tagOf(x) as string | undefined) ?? null
/** A typed array whose elements are numbers. */
export const isOfNumbers = (kind: string): boolean => !kind.startsWith('Big')
export const typedLength = (x: unknown): number => countOf(x) as number

/** An array of a file: its shape, and its values as numbers; null for all else. Each part is asked for once. */
export const storedIn = (x: unknown): { readonly shape: readonly number[]; readonly values: unknown } | null => {
  if (typeof x !== 'object' || x === null || Array.isArray(x) || typedKind(x) !== null || isTensor(x)) return null
  const { shape, values } = x as { readonly shape?: unknown; readonly values?: unknown }
  const kind = typedKind(values)
  if (kind === null || !Array.isArray(shape)) return null
  const sizes = Array.from({ length: Math.min(lengthOf(shape) ?? 0, mostAxes) }, (_, i): unknown => shape[i])
  if (!sizes.every((size): size is number => Number.isSafeInteger(size) && (size as number) >= 0)) return null
  if (sizes.reduce((n, size) => n * size, 1) !== typedLength(values)) return null
  // 64-bit integers become the nearest numbers: what is none of 32 bits is told
  return { shape: sizes, values: isOfNumbers(kind) ? values : Float64Array.from(values as BigInt64Array, Number) }
}
const mostAxes = 64

/** The length of an array; null where a proxy says something else. */
export const lengthOf = (x: readonly unknown[]): number | null => (Number.isSafeInteger(x.length) && x.length >= 0 ? x.length : null)

/** A tensor; an object that only inherits from one is none. */
export const isTensor = (x: unknown): x is Node => {
  try {
    return isNode(x) && Object.isFrozen(x) && Array.isArray(x.shape) && Array.isArray(x.inputs) && typeof x.sizes === 'object'
  } catch {
    return false
  }
}

/** A value in a sentence; never longer than a line, and it calls no code of the value's. */
export const shownValue = (x: unknown): string => {
  if (typeof x === 'string') return `'${oneLine(x.length > longest ? `${x.slice(0, longest)}...` : x)}'`
  if (typeof x === 'function') return 'a function'
  if (typeof x === 'bigint') return `${String(x).slice(0, longest)}n`
  if (Object.is(x, -0)) return '-0'
  return typeof x === 'object' && x !== null ? shownObject(x) : String(x)
}
const longest = 40
/** Text from outside as it may stand in a sentence: what would break the line is written as JSON writes it. */
export const oneLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) =>
    char === '\n' ? '\\n' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const shownObject = (x: object): string => {
  const kind = typedKind(x)
  if (kind !== null) return shownTyped(kind, typedLength(x))
  if (isTensor(x)) return `a tensor ${show(x.shape)}`
  try {
    return Array.isArray(x) ? 'an array' : 'an object'
  } catch {
    return 'what cannot be read'
  }
}

/** `a Float32Array of 1000 elements` */
export const shownTyped = (kind: string, length: number): string =>
  `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind} of ${length} element${length === 1 ? '' : 's'}`
