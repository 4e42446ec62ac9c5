/**
 * Nested arrays and typed arrays as elements in row-major order. First the sizes are worked out along the first items;
 * then every array is held against them. Nothing goes deeper than the shape has axes, and each item is read once.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Sizes } from '../../../types/dim.ts'
import { factors } from '../../../types/elements.ts'
import { show } from '../../../types/show.ts'
import { ownSizes } from '../../graph/make.ts'
import type { Elements } from '../../graph/op.ts'
import { type ElementRule, elementRules } from './element.ts'
import type { Fault } from './fault.ts'
import { isOfNumbers, lengthOf, shownTyped, shownValue, storedIn, typedKind, typedLength } from './foreign.ts'
import { isName, showSized, sizesOfDims, type Wanted } from './wanted.ts'

export interface Read {
  readonly values: Elements
  readonly sizes: Sizes
}

/** So many faults of one tensor are told. */
export const mostFaults = 10
/** 1 GiB of f32. */
export const mostElements = 2 ** 28

/** The elements and the sizes of the names, or what is wrong. Code of the input's may throw: then that is what is wrong. */
export const readElements = (want: Wanted, input: unknown): E.Either<readonly Fault[], Read> => {
  const trail: number[] = []
  try {
    return readAll(want, input, trail)
  } catch {
    return E.left([{ path: [...trail], value: input, message: `expected ${showSized(want)}, got what cannot be read` }])
  }
}

const readAll = (want: Wanted, given: unknown, trail: number[]): E.Either<readonly Fault[], Read> => {
  const array = storedIn(given)
  const input = array === null ? given : array.values
  const seen: Seen = array === null ? look(input, want.dims.length) : { lengths: array.shape, end: 'item', item: undefined }
  const known = solve(want, seen)
  const sizes = sizesOfDims(want.dims, known)
  const whole = (got: string) => E.left([{ path: [], value: input, message: `expected ${showSized(want)}, got ${got}` }])
  const count = sizes.reduce<number>((n, size) => n * (size ?? 1), 1)
  if (count > mostElements || seen.lengths.some((length) => length > mostElements)) return whole(`more than ${mostElements} elements`)
  const fits = agrees(seen, sizes)
  if (fits && sizes.includes(null))
    return whole(`${shownSeen(seen, input)}${isOpen(want, known, sizes) ? ', from which not every size follows' : ''}`)
  if (!fits && array !== null) return whole(show(array.shape))
  if (!fits && isRegular(seen, input, want.dims.length)) return whole(shownSeen(seen, input))
  const values = fits ? allocated(want, count) : null
  if (fits && values === null) return whole(`${count} elements, for which there is no memory`)
  const walk: Walk = { want, rule: elementRules[want.dtype], sizes, values, trail, faults: [] }
  visit(walk, input, 0, 0)
  if (walk.faults.length > 0) return E.left(walk.faults)
  return values === null ? whole(shownSeen(seen, input)) : E.right({ values, sizes: ownSizes(want.dims, known) })
}

const allocated = ({ dtype }: Wanted, count: number): Elements | null => {
  try {
    return elementRules[dtype].make(count)
  } catch {
    return null
  }
}

/** What stands along the first items: the lengths of arrays, and what is there where they end. */
interface Seen {
  readonly lengths: readonly number[]
  readonly end: 'item' | 'empty' | 'deeper' | { readonly kind: string; readonly count: number }
  readonly item: unknown
}

/** A few levels past the rank, to say what came instead; an array may hold itself. */
const look = (input: unknown, rank: number): Seen => {
  const lengths: number[] = []
  let item = input
  while (Array.isArray(item)) {
    const length = lengthOf(item)
    if (length === null) break
    if (lengths.length === rank + 4) return { lengths, end: 'deeper', item }
    lengths.push(length)
    if (length === 0) return { lengths, end: 'empty', item: undefined }
    item = item[0]
  }
  const kind = typedKind(item)
  return { lengths, end: kind === null ? 'item' : { kind, count: typedLength(item) }, item }
}

/** The size of every name that follows from what was seen, or was bound before. */
const solve = ({ dims, sizes }: Wanted, { lengths, end }: Seen): Sizes => {
  const known = new Map(Object.entries(sizes))
  for (const [axis, dim] of dims.entries()) {
    const length = lengths[axis]
    if (length !== undefined && isName(dim) && !known.has(dim)) known.set(dim, length)
  }
  if (typeof end === 'object') {
    const [n, names] = factors(dims.slice(lengths.length))
    const open = names.filter((name) => !known.has(name))
    const [name] = open
    const rest = names.reduce((product, each) => product * (known.get(each) ?? 1), n)
    const size = rest === 0 ? null : root(end.count / rest, open.length)
    if (name !== undefined && new Set(open).size === 1 && size !== null) known.set(name, size)
  }
  return Object.fromEntries(known)
}
/** The whole number whose power this is, or null. */
const root = (power: number, exponent: number): number | null => {
  const near = exponent === 1 ? power : Math.round(power ** (1 / exponent))
  return Number.isInteger(near) && near ** exponent === power ? near : null
}

/** Whether any count of elements would leave sizes open: several names, or one in no elements. One name alone has no whole size. */
const isOpen = ({ dims }: Wanted, known: Sizes, sizes: readonly (number | null)[]): boolean => {
  const open = factors(dims.filter((_, axis) => sizes[axis] === null))[1].filter((name) => !Object.hasOwn(known, name))
  return sizes.includes(0) || new Set(open).size > 1
}

/** Whether what was seen has these sizes; null is not known. */
const agrees = ({ lengths, end }: Seen, sizes: readonly (number | null)[]): boolean => {
  if (lengths.length > sizes.length || lengths.some((length, axis) => (sizes[axis] ?? length) !== length)) return false
  if (end === 'empty') return true
  if (typeof end === 'string') return end === 'item' && lengths.length === sizes.length
  const rest = sizes.slice(lengths.length)
  if (rest.length === 0 && sizes.length > 0) return false
  return rest.includes(null) || rest.reduce<number>((n, size) => n * (size as number), 1) === end.count
}

/** Whether all arrays are as long as the first of their level: then a shape says best what came. */
const isRegular = ({ lengths, end, item }: Seen, input: unknown, rank: number): boolean => {
  const all = (level: unknown, depth: number): boolean => {
    if (depth === lengths.length) return typeof end === 'object' || end === 'deeper' || !(Array.isArray(level) || typedKind(level) !== null)
    if (!Array.isArray(level) || lengthOf(level) !== lengths[depth]) return false
    for (let i = 0; i < (lengths[depth] as number); i++) if (!all(level[i], depth + 1)) return false
    return true
  }
  if (typeof end === 'object') return lengths.length === 0
  const isLeaf = typeof item === 'number' || typeof item === 'boolean' || end === 'empty' || end === 'deeper'
  return lengths.length === 0 ? rank > 0 : isLeaf && all(input, 0)
}

const shownSeen = ({ lengths, end }: Seen, input: unknown): string => {
  if (lengths.length === 0) return shownValue(input)
  return `[${lengths.join(', ')}${end === 'deeper' ? ', ...' : ''}]`
}

interface Walk {
  readonly want: Wanted
  readonly rule: ElementRule
  readonly sizes: readonly (number | null)[]
  /** Null where it is known that they do not fit, and only the faults are looked for. */
  readonly values: Elements | null
  /** The indices to where reading stands. */
  readonly trail: number[]
  readonly faults: Fault[]
}

const blame = ({ trail, faults }: Walk, value: unknown, message: string): void => {
  faults.push({ path: [...trail], value, message })
}
const isFull = ({ faults }: Walk): boolean => faults.length >= mostFaults

const visit = (walk: Walk, value: unknown, offset: number, depth: number): void => {
  const { sizes, trail } = walk
  const kind = depth < sizes.length || depth === 0 ? typedKind(value) : null
  if (kind !== null) return visitTyped(walk, value, kind, offset, depth)
  if (depth === sizes.length) return visitElement(walk, value, offset)
  if (!Array.isArray(value))
    return blame(walk, value, `expected an array of ${items(walk, depth, sizes[depth] ?? null)}, got ${shownValue(value)}`)
  const length = lengthOf(value)
  const size = sizes[depth] ?? length
  if (length === null || size !== length) return blame(walk, value, `expected ${items(walk, depth, size)}, got ${length ?? 'no length'}`)
  const stride = sizes.slice(depth + 1).reduce<number>((n, each) => n * (each ?? 1), 1)
  const step = depth + 1 === sizes.length ? visitElement : visit
  for (let i = 0; i < length && !isFull(walk); i++) {
    trail[depth] = i
    step(walk, value[i], offset + i * stride, depth + 1)
  }
  trail.length = depth
}

const visitElement = (walk: Walk, value: unknown, offset: number): void => {
  const element = walk.rule.read(value)
  if (element === null) blame(walk, value, `expected ${walk.rule.one}, got ${shownValue(value)}`)
  else if (walk.values !== null) walk.values[offset] = element
}

/** A typed array stands for all axes that are left. */
const visitTyped = (walk: Walk, value: unknown, kind: string, offset: number, depth: number): void => {
  const { want, sizes, values, trail } = walk
  const { many, own, readTyped, typedOne } = walk.rule
  const [length, rest] = [typedLength(value), sizes.slice(depth)]
  if (!isOfNumbers(kind)) return blame(walk, value, `expected ${many}, got ${shownTyped(kind, length)}`)
  if (!rest.includes(null) && rest.reduce<number>((n, size) => n * (size as number), 1) !== length)
    return blame(walk, value, `expected ${show(want.dims.slice(depth))}, got ${shownTyped(kind, length)}`)
  if (values === null) return
  const elements = value as ArrayLike<number>
  if (kind === own) return values.set(elements, offset)
  for (let i = 0; i < length && !isFull(walk); i++) {
    const element = readTyped(elements[i] as number)
    trail[depth] = i
    if (element === null) blame(walk, elements[i], `expected ${typedOne}, got ${shownValue(elements[i])}`)
    else values[offset + i] = element
  }
  trail.length = depth
}

/** `784 numbers`, `1 array`, `numbers` */
const items = ({ rule, sizes }: Walk, depth: number, size: number | null): string => {
  const many = depth === sizes.length - 1 ? rule.many : 'arrays'
  return size === null ? many : size === 1 ? `1 ${many.slice(0, -1)}` : `${size} ${many}`
}
