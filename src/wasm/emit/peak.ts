/** A loop that does nothing but multiply and add, in registers: the most that one thread of this host can do. */
import type { Target } from '../../compiler/target.ts'
import { moduleBuilder } from '../assembler/module.ts'
import { arithmeticOf } from '../math/vector-math.ts'

/** Enough that no sum waits for the one before; with factor and addend they fill fourteen of sixteen registers. */
const accumulators = 12
/** Turns written out, so that counting costs nothing. */
const unrolled = 4
/** A multiply-add on four lanes is eight operations. */
export const flopsPerTurn = unrolled * accumulators * 8
/** The exported function: takes how many turns, gives a number so that no engine leaves them out. */
export const peakName = 'peak'

export const emitPeak = (target: Pick<Target, 'fastMath'>): Uint8Array<ArrayBuffer> => {
  const { multiplyAdd } = arithmeticOf(target)
  const builder = moduleBuilder({ pages: 1 })
  builder.func(
    peakName,
    ['i32'],
    ['f32'],
    (code) => {
      const [turns] = code.params as readonly [(typeof code.params)[number]]
      const sums = Array.from({ length: accumulators }, () => code.local('v128'))
      const [factor, addend, counter] = [code.local('v128'), code.local('v128'), code.local('i32')]
      code.v128f(0.75).set(factor).v128f(0.5).set(addend)
      for (const [i, sum] of sums.entries()) code.v128f(i).set(sum)
      code.i32(0).set(counter)
      code.upTo(counter, turns, () => {
        for (let turn = 0; turn < unrolled; turn++) for (const sum of sums) multiplyAdd(code.get(sum), factor, addend).set(sum)
      })
      code.get(sums[0] as (typeof sums)[number])
      for (const sum of sums.slice(1)) code.get(sum).op('f32x4.add')
      code.extractLane('f32x4.extract_lane', 0)
    },
    true,
  )
  return builder.bytes()
}
