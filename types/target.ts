/** What a user may ask of the code that a program is made of. */

export interface TargetOptions {
  /**
   * Products and sums may be rounded once, together, where the host has relaxed SIMD: faster, and the bits may be others on
   * another host. False unless said; a host that lacks it runs the strict program, as the report's `fastMathNotice` says.
   */
  readonly fastMath?: boolean
  /**
   * Threads that share each step, from 1 on: as many as the host has, unless said, and one where a step is too short to gain. The
   * bits are the same for any number. Where a host can't have threads one runs the step, as the report's `threadsNotice` says.
   */
  readonly threads?: number
  /**
   * Bytes that the memory of each compiled program may have, by its plan (`arenaBytes` of its report): one that needs more is refused
   * before anything is allocated, as `OverLimit`, with the plan's numbers. Memory is taken in whole pages of 64 KB. There is no limit
   * unless one is said. `fit` first keeps fewer samples in memory, `evaluate`, `predict` and validation take fewer at once.
   */
  readonly memoryLimit?: number
}
