/** Arrays in files of IDX or NumPy, of which rows are read where they lie: nothing but the header is looked at before. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ByteSource } from '../../formats/byte-source.ts'
import { decoders, elementsOf } from '../../formats/elements.ts'
import { idxLayout } from '../../formats/idx.ts'
import { npyLayout } from '../../formats/npy.ts'
import { type StoredElements, type StoredType, storedBytes } from '../../formats/stored-array.ts'

/** Rows lie along the first axis. */
export interface ArrayFile {
  readonly type: StoredType
  readonly shape: readonly number[]
  readonly rows: (from: number, count: number) => TE.TaskEither<string, StoredElements[StoredType]>
}

/** What is wrong with the file, in one sentence. */
export const arrayFile = (file: ByteSource): TE.TaskEither<string, ArrayFile> =>
  pipe(
    file.read(0, Math.min(file.byteLength, longestHeader)),
    TE.chainEitherK((head) => layoutOf(head)),
    TE.chainEitherK((layout) => whole(layout, file)),
  )

/** More than either format's header takes. */
const longestHeader = 2 ** 14

interface Layout {
  readonly type: StoredType
  readonly shape: readonly number[]
  readonly start: number
  readonly bigEndian: boolean
}

const layoutOf = (head: Uint8Array): E.Either<string, Layout> => {
  if (head[0] !== 0x93)
    return pipe(
      idxLayout(head),
      E.bimap(
        ({ message }) => (head[0] === 0 ? message : `${message}; what is read by rows is an IDX file or an .npy file, not compressed`),
        ({ type, shape, start }): Layout => ({ type, shape, start, bigEndian: true }),
      ),
    )
  const npy = npyLayout(head)
  if (E.isLeft(npy)) return E.left(npy.left.message)
  const { fortranOrder, shape } = npy.right
  return fortranOrder && shape.length > 1
    ? E.left('npy: its first axis lies fastest (fortran_order), so that no row lies together; save numpy.ascontiguousarray of it')
    : E.right(npy.right)
}

const whole = ({ type, shape, start, bigEndian }: Layout, file: ByteSource): E.Either<string, ArrayFile> => {
  const bytes = storedBytes[type]
  const [length, ...sample] = shape
  const end = start + elementsOf(shape) * bytes
  if (length === undefined) return E.left('the array has no axis, and so no rows')
  if (end !== file.byteLength)
    return E.left(`[${shape.join(', ')}] of ${type} is ${end} bytes with its header, the file has ${file.byteLength}`)
  const rowBytes = elementsOf(sample) * bytes
  const rows: ArrayFile['rows'] = (from, count) =>
    pipe(
      file.read(start + from * rowBytes, start + (from + count) * rowBytes),
      TE.filterOrElse(
        (read) => type !== 'bool' || read.every((byte) => byte < 2),
        () => `of rows from ${from} on not all are 0 or 1, as bools are`,
      ),
      TE.map((read) => decoders[type](bigEndian && bytes > 1 ? swapped(read, bytes) : read)),
    )
  return E.right({ type, shape, rows })
}

/** The bytes of each element the other way round. */
const swapped = (bytes: Uint8Array, width: number): Uint8Array => {
  const turned = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at += width) for (let i = 0; i < width; i++) turned[at + i] = bytes[at + width - 1 - i] as number
  return turned
}
