/** For `fastMath`: products that are added to something, and used nowhere else, are rounded with the sum. */
import { type Body, type Instruction, inputsOf, type NestKernel, renumbered, renumberedStore } from '../kernel.ts'

export const withMultiplyAdds = (kernel: NestKernel): NestKernel =>
  kernel.kind === 'contract'
    ? { ...kernel, after: fused(kernel.after, []).body }
    : {
        ...kernel,
        phases: kernel.phases.map((p) => {
          const { body, place } = fused(
            p.body,
            p.accumulate.map(({ value }) => value),
          )
          return {
            ...p,
            body,
            accumulate: p.accumulate.map((a) => ({ ...a, value: place(a.value) })),
            after: fused(p.after, []).body,
          }
        }),
      }

/** x * y + z -> multiplyAdd(x, y, z), and where each value went; `kept` are values that are used outside of the body. */
const fused = (body: Body, kept: readonly number[]): { readonly body: Body; readonly place: (n: number) => number } => {
  const uses = body.instructions.map(() => 0)
  const use = (n: number): void => {
    uses[n] = (uses[n] ?? 0) + 1
  }
  body.instructions.flatMap(inputsOf).forEach(use)
  for (const { value, addAt } of body.stores) [value, ...(addAt === undefined ? [] : [addAt])].forEach(use)
  kept.forEach(use)
  const isProduct = (n: number | undefined): n is number => {
    const i = n === undefined ? undefined : body.instructions[n]
    return i?.op === 'apply' && i.apply === 'mul' && i.dtype === 'f32' && uses[n as number] === 1
  }
  const gone = new Set<number>()
  const instructions = body.instructions.map((i): Instruction => {
    if (i.op !== 'apply' || i.apply !== 'add' || i.dtype !== 'f32') return i
    const side = [0, 1].find((s) => isProduct(i.inputs[s]))
    if (side === undefined) return i
    const product = i.inputs[side] as number
    gone.add(product)
    return { ...i, apply: 'multiplyAdd', inputs: [...inputsOf(body.instructions[product] as Instruction), i.inputs[1 - side] as number] }
  })
  const places: number[] = []
  let next = 0
  for (const n of instructions.keys()) places.push(gone.has(n) ? -1 : next++)
  const place = (n: number): number => places[n] as number
  return {
    body: {
      instructions: instructions.filter((_, n) => !gone.has(n)).map((i) => renumbered(i, place)),
      stores: body.stores.map((s) => renumberedStore(s, place)),
    },
    place,
  }
}
