/** A column of a row group, page by page: unpacked under a limit, looked through, and written anew without compression. */
import * as E from 'fp-ts/lib/Either.js'
import { decompressors } from './codecs.ts'
import type { ChunkPlace, Leaf } from './footer.ts'
import { checkDeltas, checkRuns, damagedPage, PageFault } from './levels.ts'
import { numberIn, readThrift, structIn, ThriftFault, type ThriftStruct, type Written, writeThrift } from './thrift.ts'

/** Bytes that may still be taken. */
export interface Budget {
  left: number
}
export interface CleanChunk {
  readonly bytes: Uint8Array
  /** Where the first page of values begins in it; 0 without a dictionary. */
  readonly dataAt: number
}

/** What a value costs in memory at least, and one inside of lists. */
const [valueBytes, nestedBytes] = [16, 96]
const over = (): never => damagedPage('over the limit')

/** The same pages, as hyparquet may read them, or what is wrong in one sentence; `'over the limit'` where that is it. */
export const cleanChunk = async (
  bytes: Uint8Array,
  { leaf, codec, values }: ChunkPlace,
  rows: number,
  budget: Budget,
): Promise<E.Either<string, CleanChunk>> => {
  try {
    budget.left -= values * (leaf.maxRepetition > 0 ? nestedBytes : valueBytes)
    if (budget.left < 0) over()
    const parts: Uint8Array[] = []
    const state: PageState = { leaf, dictionary: null, values: 0, rows: 0 }
    let [at, written, dataAt] = [0, 0, 0]
    while (at < bytes.length && state.values < values) {
      const page = await pageAt(bytes, at, codec, budget)
      at = page.end
      checkPage(page, state, values)
      const clean = rewritten(page)
      if (page.kind === 'dictionary') dataAt = written + clean.reduce((sum, { length }) => sum + length, 0)
      for (const part of clean) {
        parts.push(part)
        written += part.length
      }
    }
    if (state.values !== values || state.rows !== rows)
      damagedPage(`it has ${state.values} values in ${state.rows} rows, expected ${values} in ${rows}`)
    return E.right({ bytes: joined(parts, written), dataAt })
  } catch (cause) {
    if (cause instanceof PageFault || cause instanceof ThriftFault) return E.left(cause.message)
    throw cause
  }
}

interface Page {
  readonly kind: 'data' | 'data2' | 'dictionary'
  readonly head: ThriftStruct
  /** In front of the values: only in pages of the second kind, where they are not compressed with them. */
  readonly repetition: Uint8Array
  readonly definition: Uint8Array
  readonly body: Uint8Array
  readonly end: number
}
interface PageState {
  readonly leaf: Leaf
  /** How many values the dictionary has. */
  dictionary: number | null
  values: number
  rows: number
}

const kinds: Readonly<Record<number, { readonly kind: Page['kind']; readonly field: number }>> = {
  0: { kind: 'data', field: 5 },
  2: { kind: 'dictionary', field: 7 },
  3: { kind: 'data2', field: 8 },
}
const whole = (struct: ThriftStruct, field: number, what: string): number => {
  const value = numberIn(struct, field)
  return value === null || value < 0 || value >= 2 ** 31 ? damagedPage(`${what} of a page is missing or impossible`) : value
}

/** The header, and the page without its compression. */
const pageAt = async (bytes: Uint8Array, from: number, codec: number, budget: Budget): Promise<Page> => {
  const { struct, end: start } = readThrift(bytes, from)
  const known = kinds[numberIn(struct, 1) ?? -1] ?? damagedPage('a page is of an unknown kind')
  const head = structIn(struct, known.field) ?? damagedPage('a page says nothing of itself')
  const [unpacked, packed] = [whole(struct, 2, 'the size'), whole(struct, 3, 'the compressed size')]
  if (packed > bytes.length - start) damagedPage('a page is longer than its column')
  budget.left -= unpacked
  if (budget.left < 0) over()
  const [definition, repetition] = known.kind === 'data2' ? [whole(head, 5, 'the size'), whole(head, 6, 'the size')] : [0, 0]
  const levels = definition + repetition
  if (levels > Math.min(packed, unpacked)) damagedPage('levels are longer than their page')
  const content = bytes.subarray(start + levels, start + packed)
  const compressed = known.kind !== 'data2' || head.get(7) !== false
  const body = await unpack(content, compressed ? codec : 0, unpacked - levels)
  return {
    kind: known.kind,
    head,
    repetition: bytes.subarray(start, start + repetition),
    definition: bytes.subarray(start + repetition, start + levels),
    body,
    end: start + packed,
  }
}
const unpack = async (bytes: Uint8Array, codec: number, length: number): Promise<Uint8Array> => {
  const { name, run } = decompressors[codec] ?? { name: `codec ${codec}`, run: null }
  if (run === null) return damagedPage(`it is compressed by ${name}; SNAPPY, GZIP, ZSTD, LZ4_RAW and no compression are read`)
  if (length === 0) return new Uint8Array()
  const got = await run(bytes, length)
  return E.isLeft(got) ? damagedPage(`a page cannot be unpacked: ${got.left}`) : got.right
}

const bitsOf = (max: number): number => 32 - Math.clz32(max)

/** Everything that hyparquet would take on trust. */
const checkPage = (page: Page, state: PageState, most: number): void => {
  const { leaf } = state
  const count = whole(page.head, 1, 'the number of values')
  if (page.kind === 'dictionary') {
    if (state.dictionary !== null || state.values > 0) damagedPage('a dictionary in the wrong place')
    if (![0, 2].includes(numberIn(page.head, 2) ?? -1)) damagedPage('a dictionary in an unknown encoding')
    // every value of a dictionary has at least a bit
    if (count > 8 * page.body.length) damagedPage('a dictionary is longer than its page')
    checkPlain(page.body, leaf, count)
    state.dictionary = count
    return
  }
  if (count > most - state.values) damagedPage('pages have more values than their column')
  const { values, present, rows } = page.kind === 'data' ? levelsOf(page, leaf, count, state) : levels2Of(page, leaf, count)
  const encoding = numberIn(page.head, page.kind === 'data' ? 2 : 4)
  checkValues(values, leaf, present, encoding, state.dictionary)
  state.values += count
  state.rows += rows
}

interface Levels {
  readonly values: Uint8Array
  /** How many values are there, not missing. */
  readonly present: number
  readonly rows: number
}
const levelsOf = ({ head, body }: Page, leaf: Leaf, count: number, state: PageState): Levels => {
  let at = 0
  const stream = (max: number, field: number) => {
    if (max === 0) return null
    if (numberIn(head, field) !== 3) damagedPage('levels in an old encoding')
    if (body.length - at < 4) damagedPage('levels are longer than their page')
    const length = new DataView(body.buffer, body.byteOffset + at).getUint32(0, true)
    if (length > body.length - at - 4) damagedPage('levels are longer than their page')
    at += 4 + length
    return checkRuns(body.subarray(at - length, at), bitsOf(max), count, max)
  }
  const repetition = stream(leaf.maxRepetition, 4)
  const definition = stream(leaf.maxDefinition, 3)
  if (state.values === 0 && repetition !== null && repetition.first > 0) damagedPage('the first row begins in the middle')
  return { values: body.subarray(at), present: definition?.highest ?? count, rows: repetition?.zeros ?? count }
}
const levels2Of = ({ head, body, repetition, definition }: Page, leaf: Leaf, count: number): Levels => {
  const found = (bytes: Uint8Array, max: number) => (max === 0 ? null : checkRuns(bytes, bitsOf(max), count, max))
  const [repeated, defined] = [found(repetition, leaf.maxRepetition), found(definition, leaf.maxDefinition)]
  const [present, rows] = [defined?.highest ?? count, repeated?.zeros ?? count]
  if ((repeated?.first ?? 0) > 0) damagedPage('a page begins in the middle of a row')
  if (whole(head, 2, 'the number of missing values') !== count - present || whole(head, 3, 'the number of rows') !== rows)
    damagedPage('a page has other numbers of rows or missing values than it says')
  return { values: body, present, rows }
}

/** Bytes of a value: of truths and of texts there is no one length. */
const widthOf = ({ type, typeLength }: Leaf): number | null => [null, 4, 8, 12, 4, 8, null, typeLength][type] ?? null
const exactly = (got: number, wanted: number): void => {
  if (got !== wanted) damagedPage(`values take ${got} bytes, expected ${wanted}`)
}

const checkPlain = (bytes: Uint8Array, leaf: Leaf, count: number): void => {
  const width = widthOf(leaf)
  if (leaf.type === 0) return exactly(bytes.length, Math.ceil(count / 8))
  if (width !== null) return exactly(bytes.length, count * width)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (let i = 0; i < count; i++) {
    if (bytes.length - at < 4) damagedPage('a text is longer than its page')
    at += 4 + view.getUint32(at, true)
  }
  exactly(bytes.length, at)
}

type CheckValues = (bytes: Uint8Array, leaf: Leaf, count: number, dictionary: number | null) => void
const checkIndices: CheckValues = (bytes, { type }, count, dictionary) => {
  const width = bytes[0] ?? 0
  if (dictionary === null || type === 0) return damagedPage('indices without a dictionary')
  if (count === 0) return
  if (width > 24 || dictionary === 0) damagedPage('indices into an impossible dictionary')
  if (width > 0 || bytes.length > 1) checkRuns(bytes.subarray(1), width, count, dictionary - 1)
}
const checkTruths: CheckValues = (bytes, { type }, count) => {
  if (type !== 0 || bytes.length < 4) damagedPage('runs of what are no truths')
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  if (length > bytes.length - 4) damagedPage('runs are longer than their page')
  checkRuns(bytes.subarray(4, 4 + length), 1, count, 1)
}
const checkPacked: CheckValues = (bytes, { type }, count) => {
  if (type !== 1 && type !== 2) damagedPage('differences of what are no whole numbers')
  checkDeltas(bytes, 0, count, type === 1 ? 32 : 64, false)
}
const checkLengths: CheckValues = (bytes, { type }, count) => {
  if (type !== 6) damagedPage('lengths of what are no texts')
  const { end, values } = checkDeltas(bytes, 0, count, 32, true)
  exactly(bytes.length - end, sumOf(values))
}
const sumOf = (lengths: Int32Array): number => {
  let sum = 0
  for (const length of lengths) {
    if (length < 0) damagedPage('a text of a negative length')
    sum += length
  }
  return sum
}
const checkSplit: CheckValues = (bytes, leaf, count) => {
  const width = widthOf(leaf)
  if (width === null || leaf.type === 3) return damagedPage('bytes in streams of what has no one length')
  exactly(bytes.length, count * width)
}

/** By the number of the encoding. Texts as what they share with the text before take any amount of memory, and are not read. */
const encodings: Readonly<Record<number, CheckValues>> = {
  0: (bytes, leaf, count) => checkPlain(bytes, leaf, count),
  2: checkIndices,
  3: checkTruths,
  5: checkPacked,
  6: checkLengths,
  8: checkIndices,
  9: checkSplit,
}
const checkValues = (bytes: Uint8Array, leaf: Leaf, count: number, encoding: number | null, dictionary: number | null): void => {
  const check = encodings[encoding ?? -1]
  if (check === undefined)
    return damagedPage(
      encoding === 7 ? 'texts as what they share with the text before (DELTA_BYTE_ARRAY) are not read' : `an unknown encoding ${encoding}`,
    )
  check(bytes, leaf, count, dictionary)
}

const numbered = (head: ThriftStruct, fields: readonly number[]): Written =>
  fields.map((field) => [field, numberIn(head, field) ?? 0] as const)
/** A page and its header, without statistics and compression. */
const rewritten = ({ kind, head, repetition, definition, body }: Page): readonly Uint8Array[] => {
  const length = repetition.length + definition.length + body.length
  const own: Written = {
    data: [[5, numbered(head, [1, 2, 3, 4])] as const],
    dictionary: [[7, numbered(head, [1, 2])] as const],
    data2: [[8, [...numbered(head, [1, 2, 3, 4, 5, 6]), [7, false] as const]] as const],
  }[kind]
  const type = { data: 0, dictionary: 2, data2: 3 }[kind]
  const header = Uint8Array.from(writeThrift([[1, type], [2, length], [3, length], ...own]))
  return [header, repetition, definition, body]
}

const joined = (parts: readonly Uint8Array[], length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
