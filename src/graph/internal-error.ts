/** A broken invariant of ours: never the user's mistake. */

export class InternalError extends Error {
  override readonly name = 'InternalError'
  /** `trail` says where it happened: `op -> pass`. */
  constructor(message: string, trail = '') {
    super(trail === '' ? message : `${message} (${trail})`)
  }
}
