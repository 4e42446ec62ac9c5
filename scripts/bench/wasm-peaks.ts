/** What WebAssembly reaches in registers, on one thread: the machine's peaks where there is no C compiler to ask. */
import { emitPeak, flopsPerTurn, peakName } from '../../src/wasm/emit/peak.ts'

const turns = 5000

/** GFLOP/s, the best of many short runs; null where the host does not know the instruction. */
const rateOf = (fastMath: boolean, milliseconds: number): number | null => {
  const bytes = emitPeak({ fastMath })
  if (!WebAssembly.validate(bytes)) return null
  const run = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports[peakName] as (turns: number) => number
  const until = performance.now() + milliseconds
  let least = Number.POSITIVE_INFINITY
  do {
    const from = performance.now()
    run(turns)
    least = Math.min(least, performance.now() - from)
  } while (performance.now() < until)
  return (turns * flopsPerTurn) / least / 1e6
}

/** The part of the machine's peaks that WebAssembly has instructions for. */
export const wasmPeaks = (milliseconds: number) => ({ mulAdd128: rateOf(false, milliseconds), fma128: rateOf(true, milliseconds) })
