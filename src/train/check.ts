/** Arguments of training that are plain numbers. */

/** A sentence, or null where nothing is wrong. */
export type Check = string | null

export const wholeNumber = (op: string, what: string, value: unknown, from: number, to = Number.POSITIVE_INFINITY, why = ''): Check =>
  Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to
    ? null
    : `${op}: ${what} must be a whole number from ${from} ${to === Number.POSITIVE_INFINITY ? 'on' : `to ${to}${why}`}, got ${String(value)}`

export const notEmpty = (op: string, what: string, length: number): Check => (length > 0 ? null : `${op}: ${what} has no samples`)
