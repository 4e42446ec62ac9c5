/** The readers that `npm run fuzz` tries: one line each. */
import { gzipTarget } from './gzip.ts'
import { idxGzipTarget, idxTarget } from './idx.ts'
import { npyTarget } from './npy.ts'
import { npzTarget } from './npz.ts'
import type { FuzzTarget } from './target.ts'

export const targets: readonly FuzzTarget[] = [idxTarget, idxGzipTarget, gzipTarget, npyTarget, npzTarget]
