/** The space of a search: its parts in order, and configurations out of it. */
import type * as t from 'io-ts'
import { noSpace, notDrawnMessage } from '../../../types/search.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import { encipher, type Words } from '../../graph/threefry.ts'
import { type Drawing, drawingOf, type Plain } from './drawn.ts'

/** A configuration is a record of plain values and of such records. */
export interface Configuration {
  readonly [name: string]: Plain | Configuration
}
export interface Space {
  readonly codec: t.Type<Configuration, unknown, unknown>
  /** The configuration with this number, which depends on the key and the number alone. */
  readonly drawn: (key: Words, trial: number) => Configuration
  /** All configurations whose numbers are among so many levels each, the last part the fastest. */
  readonly grid: (points: number) => Grid
}
export interface Grid {
  readonly length: number
  readonly at: (trial: number) => Configuration
}

/** A record of parts; a part is drawn, or always the same. */
type Part = { readonly drawing: Drawing<Plain> } | { readonly value: Plain } | { readonly parts: readonly (readonly [string, Part])[] }

/** Throws where a part can be drawn by nothing. */
export const spaceOf = (codec: unknown): Space => {
  const parts = partsOf(codec)
  if (parts === null) throw new ShapeError(noSpace)
  const bad: string[] = []
  const root = record(parts, '', bad)
  const message = notDrawnMessage(bad)
  if (message !== null) throw new ShapeError(message)
  const dimensions = drawingsIn(root)
  return {
    codec: codec as Space['codec'], // its parts are plain values and records of them
    drawn: (key, trial) => {
      let dimension = 0
      return filled(root, ({ at }) => at(fraction(key, trial, dimension++)))
    },
    grid: (points) =>
      gridOf(
        root,
        dimensions.map(({ levels }) => levels(points)),
      ),
  }
}

interface Codec {
  readonly _tag?: unknown
  readonly props?: Readonly<Record<string, unknown>>
  readonly type?: unknown
  readonly value?: unknown
}
/** The parts of a record's codec, also of one that is exact or readonly; null for what is none. */
const partsOf = (codec: unknown): Readonly<Record<string, unknown>> | null => {
  if (typeof codec !== 'object' || codec === null) return null
  const { _tag, props, type } = codec as Codec
  if (_tag === 'ExactType' || _tag === 'ReadonlyType') return partsOf(type)
  return _tag === 'InterfaceType' && props !== undefined ? props : null
}

const record = (props: Readonly<Record<string, unknown>>, path: string, bad: string[]): Part => ({
  parts: Object.entries(props).map(([name, codec]) => [name, partOf(codec, `${path}${name}`, bad)] as const),
})
const partOf = (codec: unknown, path: string, bad: string[]): Part => {
  const drawing = drawingOf(codec)
  if (drawing !== null) return { drawing }
  const { _tag, value } = (codec ?? {}) as Codec
  if (_tag === 'LiteralType') return { value: value as Plain }
  const parts = partsOf(codec)
  if (parts !== null) return record(parts, `${path}.`, bad)
  bad.push(path)
  return { value: null }
}

const drawingsIn = (part: Part): readonly Drawing<Plain>[] =>
  'parts' in part ? part.parts.flatMap(([, inner]) => drawingsIn(inner)) : 'drawing' in part ? [part.drawing] : []

/** `draw` is asked in the order of the parts. */
const filled = (part: Part, draw: (drawing: Drawing<Plain>) => Plain): Configuration =>
  Object.freeze(
    Object.fromEntries(
      'parts' in part
        ? part.parts.map(([name, inner]) => [
            name,
            'parts' in inner ? filled(inner, draw) : 'drawing' in inner ? draw(inner.drawing) : inner.value,
          ])
        : [],
    ),
  )

const gridOf = (root: Part, levels: readonly (readonly Plain[])[]): Grid => ({
  length: levels.reduce((n, { length }) => n * length, 1),
  at: (trial) => {
    let left = trial
    const chosen = levels.toReversed().map((each) => {
      const value = each[left % each.length] as Plain
      left = Math.floor(left / each.length)
      return value
    })
    let dimension = levels.length
    return filled(root, () => chosen[--dimension] as Plain)
  },
})

/** 53 bits of the block of the trial and the dimension, as a number in [0, 1). */
const fraction = (key: Words, trial: number, dimension: number): number => {
  encipher(key, trial, dimension, block, 0)
  return (((block[0] as number) >>> 0) * 2 ** 21 + ((block[1] as number) >>> 11)) / 2 ** 53
}
/** Written and read at once. */
const block = new Int32Array(2)
