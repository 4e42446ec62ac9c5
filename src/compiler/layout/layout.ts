/** layout: ordered Kernels -> laid Kernels. How each walks its space, what threads may divide, and the buffers that it needs to work in. */
import type { Buffer } from '../kernel.ts'
import type { Scheduled } from '../schedule.ts'
import type { Target } from '../target.ts'
import { microsecondsOf } from '../threads/microseconds.ts'
import { cuts, splitOf } from '../threads/split.ts'
import { layContract, type NewPanel } from './contract.ts'
import type { LaidKernel } from './laid.ts'
import { layLoop } from './loop.ts'
import { withMultiplyAdds } from './multiply-add.ts'

export interface Laid extends Omit<Scheduled, 'kernels'> {
  readonly kernels: readonly LaidKernel[]
}

export const layout = (scheduled: Scheduled, target: Target): Laid => {
  const buffers: Buffer[] = [...scheduled.buffers]
  const newPanel: NewPanel = (elements, dtype) => {
    const id = buffers.length
    buffers.push({ id, role: 'temporary', path: 'panel', shape: [elements], dtype })
    return id
  }
  const written = cuts()
  const kernels = scheduled.kernels.map((given) => {
    const k = target.fastMath ? withMultiplyAdds(given) : given
    const laid = k.kind === 'loop' ? layLoop(k) : layContract(k, newPanel, target)
    const isDivided = target.threads > 1 && microsecondsOf(laid) >= target.grain
    const divided = isDivided ? { ...laid, split: splitOf(laid, target.threads, written) } : laid
    written.add(divided)
    return divided
  })
  return { ...scheduled, buffers, kernels }
}
