/** Elements out of memory into four lanes: words as they are, bytes as i32, bools as masks. */
import type { DType } from '../../../types/dim.ts'
import type { Storage } from '../../compiler/kernel.ts'
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'

/** What elements are, in registers and in memory. */
export interface Kind {
  readonly dtype: DType
  readonly storage: Storage | undefined
}
/** Where the elements of lanes that lie evenly are: bytes behind a pointer, bytes from lane to lane, and how many lanes count. */
export interface Row {
  readonly pointer: Local
  readonly offset: number
  readonly step: number
  readonly count: number
}

/** Elements side by side are read whole, even past the end of a row: the arena's slack makes that safe, and spare lanes are not stored. */
export const emitRead = (code: Code, kind: Kind, { pointer, offset, step, count }: Row): void => {
  const { all, four, width } = readings[kind.storage ?? 'words']
  if (step !== 0 && step !== width)
    return emitLanes(
      code,
      kind,
      count,
      () => pointer,
      (lane) => offset + lane * step,
    )
  code.get(pointer)
  if (step === 0) all(code, offset)
  else four(code, offset)
  emitTruth(code, kind)
}

/** One element for each lane that counts. `pointer` may emit code. */
export const emitLanes = (
  code: Code,
  kind: Kind,
  count: number,
  pointer: (lane: number) => Local,
  offset: (lane: number) => number,
): void => {
  const { first, further } = readings[kind.storage ?? 'words']
  const gathered = code.local('v128')
  code.get(pointer(0))
  first(code, offset(0))
  code.set(gathered)
  for (let lane = 1; lane < count; lane++) {
    further(code, gathered, pointer(lane), lane, offset(lane))
    code.set(gathered)
  }
  code.get(gathered)
  code.release(gathered)
  emitTruth(code, kind)
}

interface Reading {
  /** Bytes from element to element where they lie side by side. */
  readonly width: number
  /** The element behind the address on the stack, in all lanes. */
  readonly all: (code: Code, offset: number) => void
  /** The four elements behind the address on the stack. */
  readonly four: (code: Code, offset: number) => void
  /** The element behind the address on the stack, in the first lane. */
  readonly first: (code: Code, offset: number) => void
  /** The lanes with one more element. */
  readonly further: (code: Code, lanes: Local, pointer: Local, lane: number, offset: number) => void
}
const splatByte = (code: Code, offset: number): void => {
  code.load('i32.load8_u', offset).op('i32x4.splat')
}
const readings: Readonly<Record<'words' | Storage, Reading>> = {
  words: {
    width: 4,
    all: (code, offset) => code.load('v128.load32_splat', offset),
    four: (code, offset) => code.load('v128.load', offset),
    first: (code, offset) => code.load('v128.load32_zero', offset),
    further: (code, lanes, pointer, lane, offset) => code.get(pointer).get(lanes).loadLane('v128.load32_lane', lane, offset),
  },
  u8: {
    width: 1,
    all: splatByte,
    // eight are read, and the upper four left out: one instruction less than to read four
    four: (code, offset) => code.load('v128.load8x8_u', offset, 1).op('i32x4.extend_low_i16x8_u'),
    first: splatByte,
    further: (code, lanes, pointer, lane, offset) =>
      code.get(lanes).get(pointer).load('i32.load8_u', offset).replaceLane('i32x4.replace_lane', lane),
  },
}

/** A bool in memory is 1 or 0, in a register a mask. */
const emitTruth = (code: Code, { dtype }: Kind): void => {
  if (dtype === 'bool') code.v128i(0).op('i32x4.ne')
}
