/** The locals of one function: allocated by type, reused after their release, never used after it. */
import { InternalError } from '../../graph/internal-error.ts'
import type { Bytes } from './bytes.ts'
import { typeCodes, type ValueType } from './opcodes.ts'

export interface Local {
  readonly index: number
  readonly type: ValueType
}

export class Locals {
  readonly params: readonly Local[]
  readonly #types: ValueType[] = []
  readonly #names: string[][] = []
  /** The one holder of each index; a released local is no longer it. */
  readonly #holders: (Local | null)[] = []
  readonly #free: { readonly [T in ValueType]: number[] } = { i32: [], i64: [], f32: [], f64: [], v128: [] }
  readonly #trail: string

  constructor(params: readonly ValueType[], trail: string) {
    this.#trail = trail
    this.params = params.map((type) => this.#hold(this.#grow(type), type))
  }

  /** A fresh or a released local. */
  allocate(type: ValueType, name = ''): Local {
    const index = this.#free[type].pop() ?? this.#grow(type)
    const names = this.#names[index] as string[]
    if (name !== '' && !names.includes(name)) names.push(name)
    return this.#hold(index, type)
  }

  release(local: Local): void {
    this.check(local, 'release')
    if (local.index < this.params.length) throw new InternalError(`release: local ${local.index} is a parameter`, this.#trail)
    this.#holders[local.index] = null
    this.#free[local.type].push(local.index)
  }

  check(local: Local, by: string): void {
    if (this.#holders[local.index] !== local)
      throw new InternalError(`${by}: local ${local.index} was released or is another function's`, this.#trail)
  }

  /** The names an index has had, parameters first. */
  names(): readonly string[] {
    return this.#names.map((names) => names.join('/'))
  }

  /** The declarations in the code section: runs of one type. */
  write(bytes: Bytes): void {
    const runs: { type: ValueType; count: number }[] = []
    for (const type of this.#types.slice(this.params.length)) {
      const last = runs.at(-1)
      if (last?.type === type) last.count++
      else runs.push({ type, count: 1 })
    }
    bytes.unsigned(runs.length)
    for (const { type, count } of runs) {
      bytes.unsigned(count)
      bytes.byte(typeCodes[type])
    }
  }

  types(): readonly ValueType[] {
    return this.#types.slice(this.params.length)
  }

  #grow(type: ValueType): number {
    this.#names.push([])
    return this.#types.push(type) - 1
  }

  #hold(index: number, type: ValueType): Local {
    const local = { index, type }
    this.#holders[index] = local
    return local
  }
}
