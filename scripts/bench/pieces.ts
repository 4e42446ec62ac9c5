/** Which part of a training step a kernel is: matrix products, the optimizer, or what is left. */
import { type Body, bodiesOf } from '../../src/compiler/kernel.ts'
import type { LaidKernel } from '../../src/compiler/layout/laid.ts'
import type { Laid } from '../../src/compiler/layout/layout.ts'

export type Piece = 'gemm' | 'optimizer' | 'rest'

/** For each kernel of an entry, in order. A product whose epilogue updates weights counts as a product. */
export const classify = ({ kernels, state }: Laid): readonly Piece[] => kernels.map((kernel) => pieceOf(kernel, new Set(state)))

const pieceOf = (kernel: LaidKernel, state: ReadonlySet<number>): Piece => {
  if (kernel.kind === 'contract') return 'gemm'
  const stores = bodiesOf(kernel).flatMap(({ body }: { readonly body: Body }) => body.stores)
  return stores.some(({ view }) => state.has(view.buffer)) ? 'optimizer' : 'rest'
}
