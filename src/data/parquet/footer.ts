/** What a Parquet file says of itself, at its end: its columns and row groups, checked before anybody trusts a number of it. */
import * as E from 'fp-ts/lib/Either.js'
import type { ByteSource } from '../../formats/byte-source.ts'
import { oneLine, shownValue } from '../codec/foreign.ts'
import { listIn, numberIn, readThrift, structIn, ThriftFault, type ThriftStruct, type ThriftValue } from './thrift.ts'

/** Why a Parquet file is no data set; `message` says it in one line. Rows and row groups count from 0. */
export type ParquetError = { readonly message: string } & (
  | { readonly tag: 'Unreadable' }
  | { readonly tag: 'NotParquet' }
  | { readonly tag: 'Damaged' }
  | { readonly tag: 'Unsupported' }
  | { readonly tag: 'TooLarge'; readonly limit: number }
  | { readonly tag: 'NoRows' }
  | { readonly tag: 'BadRow'; readonly row: number; readonly path: string }
)

/** A column of values: the end of a path of names. */
export interface Leaf {
  readonly path: readonly string[]
  /** The physical type: 0 truth, 1 i32, 2 i64, 3 i96, 4 f32, 5 f64, 6 bytes, 7 bytes of one length. */
  readonly type: number
  readonly typeLength: number
  /** How many names of the path may be missing, and how many are lists. */
  readonly maxDefinition: number
  readonly maxRepetition: number
  /** Why its values are not read; null where they are. */
  readonly refused: string | null
}
/** A column of one row group: where its bytes lie. */
export interface ChunkPlace {
  readonly leaf: Leaf
  readonly codec: number
  readonly values: number
  readonly start: number
  readonly end: number
}
export interface Footer {
  readonly rows: number
  /** Names of the outermost columns. */
  readonly names: readonly string[]
  readonly groups: readonly { readonly rows: number; readonly chunks: readonly ChunkPlace[] }[]
  /** The end of the file, from the footer on. */
  readonly tail: Uint8Array
}

export const damagedFile = (what: string): E.Either<ParquetError, never> => E.left({ tag: 'Damaged', message: `parquet: ${what}` })
export const unreadableFile = (why: string): E.Either<ParquetError, never> =>
  E.left({ tag: 'Unreadable', message: `parquet: it cannot be read: ${why}` })

/** The most bytes of a footer, and of one that is read at once with the end. */
const [longestFooter, mostColumns, deepest] = [2 ** 26, 10_000, 16]

export const readFooter = async (source: ByteSource): Promise<E.Either<ParquetError, Footer>> => {
  const { byteLength } = source
  if (byteLength < 12) return E.left({ tag: 'NotParquet', message: `parquet: a file of ${byteLength} bytes is no Parquet file` })
  const end = await source.read(byteLength - 8, byteLength)()
  if (E.isLeft(end)) return unreadableFile(end.left)
  const magic = String.fromCharCode(...end.right.subarray(4))
  if (magic === 'PARE') return E.left({ tag: 'Unsupported', message: 'parquet: the file is encrypted' })
  if (magic !== 'PAR1') return E.left({ tag: 'NotParquet', message: 'parquet: the file does not end in PAR1' })
  const length = new DataView(end.right.buffer, end.right.byteOffset).getUint32(0, true)
  if (length > byteLength - 12) return damagedFile(`a footer of ${length} bytes in a file of ${byteLength}`)
  if (length > longestFooter)
    return E.left({
      tag: 'TooLarge',
      limit: longestFooter,
      message: `parquet: a footer of ${length} bytes is over the limit of ${longestFooter}`,
    })
  const tail = await source.read(byteLength - 8 - length, byteLength)()
  if (E.isLeft(tail)) return unreadableFile(tail.left)
  try {
    return E.right(footerOf(tail.right, byteLength - 8 - length))
  } catch (cause) {
    if (cause instanceof ThriftFault) return damagedFile(`the footer is damaged: ${cause.message}`)
    throw cause
  }
}

const wrong = (what: string): never => {
  throw new ThriftFault(what)
}
const needed = (struct: ThriftStruct, field: number, what: string): number => {
  const value = numberIn(struct, field)
  return value === null || value < 0 ? wrong(`${what} is missing or negative`) : value
}
const structs = (values: readonly ThriftValue[] | null, what: string): readonly ThriftStruct[] =>
  (values ?? wrong(`there is no list of ${what}`)).map((value) => (value instanceof Map ? value : wrong(`${what} are no structures`)))
const textOf = (value: ThriftValue | undefined): string => {
  if (!(value instanceof Uint8Array)) return wrong('a name is missing')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value)
  } catch {
    return wrong('a name is not valid UTF-8')
  }
}

const footerOf = (tail: Uint8Array, start: number): Footer => {
  const { struct } = readThrift(tail.subarray(0, tail.length - 8), 0)
  const elements = structs(listIn(struct, 2), 'columns')
  if (elements.length > mostColumns) wrong(`${elements.length} columns are too many`)
  const leaves = leavesOf(elements)
  const groups = structs(listIn(struct, 4), 'row groups').map((group) => ({
    rows: needed(group, 3, 'the number of rows'),
    chunks: chunksOf(group, leaves, start),
  }))
  const rows = groups.reduce((sum, group) => sum + group.rows, 0)
  if (rows !== numberIn(struct, 3)) wrong(`it says ${numberIn(struct, 3)} rows, its row groups have ${rows}`)
  return { rows, names: [...new Set(leaves.map(({ path }) => path[0] as string))], groups: groups.filter((group) => group.rows > 0), tail }
}

/** Elements stand in the order of a walk through the tree, the root first. */
const leavesOf = (elements: readonly ThriftStruct[]): readonly Leaf[] => {
  const leaves: Leaf[] = []
  let at = 0
  const walk = (path: readonly string[], definition: number, repetition: number, refused: string | null): void => {
    if (path.length > deepest) wrong('columns are too deep')
    const element = elements[at++] ?? wrong('a column is missing')
    const children = numberIn(element, 5) ?? 0
    const [type, kind] = [numberIn(element, 1), path.length === 0 ? 0 : needed(element, 3, 'whether a column repeats')]
    if (kind > 2) wrong('a column repeats in an unknown way')
    const here = { definition: definition + (kind === 0 ? 0 : 1), repetition: repetition + (kind === 2 ? 1 : 0) }
    const why = refused ?? refusalOf(element, path)
    if (children === 0 && type !== null && path.length > 0) {
      if (type < 0 || type > 7) wrong(`an unknown type ${type}`)
      const typeLength = numberIn(element, 2) ?? 0
      if (type === 7 && (typeLength < 1 || typeLength > 2 ** 20)) wrong(`values of ${typeLength} bytes`)
      leaves.push({ path, type, typeLength, maxDefinition: here.definition, maxRepetition: here.repetition, refused: why })
      return
    }
    if (children < 1 || children > elements.length - at) wrong('a column has an impossible number of columns')
    const names = new Set<string>()
    for (let i = 0; i < children; i++) {
      const name = textOf(elements[at]?.get(4))
      if (names.has(name)) wrong(`two columns are called ${shownValue(name)}`)
      names.add(name)
      walk([...path, name], here.definition, here.repetition, why)
    }
  }
  walk([], 0, 0, null)
  if (at !== elements.length) wrong('there are more columns than the tree has')
  return leaves
}

const [list, map, decimal] = [3, 1, 5]
const refusedTypes: Readonly<Record<number, string>> = { [map]: 'a map', 2: 'a map', 19: 'JSON', 20: 'BSON', 21: 'an interval' }
/** What hyparquet reads wrongly, or makes objects of whose keys are data. */
const refusalOf = (element: ThriftStruct, path: readonly string[]): string | null => {
  const [converted, logical] = [numberIn(element, 6), structIn(element, 10)]
  const odd = refusedTypes[converted ?? -1]
  if (odd !== undefined) return odd
  if (logical?.has(2) || logical?.has(12) || logical?.has(13) || [16, 17, 18].some((field) => logical?.has(field)))
    return 'a map, JSON, BSON or another rich type'
  if (logical?.has(5) && converted !== decimal) return 'a decimal in a form that only new readers know'
  if (logical?.has(list) && converted !== list) return 'a list in a form that only new readers know'
  if (path.length > 1 && path.some((name) => name.includes('.'))) return 'a nested column whose name has a point'
  return path.includes('__proto__') ? 'a column called __proto__' : null
}

const chunksOf = (group: ThriftStruct, leaves: readonly Leaf[], start: number): readonly ChunkPlace[] => {
  const columns = structs(listIn(group, 1), 'columns of a row group')
  if (columns.length !== leaves.length) wrong(`a row group has ${columns.length} columns, expected ${leaves.length}`)
  return columns.map((column, i) => {
    const leaf = leaves[i] as Leaf
    const meta = structIn(column, 3) ?? wrong('a column is encrypted or says nothing of itself')
    if (column.has(1)) wrong('a column lies in another file')
    const path = (listIn(meta, 3) ?? []).map(textOf)
    if (path.join('\0') !== leaf.path.join('\0') || numberIn(meta, 1) !== leaf.type)
      wrong(`the column ${oneLine(path.join('.'))} stands in the wrong place`)
    const [data, dictionary] = [needed(meta, 9, 'where a column begins'), numberIn(meta, 11) ?? 0]
    const from = dictionary > 0 ? Math.min(dictionary, data) : data
    const end = from + needed(meta, 7, 'the length of a column')
    if (from < 4 || end > start) wrong(`the column ${oneLine(path.join('.'))} lies outside of the file`)
    return { leaf, codec: needed(meta, 4, 'a compression'), values: needed(meta, 5, 'the number of values'), start: from, end }
  })
}
