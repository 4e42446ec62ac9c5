/** Linear maps of small square blocks, `L X L^T`, as straight code over loads: a body for each row of the result, so that few values live at once. */
import { type Body, type ElementOp, type Instruction, renumbered, renumberedStore, type View } from '../kernel.ts'

export type Matrix = readonly (readonly number[])[]
export const transposed = (m: Matrix): Matrix => (m[0] ?? []).map((_, j) => m.map((row) => row[j] as number))

/** Where an element of a block lies; null for one that counts as 0, or that nobody wants. */
export type Element = (row: number, column: number) => View | null

/** `map X map^T`, stored. */
export const transformed = (map: Matrix, from: Element, to: Element): readonly Body[] =>
  followed(map, from, (row, column) => {
    const view = to(row, column)
    return view === null ? null : { instructions: [{ op: 'accumulator', index: 0, dtype: 'f32' }], stores: [{ value: 0, view }] }
  })

/** `map X map^T`, each element of it followed by a body whose accumulator it is; by none where nobody wants it. */
export const followed = (map: Matrix, from: Element, after: (row: number, column: number) => Body | null): readonly Body[] =>
  map.flatMap((factors, row) => {
    const ends = map.flatMap((_, column) => {
      const body = after(row, column)
      return body === null ? [] : [{ column, body }]
    })
    if (ends.length === 0) return []
    const code: Instruction[] = []
    const load = (view: View | null): number | null => (view === null ? null : code.push({ op: 'load', view, dtype: 'f32' }) - 1)
    const across = factors.map((_, column) => combined(code, factors, (i) => load(from(i, column))))
    const values = ends.map(({ column }) => combined(code, map[column] as readonly number[], (j) => across[j] as number))
    const stores = ends.flatMap(({ body }, i) => append(code, body, values[i] as number))
    return [{ instructions: code, stores }]
  })

/** The sum of factor times value. What has a factor of one magnitude is added first and multiplied together. */
const combined = (code: Instruction[], factors: readonly number[], value: (i: number) => number | null): number => {
  const apply = (op: ElementOp, ...inputs: readonly number[]): number => code.push({ op: 'apply', apply: op, inputs, dtype: 'f32' }) - 1
  const constant = (of: number): number => {
    const known = code.findIndex((i) => i.op === 'constant' && i.value === of && i.dtype === 'f32')
    return known >= 0 ? known : code.push({ op: 'constant', value: of, dtype: 'f32' }) - 1
  }
  const parts = [...new Set(factors.map(Math.abs))].flatMap((magnitude) => {
    if (magnitude === 0) return []
    const having = (factor: number): readonly number[] => factors.flatMap((f, i) => (f === factor ? (value(i) ?? []) : []))
    const plus = having(magnitude)
    const sum = having(-magnitude).reduce<number | null>(
      (rest, v) => (rest === null ? apply('neg', v) : apply('sub', rest, v)),
      plus.length === 0 ? null : plus.reduce((a, b) => apply('add', a, b)),
    )
    return sum === null ? [] : [magnitude === 1 ? sum : apply('mul', sum, constant(magnitude))]
  })
  return parts.length === 0 ? constant(0) : parts.reduce((a, b) => apply('add', a, b))
}

/** The body over a value in the place of its accumulator joins the code; its stores are given back. */
const append = (code: Instruction[], { instructions, stores }: Body, value: number): Body['stores'] => {
  const numbers: number[] = []
  const at = (n: number): number => numbers[n] as number
  for (const i of instructions) numbers.push(i.op === 'accumulator' ? value : code.push(renumbered(i, at)) - 1)
  return stores.map((s) => renumberedStore(s, at))
}
