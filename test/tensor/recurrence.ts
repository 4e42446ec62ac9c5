/** Recurrent layers written as loops over numbers, in f64: what those of the library are compared with. */
type Matrix = readonly (readonly number[])[]

export interface Loop {
  readonly op: 'rnn' | 'gru' | 'lstm'
  /** `[batch][time][features]` */
  readonly x: readonly Matrix[]
  /** `[features][gates x hidden]` */
  readonly inputWeight: Matrix
  /** `[hidden][gates x hidden]` */
  readonly recurrentWeight: Matrix
  readonly bias: readonly number[]
  readonly recurrentBias?: readonly number[]
  /** `[batch][hidden]` each; zeros unless said. */
  readonly hidden?: Matrix
  readonly cell?: Matrix
  /** Which steps count, `[batch][time]`; all unless said. */
  readonly counts?: readonly (readonly boolean[])[]
  readonly reverse?: boolean
  readonly relu?: boolean
}
export interface Looped {
  readonly all: readonly Matrix[]
  readonly hidden: Matrix
  readonly cell: Matrix
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const times = (x: readonly number[], weight: Matrix, column: number): number =>
  x.reduce((sum, each, i) => sum + each * (weight[i]?.[column] as number), 0)

/** A sample at a time, a step at a time, a unit at a time. */
export const loop = (given: Loop): Looped => {
  const samples = given.x.map((rows, b) => sample(given, rows, b))
  return { all: samples.map(({ all }) => all), hidden: samples.map(({ hidden }) => hidden), cell: samples.map(({ cell }) => cell) }
}

const sample = (given: Loop, rows: Matrix, b: number): { readonly all: Matrix; readonly hidden: number[]; readonly cell: number[] } => {
  const units = given.recurrentWeight.map((_, i) => i)
  let hidden = units.map((i) => given.hidden?.[b]?.[i] ?? 0)
  let cell = units.map((i) => given.cell?.[b]?.[i] ?? 0)
  const all = rows.map(() => units.map(() => 0))
  const order = rows.map((_, t) => t)
  for (const t of given.reverse ? order.reverse() : order) {
    if (given.counts?.[b]?.[t] === false) continue
    const next = units.map((i) => unit(given, rows[t] as readonly number[], hidden, cell[i] as number, i))
    hidden = next.map(([h]) => h)
    cell = next.map(([, c]) => c)
    all[t] = hidden
  }
  return { all, hidden, cell }
}

/** The next state of one unit. */
const unit = (given: Loop, row: readonly number[], hidden: readonly number[], cell: number, i: number): readonly [number, number] => {
  const { op, inputWeight, recurrentWeight, bias, recurrentBias, relu } = given
  const at = (gate: number): number => gate * hidden.length + i
  const x = (gate: number): number => times(row, inputWeight, at(gate)) + (bias[at(gate)] as number)
  const h = (gate: number): number => times(hidden, recurrentWeight, at(gate))
  if (op === 'rnn') return [relu ? Math.max(0, x(0) + h(0)) : Math.tanh(x(0) + h(0)), 0]
  if (op === 'lstm') {
    const next = sigmoid(x(1) + h(1)) * cell + sigmoid(x(0) + h(0)) * Math.tanh(x(2) + h(2))
    return [sigmoid(x(3) + h(3)) * Math.tanh(next), next]
  }
  const [reset, update] = [sigmoid(x(0) + h(0)), sigmoid(x(1) + h(1))]
  const fresh = Math.tanh(x(2) + reset * (h(2) + (recurrentBias?.[i] as number)))
  return [(1 - update) * fresh + update * (hidden[i] as number), 0]
}
