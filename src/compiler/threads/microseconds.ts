/** About how long a kernel takes on one thread: enough to tell what is worth dividing. */
import { costOf } from '../cost.ts'
import type { LaidKernel } from '../layout/laid.ts'

/** What a kernel does in a microsecond, about: operations on four lanes, and bytes that come from caches. */
const operationsPerMicrosecond = 20_000
const bytesPerMicrosecond = 40_000

/** About how long a kernel takes on one thread. */
export const microsecondsOf = (kernel: LaidKernel): number => {
  const { flops, integerOps, bytesRead, bytesWritten } = costOf(kernel)
  return Math.max((flops + integerOps) / operationsPerMicrosecond, (bytesRead + bytesWritten) / bytesPerMicrosecond)
}
