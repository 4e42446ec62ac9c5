/** The validation algorithm of WebAssembly: the types on the operand stack, checked while a function is emitted. */
import { InternalError } from '../../graph/internal-error.ts'
import type { ValueType } from './opcodes.ts'

/** After a branch that is always taken the stack may hold anything: `unknown` fits every type. */
type Operand = ValueType | 'unknown'

interface Frame {
  /** Operands below this height belong to the enclosing frames. */
  readonly height: number
  /** A frame with a label can be branched to; a counted loop may not be left by a branch. */
  readonly kind: 'function' | 'label' | 'counted' | 'once'
  unreachable: boolean
}

export class Stack {
  readonly #operands: Operand[] = []
  readonly #frames: Frame[] = [{ height: 0, kind: 'function', unreachable: false }]
  readonly #results: readonly ValueType[]
  readonly #trail: string

  constructor(results: readonly ValueType[], trail: string) {
    this.#results = results
    this.#trail = trail
  }

  push(type: Operand): void {
    this.#operands.push(type)
  }

  /** Leaves the results of an instruction. */
  pushAll(types: readonly Operand[]): void {
    for (let i = 0; i < types.length; i++) this.#operands.push(types[i] as Operand)
  }

  /** Takes one operand of this type, or of any type. */
  pop(expected: Operand, by: string): Operand {
    const frame = this.#top()
    if (this.#operands.length === frame.height) {
      if (frame.unreachable) return expected
      throw this.error(`${by}: expected ${describe(expected)} on the operand stack, which is empty`)
    }
    const actual = this.#operands.pop() ?? 'unknown'
    if (actual === expected || actual === 'unknown') return expected
    if (expected === 'unknown') return actual
    throw this.error(`${by}: expected ${describe(expected)} on the operand stack, got ${describe(actual)}`)
  }

  /** Takes the operands of an instruction, the last one first. */
  popAll(types: readonly ValueType[], by: string): void {
    const { height } = this.#top()
    for (let i = types.length - 1; i >= 0; i--) {
      // nearly always it is there: so many instructions are checked that a call each would show
      const last = this.#operands.length - 1
      if (last >= height && this.#operands[last] === types[i]) this.#operands.pop()
      else this.pop(types[i] as ValueType, by)
    }
  }

  open(kind: 'label' | 'counted' | 'once'): void {
    this.#frames.push({ height: this.#operands.length, kind, unreachable: false })
  }

  /** Ends a frame, which must have left nothing on the stack. */
  close(by: string): void {
    const frame = this.#top()
    if (this.#operands.length !== frame.height) throw this.#leftOver(by, frame.height)
    this.#frames.pop()
  }

  /** Ends the function, which must have left exactly its results. */
  finish(): void {
    if (this.#frames.length !== 1) throw this.error('a block is still open at the end')
    this.popAll(this.#results, 'end')
    if (this.#operands.length !== 0) throw this.#leftOver('end', 0)
  }

  /** Checks what a branch to this label takes. Only the function's own label takes operands: its results. */
  branch(depth: number, by: string): void {
    const target = this.#target(depth, by)
    if (target.kind !== 'function') return
    this.popAll(this.#results, by)
    if (by === 'br_if') this.pushAll(this.#results)
  }

  /** Takes the results wherever they are and marks the rest of the frame as never reached. */
  return(): void {
    this.popAll(this.#results, 'return')
    this.unreachable()
  }

  unreachable(): void {
    const frame = this.#top()
    this.#operands.length = frame.height
    frame.unreachable = true
  }

  error(message: string): InternalError {
    return new InternalError(message, this.#trail)
  }

  #top(): Frame {
    return this.#frames[this.#frames.length - 1] as Frame
  }

  #target(depth: number, by: string): Frame {
    let left = depth
    for (let i = this.#frames.length - 1; i >= 0; i--) {
      const frame = this.#frames[i] as Frame
      if (frame.kind === 'counted' || frame.kind === 'once') throw this.error(`${by} ${depth} leaves a counted loop`)
      if (left-- === 0) return frame
    }
    throw this.error(`${by} ${depth}: there is no such label`)
  }

  #leftOver(by: string, height: number): InternalError {
    return this.error(`${by}: ${this.#operands.slice(height).join(', ')} left on the operand stack`)
  }
}

const describe = (type: Operand): string => (type === 'unknown' ? 'a value' : type)
