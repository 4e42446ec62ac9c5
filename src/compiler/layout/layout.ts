/** layout: ordered Kernels -> laid Kernels. How each walks its space, and the buffers that it needs to work in. */
import type { Buffer } from '../kernel.ts'
import type { Scheduled } from '../schedule.ts'
import type { Target } from '../target.ts'
import { layContract, type NewPanel } from './contract.ts'
import type { LaidKernel } from './laid.ts'
import { layLoop } from './loop.ts'

export interface Laid extends Omit<Scheduled, 'kernels'> {
  readonly kernels: readonly LaidKernel[]
}

export const layout = (scheduled: Scheduled, _target: Target): Laid => {
  const buffers: Buffer[] = [...scheduled.buffers]
  const newPanel: NewPanel = (elements, dtype) => {
    const id = buffers.length
    buffers.push({ id, role: 'temporary', path: 'panel', shape: [elements], dtype })
    return id
  }
  const kernels = scheduled.kernels.map((k) => (k.kind === 'loop' ? layLoop(k) : layContract(k, newPanel)))
  return { ...scheduled, buffers, kernels }
}
