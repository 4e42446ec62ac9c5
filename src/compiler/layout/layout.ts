/** layout: ordered Kernels -> laid Kernels. How each walks its space, what threads may divide, and the buffers that it needs to work in. */
import type { Buffer, BufferId, Kernel, ScanKernel } from '../kernel.ts'
import type { Region } from '../regions.ts'
import type { Scheduled } from '../schedule.ts'
import type { Target } from '../target.ts'
import { microsecondsOf } from '../threads/microseconds.ts'
import { cuts, splitOf } from '../threads/split.ts'
import { layContract, type NewPanel } from './contract.ts'
import type { LaidKernel } from './laid.ts'
import { layLoop } from './loop.ts'
import { withMultiplyAdds } from './multiply-add.ts'
import { withPacked } from './pack.ts'
import { withFewerProducts } from './winograd.ts'

export interface Laid extends Omit<Scheduled, 'kernels'> {
  /** In the order in which they run, each once: those of a loop over time stand where it stands. */
  readonly kernels: readonly LaidKernel[]
  /** The loops over time, each before those that stand in it. */
  readonly regions: readonly Region[]
}

export const layout = (scheduled: Scheduled, target: Target): Laid => {
  const buffers: Buffer[] = [...scheduled.buffers]
  const newPanel: NewPanel = (elements, dtype, path = 'panel') => {
    const id = buffers.length
    buffers.push({ id, role: 'temporary', path, shape: [elements], dtype })
    return id
  }
  const written = cuts()
  const kernels: LaidKernel[] = []
  const regions: Region[] = []
  const floats = (elements: number): BufferId => newPanel(elements, 'f32', 'tiles')
  const row = (of: BufferId): BufferId => buffers.push({ ...(buffers[of] as Buffer), id: buffers.length, role: 'row' }) - 1
  const lay = (given: Kernel): void => {
    if (given.kind === 'scan') return layScan(given)
    const fewer = withFewerProducts(given, { floats, row }, target)
    if (fewer !== null) return fewer.forEach(lay)
    const k = target.fastMath ? withMultiplyAdds(given) : given
    const laid = k.kind === 'loop' ? layLoop(k) : layContract(k, newPanel, target)
    const isDivided = target.threads > 1 && microsecondsOf(laid) >= target.grain
    const divided = isDivided ? { ...laid, split: splitOf(laid, target.threads, written) } : laid
    written.add(divided)
    kernels.push(divided)
  }
  const layScan = (scan: ScanKernel): void => {
    const { length, reverse, rows, before, kernels: body } = withPacked(scan, newPanel, target)
    before.forEach(lay)
    const region = { from: kernels.length, length, reverse, rows }
    const at = regions.push({ ...region, to: region.from }) - 1
    body.forEach(lay)
    regions[at] = { ...region, to: kernels.length }
  }
  scheduled.kernels.forEach(lay)
  return { ...scheduled, buffers, kernels, regions }
}
