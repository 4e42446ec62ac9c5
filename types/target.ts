/** What a user may ask of the code that a program is made of. */

export interface TargetOptions {
  /**
   * Products and sums may be rounded once, together, where the host has relaxed SIMD: faster, and the bits may be others on
   * another host. False unless said; a host that lacks it runs the strict program, as the report's `fastMath` says.
   */
  readonly fastMath?: boolean
}
