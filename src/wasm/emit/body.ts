/** Straight-line code on four lanes: each instruction of a body becomes a v128 local, loads and stores go through pointers. */
import type { DType } from '../../../types/dim.ts'
import { type Body, elementBytes, type Instruction, inputsOf, type Store, type View } from '../../compiler/kernel.ts'
import { InternalError } from '../../graph/internal-error.ts'
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import type { OpName } from '../assembler/opcodes.ts'
import { emitThreefry } from '../math/threefry.ts'
import type { Arithmetic } from '../math/vector-math.ts'
import { emitElement, emitExtremumOfConstant, emitShiftByConstant } from './element.ts'
import { emitLanes, emitRead, type Row } from './read.ts'

/** Where the code stands: how views become addresses, and which lanes count. */
export interface Point {
  readonly arithmetic: Arithmetic
  /** A local with the byte address that a view's elements are counted from, and how many elements on this point lies. */
  readonly at: (view: Pick<View, 'buffer' | 'strides'>) => { readonly pointer: Local; readonly shift: number }
  /** A local with the value that an index is counted from, likewise. */
  readonly indexAt: (strides: readonly number[]) => { readonly pointer: Local; readonly shift: number }
  /** The distance of neighbouring lanes, in elements. */
  readonly laneStride: (strides: readonly number[]) => number
  /** Lanes that count: 1 to 4. */
  readonly count: number
  /** Whether all lanes are one point, computed four times. */
  readonly isOne: boolean
  readonly accumulator: (index: number) => Local
}

export type Values = (Local | undefined)[]

/** Emits the instructions that `wanted` picks and that are not in `values` yet. */
export const emitInstructions = (
  code: Code,
  body: Body,
  values: Values,
  point: Point,
  wanted: (i: number) => boolean = () => true,
): void => {
  body.instructions.forEach((instruction, i) => {
    if (values[i] !== undefined || !wanted(i)) return
    emitInstruction(code, body.instructions, instruction, values, point)
    const local = code.local('v128')
    code.set(local)
    values[i] = local
  })
}

export const emitStores = (code: Code, body: Body, values: Values, point: Point): void => {
  body.stores.forEach((store) => {
    const { value, view, addAt } = store
    if (addAt === undefined) emitStore(code, valueAt(values, value), (body.instructions[value] as Instruction).dtype, view, point)
    else emitAddition(code, body.instructions, { ...store, addAt }, values, point)
  })
}

const valueAt = (values: Values, i: number): Local => {
  const local = values[i]
  if (local === undefined) throw new InternalError(`value ${i} is not there yet`, 'body -> emit')
  return local
}

const emitInstruction = (code: Code, all: readonly Instruction[], instruction: Instruction, values: Values, point: Point): void => {
  switch (instruction.op) {
    case 'load':
      return emitLoad(code, instruction.dtype, instruction.view, point)
    case 'gather':
      return emitGather(code, all, instruction, values, point)
    case 'constant':
      return emitConstant(code, instruction.value, instruction.dtype)
    case 'index': {
      const { pointer, shift } = point.indexAt(instruction.strides)
      const step = point.laneStride(instruction.strides)
      const first = instruction.offset + shift
      code
        .get(pointer)
        .op('i32x4.splat')
        .v128i(first, first + step, first + 2 * step, first + 3 * step)
        .op('i32x4.add')
      return
    }
    case 'random': {
      const [key0, key1, element] = instruction.inputs.map((input) => valueAt(values, input)) as [Local, Local, Local]
      return emitThreefry(code, key0, key1, element)
    }
    case 'accumulator':
      code.get(point.accumulator(instruction.index))
      return
    case 'apply':
      return emitApply(code, all, instruction, values, point.arithmetic)
    default:
      return instruction satisfies never
  }
}

const emitApply = (
  code: Code,
  all: readonly Instruction[],
  instruction: Instruction & { readonly op: 'apply' },
  values: Values,
  arithmetic: Arithmetic,
): void => {
  const { apply, inputs, dtype } = instruction
  const operand = (i: number): Instruction => all[inputs[i] as number] as Instruction
  const push = (i: number): void => {
    code.get(valueAt(values, inputs[i] as number))
  }
  const constant = (i: number): number | null => {
    const o = inputs[i] === undefined ? undefined : operand(i)
    return o?.op === 'constant' ? o.value : null
  }
  if ((apply === 'maximum' || apply === 'minimum') && dtype === 'f32') {
    const side = [0, 1].find((i) => constant(i) !== null && !Number.isNaN(constant(i)))
    if (side !== undefined) return emitExtremumOfConstant(code, apply, constant(side) as number, () => push(1 - side))
  }
  const by = apply === 'shiftLeft' || apply === 'shiftRight' ? constant(1) : null
  if (by !== null && (apply === 'shiftLeft' || apply === 'shiftRight')) {
    push(0)
    return emitShiftByConstant(code, apply, by)
  }
  // a lane that is kept or becomes 0 is one instruction: a mask is all ones or all zeros
  if (apply === 'select' && Object.is(constant(2), 0)) {
    push(1)
    push(0)
    code.op('v128.and')
    return
  }
  if (apply === 'select' && Object.is(constant(1), 0)) {
    push(2)
    push(0)
    code.op('v128.andnot')
    return
  }
  emitElement(code, arithmetic, apply, operand(apply === 'select' ? 1 : 0).dtype, dtype, push)
}

const emitConstant = (code: Code, value: number, dtype: DType): void => {
  if (dtype === 'f32') code.v128f(value)
  else code.v128i(dtype === 'i32' ? value | 0 : value === 0 ? 0 : -1)
}

const lanesBelow = (count: number): readonly number[] => [0, 1, 2, 3].slice(0, count)

const emitLoad = (code: Code, dtype: DType, view: View, point: Point): void => {
  emitRead(code, { dtype, storage: view.storage }, rowOf(view, point))
}
const rowOf = (view: View, point: Point): Row => {
  const { pointer, shift } = point.at(view)
  const bytes = elementBytes(view)
  return { pointer, offset: (view.offset + shift) * bytes, step: point.laneStride(view.strides) * bytes, count: point.count }
}

/** One address for all lanes where the place is the same for all, as it is along the rows of a table; else one for each. */
const emitGather = (
  code: Code,
  all: readonly Instruction[],
  { view, inputs, dtype }: Instruction & { readonly op: 'gather' },
  values: Values,
  point: Point,
): void => {
  const row = rowOf(view, point)
  const [input] = inputs as readonly [number]
  const place = valueAt(values, input)
  const kind = { dtype, storage: view.storage }
  const address = code.local('i32')
  const at = (lane: number): Local => emitAddress(code, row.pointer, place, lane, address, elementBytes(view))
  if (isUniform(all, input, point)) emitRead(code, kind, { ...row, pointer: at(0) })
  else emitLanes(code, kind, row.count, at, (lane) => row.offset + lane * row.step)
  code.release(address)
}
/** The pointer, moved by a lane of the place. */
const emitAddress = (code: Code, pointer: Local, place: Local, lane: number, address: Local, bytes = 4): Local => {
  code.get(place).extractLane('i32x4.extract_lane', lane)
  if (bytes > 1) code.i32(Math.log2(bytes)).op('i32.shl')
  code.get(pointer).op('i32.add').set(address)
  return address
}
/** Whether an instruction is known to have one value for all lanes. */
const isUniform = (all: readonly Instruction[], n: number, point: Point): boolean => {
  const uniform: boolean[] = []
  const along = (i: Instruction): boolean => {
    if (i.op === 'accumulator') return false
    if (i.op === 'index') return point.laneStride(i.strides) === 0
    return (i.op !== 'load' && i.op !== 'gather') || point.laneStride(i.view.strides) === 0
  }
  for (const i of all.slice(0, n + 1)) uniform.push(along(i) && inputsOf(i).every((input) => uniform[input]))
  return uniform[n] as boolean
}

const emitStore = (code: Code, value: Local, dtype: DType, view: View, point: Point): void => {
  const { pointer, shift } = point.at(view)
  const step = point.laneStride(view.strides)
  const offset = (view.offset + shift) * 4
  const lanes = code.local('v128')
  code.get(value)
  if (dtype === 'bool') code.v128i(1).op('v128.and')
  code.set(lanes)
  emitWrite(code, lanes, pointer, offset, step, point.count)
  code.release(lanes)
}
/** Stores so many lanes, `step` elements apart. */
export const emitWrite = (code: Code, lanes: Local, pointer: Local, offset: number, step: number, count: number): void => {
  if (step === 1 && count === 4) code.get(pointer).get(lanes).store('v128.store', offset)
  else if (step === 1 && count >= 2) {
    code.get(pointer).get(lanes).storeLane('v128.store64_lane', 0, offset)
    if (count === 3)
      code
        .get(pointer)
        .get(lanes)
        .storeLane('v128.store32_lane', 2, offset + 8)
  } else
    for (const lane of lanesBelow(step === 0 ? 1 : count))
      code
        .get(pointer)
        .get(lanes)
        .storeLane('v128.store32_lane', lane, offset + lane * step * 4)
}

/** How elements are added in memory. A bool is never added; it is listed so that the table is total. */
const additions: Readonly<Record<DType, readonly [all: OpName, one: OpName]>> = {
  f32: ['f32x4.add', 'f32.add'],
  i32: ['i32x4.add', 'i32.add'],
  bool: ['v128.or', 'i32.or'],
}
/** Added to what is there: four side by side at once, others one after the other, since two lanes may have one place. */
const emitAddition = (
  code: Code,
  all: readonly Instruction[],
  { value, view, addAt }: Store & { readonly addAt: number },
  values: Values,
  point: Point,
): void => {
  const { dtype } = all[value] as Instruction
  const [added, place] = [valueAt(values, value), valueAt(values, addAt)]
  const { pointer, shift } = point.at(view)
  const [offset, step] = [(view.offset + shift) * 4, point.laneStride(view.strides)]
  const address = code.local('i32')
  if (step === 1 && isUniform(all, addAt, point)) {
    emitAddress(code, pointer, place, 0, address)
    const sum = code.local('v128')
    code.get(address).load('v128.load', offset).get(added).op(additions[dtype][0]).set(sum)
    emitWrite(code, sum, address, offset, 1, point.count)
    code.release(sum)
  } else {
    for (const lane of lanesBelow(point.isOne ? 1 : point.count)) {
      emitAddress(code, pointer, place, lane, address)
      const at = offset + lane * step * 4
      const float = dtype === 'f32'
      code
        .get(address)
        .get(address)
        .load(float ? 'f32.load' : 'i32.load', at)
        .get(added)
      code.extractLane(float ? 'f32x4.extract_lane' : 'i32x4.extract_lane', lane).op(additions[dtype][1])
      code.store(float ? 'f32.store' : 'i32.store', at)
    }
  }
  code.release(address)
}

/** How deep in a nest each instruction stands: behind the last axis that it depends on. `axes` are the strides that count. */
export const depthsOf = (body: Body, axes: (strides: readonly number[]) => readonly number[]): readonly number[] => {
  const depths: number[] = []
  for (const i of body.instructions) {
    const own = i.op === 'load' || i.op === 'gather' ? axes(i.view.strides) : i.op === 'index' ? axes(i.strides) : []
    const inputs = inputsOf(i).map((input) => depths[input] as number)
    depths.push(Math.max(0, own.findLastIndex((s) => s !== 0) + 1, ...inputs))
  }
  return depths
}
