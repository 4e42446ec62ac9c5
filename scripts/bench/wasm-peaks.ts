/** What WebAssembly reaches in registers, on one thread: the machine's peaks where there is no C compiler to ask. */
import type { Code } from '../../src/wasm/assembler/code.ts'
import { moduleBuilder } from '../../src/wasm/assembler/module.ts'

/** Sums that do not wait for each other: as many as leave registers for the operands. */
const chains = 12
const turns = 2000

type Step = (code: Code) => Code
const strict: Step = (code) => code.op('f32x4.mul').v128f(1e-3).op('f32x4.add')
const fused: Step = (code) => code.v128f(1e-3).op('f32x4.relaxed_madd')

/** A function that repeats `sum = sum * 0.5 + 0.001` in all chains. */
const loopOf = (step: Step): Uint8Array<ArrayBuffer> => {
  const builder = moduleBuilder({ pages: 1 })
  builder.func(
    'main',
    [],
    ['f32'],
    (code) => {
      const sums = Array.from({ length: chains }, () => code.local('v128'))
      for (const sum of sums) code.v128f(1).set(sum)
      code.for(code.local('i32'), 0, turns, 1, () => {
        for (const sum of sums) step(code.get(sum).v128f(0.5)).set(sum)
      })
      code.get(sums[0] as (typeof sums)[number])
      for (const sum of sums.slice(1)) code.get(sum).op('f32x4.add')
      code.extractLane('f32x4.extract_lane', 0)
    },
    true,
  )
  return builder.bytes()
}

/** GFLOP/s, the best of many short runs; null where the host does not know the instruction. */
const rateOf = (step: Step, milliseconds: number): number | null => {
  const bytes = loopOf(step)
  if (!WebAssembly.validate(bytes)) return null
  const main = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.main as () => number
  const until = performance.now() + milliseconds
  let least = Number.POSITIVE_INFINITY
  do {
    const from = performance.now()
    for (let i = 0; i < 10; i++) main()
    least = Math.min(least, performance.now() - from)
  } while (performance.now() < until)
  return (10 * turns * chains * 8) / least / 1e6
}

/** The part of the machine's peaks that WebAssembly has instructions for. */
export const wasmPeaks = (milliseconds: number) => ({
  mulAdd128: rateOf(strict, milliseconds),
  fma128: rateOf(fused, milliseconds),
})
