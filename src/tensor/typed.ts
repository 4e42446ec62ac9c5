/** The door between checks at run time and types. */

/** The typed face of a function that checks its arguments itself. */
// The rules of types/ stand on both sides: as the interface T, and as value twins inside f.
export const typed = <T>(f: (...args: never[]) => unknown): T => f as unknown as T
