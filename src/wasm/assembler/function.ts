/** Emits one function: bytes are appended while the types on the operand stack are checked. */
import { Bytes } from './bytes.ts'
import type { Code, Func } from './code.ts'
import { type Local, Locals } from './locals.ts'
import {
  type AtomicName,
  atomics,
  type BulkName,
  bulk,
  type ControlName,
  control,
  type ExtractName,
  extracts,
  type Instruction,
  type LaneInstruction,
  type LaneLoadName,
  type LaneStoreName,
  type LoadName,
  laneLoads,
  laneStores,
  loads,
  type MemoryInstruction,
  type OpName,
  plain,
  type ReplaceName,
  replaces,
  type StoreName,
  stores,
  type ValueType,
} from './opcodes.ts'
import { Stack } from './stack.ts'

/** The type of a block that takes and leaves nothing. */
const emptyBlock = 0x40
/** Elements are 32 bits wide and may stand at any multiple of 4. */
const elementBytes = 4

/** What is left of a function once it is emitted. */
export interface Emitted {
  readonly locals: Locals
  readonly body: Bytes
}

/** Emits a function by running `body` on its code. Throws `InternalError` at the first instruction that does not fit. */
export const emitFunction = (
  name: string,
  params: readonly ValueType[],
  results: readonly ValueType[],
  body: (code: Code) => void,
): Emitted => {
  const builder = new Builder(name, params, results)
  body(builder)
  return builder.finish()
}

class Builder implements Code {
  readonly #bytes = new Bytes(1024)
  readonly #locals: Locals
  readonly #stack: Stack

  constructor(name: string, params: readonly ValueType[], results: readonly ValueType[]) {
    this.#locals = new Locals(params, name)
    this.#stack = new Stack(results, name)
  }

  get params(): readonly Local[] {
    return this.#locals.params
  }

  finish(): Emitted {
    this.#stack.finish()
    this.#opcode(control.end)
    return { locals: this.#locals, body: this.#bytes }
  }

  local(type: ValueType, name?: string): Local {
    return this.#locals.allocate(type, name)
  }

  release(...locals: readonly Local[]): void {
    for (const local of locals) this.#locals.release(local)
  }

  get(local: Local): Code {
    this.#locals.check(local, 'local.get')
    this.#stack.push(local.type)
    this.#bytes.pair(control['local.get'], local.index)
    return this
  }

  set(local: Local): Code {
    this.#locals.check(local, 'local.set')
    this.#stack.pop(local.type, 'local.set')
    this.#bytes.pair(control['local.set'], local.index)
    return this
  }

  tee(local: Local): Code {
    this.#locals.check(local, 'local.tee')
    this.#stack.pop(local.type, 'local.tee')
    this.#stack.push(local.type)
    this.#bytes.pair(control['local.tee'], local.index)
    return this
  }

  i32(value: number): Code {
    this.#constant('i32.const', 'i32')
    this.#bytes.signed(value)
    return this
  }

  i64(value: number): Code {
    if (value !== (value | 0)) throw this.#stack.error(`i64.const: ${value} is not within 32 bits`)
    this.#constant('i64.const', 'i64')
    this.#bytes.signed(value)
    return this
  }

  f32(value: number): Code {
    this.#constant('f32.const', 'f32')
    this.#bytes.float32(value)
    return this
  }

  f64(value: number): Code {
    this.#constant('f64.const', 'f64')
    this.#bytes.float64(value)
    return this
  }

  v128f(a: number, b = a, c = a, d = a): Code {
    this.#constant('v128.const', 'v128')
    this.#bytes.float32(a)
    this.#bytes.float32(b)
    this.#bytes.float32(c)
    this.#bytes.float32(d)
    return this
  }

  v128i(a: number, b = a, c = a, d = a): Code {
    this.#constant('v128.const', 'v128')
    this.#bytes.int32(a)
    this.#bytes.int32(b)
    this.#bytes.int32(c)
    this.#bytes.int32(d)
    return this
  }

  v128d(a: number, b = a): Code {
    this.#constant('v128.const', 'v128')
    this.#bytes.float64(a)
    this.#bytes.float64(b)
    return this
  }

  op(name: OpName): Code {
    return this.#emit(name, plain[name])
  }

  load(name: LoadName, offset = 0, align = elementBytes): Code {
    return this.#memory(name, loads[name], offset, align)
  }

  store(name: StoreName, offset = 0, align = elementBytes): Code {
    return this.#memory(name, stores[name], offset, align)
  }

  loadLane(name: LaneLoadName, lane: number, offset = 0): Code {
    const instruction = laneLoads[name]
    this.#memory(name, instruction, offset, elementBytes)
    return this.#lane(name, lane, 16 / instruction.width)
  }

  storeLane(name: LaneStoreName, lane: number, offset = 0): Code {
    const instruction = laneStores[name]
    this.#memory(name, instruction, offset, elementBytes)
    return this.#lane(name, lane, 16 / instruction.width)
  }

  extractLane(name: ExtractName, lane: number): Code {
    const instruction: LaneInstruction = extracts[name]
    this.#emit(name, instruction)
    return this.#lane(name, lane, instruction.lanes)
  }

  replaceLane(name: ReplaceName, lane: number): Code {
    const instruction: LaneInstruction = replaces[name]
    this.#emit(name, instruction)
    return this.#lane(name, lane, instruction.lanes)
  }

  shuffle(lanes: readonly number[]): Code {
    if (lanes.length !== 4) throw this.#stack.error(`i8x16.shuffle: expected 4 lanes, got ${lanes.length}`)
    this.#stack.popAll(['v128', 'v128'], 'i8x16.shuffle')
    this.#opcode(control['i8x16.shuffle'])
    for (const lane of lanes) {
      if (!(Number.isInteger(lane) && lane >= 0 && lane < 8)) throw this.#stack.error(`i8x16.shuffle: there is no lane ${lane}`)
      for (let byte = 0; byte < 4; byte++) this.#bytes.byte(4 * lane + byte)
    }
    this.#stack.push('v128')
    return this
  }

  atomic(name: AtomicName, offset = 0): Code {
    const instruction: MemoryInstruction = atomics[name]
    return this.#memory(name, instruction, offset, instruction.width)
  }

  bulk(name: BulkName): Code {
    this.#emit(name, bulk[name])
    for (let i = 0; i < bulk[name].zeros; i++) this.#bytes.byte(0)
    return this
  }

  block(body: () => void): Code {
    return this.#block('block', 'label', body)
  }

  loop(body: () => void): Code {
    return this.#block('loop', 'label', body)
  }

  if(then: () => void, otherwise?: () => void): Code {
    this.#stack.pop('i32', 'if')
    this.#openBlock('if', 'label')
    then()
    if (otherwise !== undefined) {
      this.#stack.close('else')
      this.#opcode(control.else)
      this.#stack.open('label')
      otherwise()
    }
    return this.#closeBlock()
  }

  for(counter: Local, from: number, to: number, step: number, body: () => void): Code {
    if (!(step > 0 && from < to)) throw this.#stack.error(`for: ${from} to ${to} by ${step} has no iteration`)
    this.i32(from).set(counter)
    if (from + step < to)
      return this.#block('loop', 'counted', () => {
        body()
        this.get(counter).i32(step).op('i32.add').tee(counter).i32(to).op('i32.lt_s')
        this.#stack.pop('i32', 'for')
        this.#branch('br_if', 0)
      })
    this.#stack.open('once')
    body()
    this.#stack.close('for')
    return this
  }

  upTo(counter: Local, to: Local, body: () => void): Code {
    this.get(counter).get(to).op('i32.lt_s')
    return this.if(() => {
      this.#block('loop', 'counted', () => {
        body()
        this.get(counter).i32(1).op('i32.add').tee(counter).get(to).op('i32.lt_s')
        this.#stack.pop('i32', 'up_to')
        this.#branch('br_if', 0)
      })
    })
  }

  br(depth: number): Code {
    this.#stack.branch(depth, 'br')
    this.#stack.unreachable()
    return this.#branch('br', depth)
  }

  brIf(depth: number): Code {
    this.#stack.pop('i32', 'br_if')
    this.#stack.branch(depth, 'br_if')
    return this.#branch('br_if', depth)
  }

  return(): Code {
    this.#stack.return()
    this.#opcode(control.return)
    return this
  }

  unreachable(): Code {
    this.#stack.unreachable()
    this.#opcode(control.unreachable)
    return this
  }

  call(target: Func): Code {
    this.#stack.popAll(target.params, `call ${target.name}`)
    this.#opcode(control.call)
    this.#bytes.unsigned(target.index)
    this.#stack.pushAll(target.results)
    return this
  }

  drop(): Code {
    this.#stack.pop('unknown', 'drop')
    this.#opcode(control.drop)
    return this
  }

  select(): Code {
    this.#stack.pop('i32', 'select')
    const type = this.#stack.pop('unknown', 'select')
    this.#stack.push(this.#stack.pop(type, 'select'))
    this.#opcode(control.select)
    return this
  }

  #opcode(opcode: number): void {
    if (opcode >= 0x100) this.#bytes.pair(opcode >> 12, opcode & 0xfff)
    else this.#bytes.byte(opcode)
  }

  #emit(name: string, instruction: Instruction): Code {
    this.#stack.popAll(instruction.params, name)
    this.#stack.pushAll(instruction.results)
    this.#opcode(instruction.opcode)
    return this
  }

  #constant(name: ControlName, type: ValueType): void {
    this.#opcode(control[name])
    this.#stack.push(type)
  }

  #memory(name: string, instruction: MemoryInstruction, offset: number, align: number): Code {
    if (!(Number.isInteger(offset) && offset >= 0 && offset < 2 ** 32)) throw this.#stack.error(`${name}: offset ${offset} is not a u32`)
    this.#emit(name, instruction)
    this.#bytes.unsigned(31 - Math.clz32(Math.min(align, instruction.width)))
    this.#bytes.unsigned(offset)
    return this
  }

  #lane(name: string, lane: number, lanes: number): Code {
    if (!(Number.isInteger(lane) && lane >= 0 && lane < lanes)) throw this.#stack.error(`${name}: there is no lane ${lane}`)
    this.#bytes.byte(lane)
    return this
  }

  #openBlock(name: 'block' | 'loop' | 'if', kind: 'label' | 'counted'): void {
    this.#opcode(control[name])
    this.#bytes.byte(emptyBlock)
    this.#stack.open(kind)
  }

  #closeBlock(): Code {
    this.#stack.close('end')
    this.#opcode(control.end)
    return this
  }

  #block(name: 'block' | 'loop', kind: 'label' | 'counted', body: () => void): Code {
    this.#openBlock(name, kind)
    body()
    return this.#closeBlock()
  }

  #branch(name: 'br' | 'br_if', depth: number): Code {
    this.#opcode(control[name])
    this.#bytes.unsigned(depth)
    return this
  }
}
