/** How the lessons say that something went wrong: one line. */

export const sentence = (error: object): string => ('message' in error ? String(error.message) : JSON.stringify(error))

/** Says it and ends with status 1. */
export const giveUp = (line: string): void => {
  console.error(line)
  process.exitCode = 1
}
