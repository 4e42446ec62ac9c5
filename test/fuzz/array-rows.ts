/** Rows of IDX and `.npy` files, read where they lie: what the readers of whole files find in them, or a sentence. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { arrayFile } from '../../src/data/stream/array-file.ts'
import { bytesSource } from '../../src/formats/byte-source.ts'
import { parseIdx } from '../../src/formats/idx.ts'
import { readNpy } from '../../src/formats/npy.ts'
import { idxTarget } from './idx.ts'
import { npyTarget } from './npy.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

export const arrayRowsTarget: FuzzTarget = {
  name: 'array-rows',
  seeds: async () => [...(await idxTarget.seeds()), ...(await npyTarget.seeds())],
  ...(idxTarget.files && npyTarget.files ? { files: fc.oneof(idxTarget.files, npyTarget.files) } : {}),
  read: async (bytes) => {
    const file = await arrayFile(bytesSource(bytes))()
    if (E.isLeft(file)) return E.left({ message: file.left })
    const rows = await file.right.rows(0, file.right.shape[0] ?? 0)()
    return E.isLeft(rows) ? E.left({ message: rows.left }) : E.right({ shape: file.right.shape, values: rows.right })
  },
  wrong: (bytes, value) => {
    const { shape, values } = value as { readonly shape: readonly number[]; readonly values: ArrayLike<number | bigint> }
    const whole: E.Either<{ message: string }, { shape: readonly number[]; values: ArrayLike<number | bigint> }> =
      bytes[0] === 0 ? parseIdx(bytes, { limit: smallLimit }) : readNpy(bytes, { limit: smallLimit })
    if (E.isLeft(whole))
      return /over the limit|limit of/.test(whole.left.message) ? null : `read by rows, but not whole: ${whole.left.message}`
    if (shape.join() !== whole.right.shape.join())
      return `the shape is [${shape.join()}], the whole file says [${whole.right.shape.join()}]`
    const same =
      values.length === whole.right.values.length && Array.from(values).every((each, i) => Object.is(each, whole.right.values[i]))
    return same ? null : 'the elements differ'
  },
}
