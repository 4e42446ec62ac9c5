/** How many samples a law is tried on, and which: LAW_SEED draws others than those of every day, LAW_RUNS so many times as many. */
export const runs = (numRuns: number): { readonly numRuns: number; readonly seed: number } => ({
  numRuns: numRuns * Number(process.env.LAW_RUNS ?? 1),
  seed: Number(process.env.LAW_SEED ?? 1),
})
