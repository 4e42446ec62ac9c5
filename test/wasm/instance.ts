/** Runs what the assembler built: the exports of a module, and its memory. */
import { setFlagsFromString } from 'node:v8'
import type { Code } from '../../src/wasm/assembler/code.ts'
import { type ModuleBuilder, moduleBuilder } from '../../src/wasm/assembler/module.ts'
import type { ValueType } from '../../src/wasm/assembler/opcodes.ts'

export interface Running {
  readonly call: (name: string, ...args: readonly (number | bigint)[]) => number
  readonly memory: WebAssembly.Memory
}

export const run = (builder: ModuleBuilder): Running => {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(builder.bytes()))
  const call = (name: string, ...args: readonly (number | bigint)[]): number => {
    const target = exports[name]
    if (typeof target !== 'function') throw new Error(`there is no export ${name}`)
    return target(...args)
  }
  return { call, memory: exports.memory as WebAssembly.Memory }
}

/** A module of one exported function, `main`. */
export const single = (params: readonly ValueType[], results: readonly ValueType[], body: (code: Code) => void): ModuleBuilder => {
  const builder = moduleBuilder({ pages: 1 })
  builder.func('main', params, results, body, true)
  return builder
}

const relaxedProbe = () => single([], ['v128'], (code) => code.v128f(1).v128f(2).op('f32x4.relaxed_min')).bytes()

/** Node 20 knows relaxed SIMD behind a flag, later versions without. */
export const enableRelaxed = (): void => {
  if (!WebAssembly.validate(relaxedProbe())) setFlagsFromString('--experimental-wasm-relaxed-simd')
  if (!WebAssembly.validate(relaxedProbe())) throw new Error('this host has no relaxed SIMD')
}
