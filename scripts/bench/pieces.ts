/** Which part of a training step a kernel is: matrix products, the optimizer, or what is left. */
import { type Body, bodiesOf } from '../../src/compiler/kernel.ts'
import type { LaidKernel } from '../../src/compiler/layout/laid.ts'
import type { Laid } from '../../src/compiler/layout/layout.ts'

export type Piece = 'gemm' | 'optimizer' | 'rest'

/**
 * For each kernel of an entry, in order. A product whose epilogue updates weights counts as a product; what counts steps, and draws keys,
 * is not the optimizer, though it writes state.
 */
export const classify = ({ kernels, buffers }: Pick<Laid, 'kernels' | 'buffers'>): readonly Piece[] => {
  const weights = new Set(buffers.flatMap(({ id, role, path }) => (role === 'state' && path.startsWith('params') ? [id] : [])))
  return kernels.map((kernel) => pieceOf(kernel, weights))
}

const pieceOf = (kernel: LaidKernel, weights: ReadonlySet<number>): Piece => {
  if (kernel.kind === 'contract') return 'gemm'
  const stores = bodiesOf(kernel).flatMap(({ body }: { readonly body: Body }) => body.stores)
  return stores.some(({ view }) => weights.has(view.buffer)) ? 'optimizer' : 'rest'
}
