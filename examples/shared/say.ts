/** How the lessons end when something went wrong: one line, and status 1. */

export const giveUp = (error: object): never => {
  console.error('message' in error ? error.message : JSON.stringify(error))
  process.exit(1)
}
