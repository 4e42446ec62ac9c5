/** Files of golden values: what a case says, read without trust. What is missing or odd is a sentence, never a crash. */
import type { Value, Values } from '../../src/graph/evaluate/value.ts'
import type { DType } from '../../types/dim.ts'

export type Json = null | boolean | number | string | readonly Json[] | Fields
export interface Fields {
  readonly [name: string]: Json
}

/** Why a case cannot be run. */
export class Skip extends Error {}

/** JSON in which Python wrote NaN and Infinity; they become strings. */
export const parse = (text: string): Json =>
  JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) => (token.startsWith('"') ? token : `"${token}"`))) as Json

export const isFields = (json: Json | undefined): json is Fields => typeof json === 'object' && json !== null && !Array.isArray(json)
export const fields = (json: Json | undefined): Fields => (isFields(json) ? json : {})
export const list = (json: Json | undefined): readonly Json[] => (Array.isArray(json) ? json : [])
export const text = (json: Json | undefined): string => (typeof json === 'string' ? json : JSON.stringify(json ?? null))

export const number = (name: string, json: Json | undefined): number => {
  if (typeof json !== 'number') throw new Skip(`${name} is no number: ${text(json)}`)
  return json
}
export const numbers = (name: string, json: Json | undefined): readonly number[] => list(json).map((item) => number(name, item))

const makers: { readonly [D in DType]: (data: readonly number[]) => Values } = {
  f32: (data) => Float64Array.from(data),
  i32: (data) => Int32Array.from(data),
  bool: (data) => Uint8Array.from(data),
}

/** `{ shape, dtype, data }`: f32 in f64, unrounded. */
export const tensor = (name: string, json: Json | undefined): Value => {
  const { shape, dtype, data } = fields(json)
  const make = makers[dtype as DType] as (typeof makers)[DType] | undefined
  if (make === undefined) throw new Skip(`${name} is no tensor of f32, i32 or bool`)
  const dims = numbers(`the shape of ${name}`, shape)
  const elements = list(data).map(Number)
  const length = dims.reduce((product, n) => product * n, 1)
  if (elements.length !== length) throw new Skip(`${name} has ${elements.length} elements, its shape [${dims.join(', ')}]`)
  return { dtype: dtype as DType, shape: dims, values: make(elements) }
}

export type ValuesByName = Readonly<Record<string, Value>>
export const tensors = (json: Json | undefined, prefix = ''): ValuesByName =>
  Object.fromEntries(Object.entries(fields(json)).map(([name, value]) => [prefix + name, tensor(name, value)]))
