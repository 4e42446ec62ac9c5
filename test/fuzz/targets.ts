/** The readers that `npm run fuzz` tries: one line each. */
import { arrayRowsTarget } from './array-rows.ts'
import { checkpointTarget } from './checkpoint.ts'
import { csvStreamTarget, csvTarget } from './csv.ts'
import { gzipTarget } from './gzip.ts'
import { idxGzipTarget, idxTarget } from './idx.ts'
import { npyTarget } from './npy.ts'
import { npzTarget } from './npz.ts'
import { parquetTarget } from './parquet.ts'
import { pngTarget } from './png.ts'
import { recordsTarget } from './records.ts'
import { safetensorsTarget, shardedTarget } from './safetensors.ts'
import { searchFoundTarget, searchSpaceTarget } from './search-space.ts'
import type { FuzzTarget } from './target.ts'

export const targets: readonly FuzzTarget[] = [
  idxTarget,
  idxGzipTarget,
  gzipTarget,
  npyTarget,
  npzTarget,
  arrayRowsTarget,
  safetensorsTarget,
  shardedTarget,
  checkpointTarget,
  recordsTarget,
  csvTarget,
  csvStreamTarget,
  pngTarget,
  parquetTarget,
  searchSpaceTarget,
  searchFoundTarget,
]
