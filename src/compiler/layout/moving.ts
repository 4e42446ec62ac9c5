/** A loop of kernels that were laid for one image, or one part of one, around which their views move on. */
import { type BufferId, type Kernel, overBuffers, readsOf, type View, writesOf } from '../kernel.ts'

/** Elements that a step along an axis of the loop moves each buffer; 0 for what stays. */
export type StepOf = (view: View) => number

/** The steps of each buffer that the kernels touch but for their own; null where two views of one move differently. */
export const stepsOf = (kernels: readonly Kernel[], own: ReadonlySet<BufferId>, stepOf: StepOf): ReadonlyMap<BufferId, number> | null => {
  const steps = new Map<BufferId, number>()
  for (const view of kernels.flatMap((k) => [...readsOf(k), ...writesOf(k)])) {
    if (own.has(view.buffer)) continue
    const step = stepOf(view)
    if ((steps.get(view.buffer) ?? step) !== step) return null
    steps.set(view.buffer, step)
  }
  return steps
}

/** The kernels so many times, over rows of the buffers that move. */
export const repeated = (
  kernels: readonly Kernel[],
  length: number,
  steps: ReadonlyMap<BufferId, number>,
  newRow: (of: BufferId) => BufferId,
): readonly Kernel[] => {
  if (length === 1) return kernels
  const rows = [...steps].flatMap(([of, step]) => (step === 0 ? [] : [{ id: newRow(of), of, offset: 0, step, turns: false }]))
  const images = new Map(rows.map(({ id, of }) => [of, id]))
  const image = (id: BufferId): BufferId => images.get(id) ?? id
  return [{ kind: 'scan', length, reverse: false, rows, before: [], kernels: kernels.map((k) => overBuffers(k, image)) }]
}
