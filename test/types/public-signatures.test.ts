/** No public function gives a tensor with a dim that is `number` or `any`: a size is literal or has a name. */
import { describe, expect, it } from 'vitest'
import { openProject, readLooseDims } from '../../scripts/typescript/public.ts'

const root = process.cwd()
const entries = ['src/index.ts', 'src/data/index.ts', 'src/ops.ts']
const project = openProject(root, entries)

describe('dims of public signatures', () => {
  it.each(entries)('%s gives no tensor of an open size', (entry) => expect(readLooseDims(project, root, entry)).toEqual([]))

  it('would be found wherever they hide', () => {
    const text = `import type { Tensor } from '../../types/tensor.ts'
import type { Dim, Shape } from '../../types/dim.ts'
export declare const open: (n: number) => Tensor<[2, number]>
export declare const anything: () => readonly [Tensor<any>, null]
export declare const wide: () => { readonly weight: Tensor<Dim[]> }
export declare const later: () => Promise<(x: Tensor<[number]>) => Tensor<[any]>>
export declare const good: <B extends Dim, S extends Shape>(x: Tensor<[number, B]>, y: Tensor<S>) => readonly [Tensor<[B, 'time', 3]>, Tensor<S>]
`
    project.createSourceFile(`${root}/test/types/open-sizes.ts`, text, { overwrite: true })
    expect(readLooseDims(project, root, 'test/types/open-sizes.ts')).toEqual([
      'open: Tensor<[2, number], "f32">',
      'anything: Tensor<any, "f32">',
      'wide: Tensor<Dim[], "f32">',
      'later: Tensor<[any], "f32">',
    ])
  })
})
