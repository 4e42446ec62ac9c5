/** No public function gives a tensor or a model with a dim that is `number` or `any`: a size is literal or has a name. */
import { describe, expect, it } from 'vitest'
import { openProject, readLooseDims } from '../../scripts/typescript/public.ts'

const root = process.cwd()
const entries = ['src/index.ts', 'src/data/index.ts', 'src/ops.ts', 'src/files/index.ts']
const project = openProject(root, entries)

describe('dims of public signatures', () => {
  it.each(entries)('%s gives no tensor and no model of an open size', (entry) => expect(readLooseDims(project, root, entry)).toEqual([]))

  it('would be found wherever they hide', () => {
    const text = `import type { Tensor } from '../../types/tensor.ts'
import type { Dim, Shape } from '../../types/dim.ts'
import type { Layer } from '../../types/layer.ts'
import type { Model, NoParams } from '../../types/model.ts'
export declare const open: (n: number) => Tensor<[2, number]>
export declare const anything: () => readonly [Tensor<any>, null]
export declare const wide: () => { readonly weight: Tensor<Dim[]> }
export declare const later: () => Promise<(x: Tensor<[number]>) => Tensor<[any]>>
export declare const models: () => readonly Model<[3], [number], NoParams>[]
export declare const taken: (n: number) => (m: Model<[number], [3], NoParams>) => Model<any, [3], NoParams>
export declare const weights: () => Model<[3], [2], any>
export declare const inside: () => Model<[3], [2], { dense1: { weight: Tensor<[number, 2]> } }>
export declare const layer: <I, P>(m: Model<I, [200], P>) => Model<I, [10], P & { head: Tensor<[200, 10]> }>
export declare const made: <F>(layer: Layer<F>) => Layer<F>
export declare const good: <B extends Dim, S extends Shape>(x: Tensor<[number, B]>, y: Tensor<S>) => readonly [Tensor<[B, 'time', 3]>, Tensor<S>]
`
    project.createSourceFile(`${root}/test/types/open-sizes.ts`, text, { overwrite: true })
    expect(readLooseDims(project, root, 'test/types/open-sizes.ts')).toEqual([
      'open: Tensor<[2, number], "f32">',
      'anything: Tensor<any, "f32">',
      'wide: Tensor<Dim[], "f32">',
      'later: Tensor<[any], "f32">',
      'models: Model<[3], [number], NoParams, "f32">',
      'taken: Model<any, [3], NoParams, "f32">',
      'weights: Model<[3], [2], any, "f32">',
      'inside: Tensor<[number, 2], "f32">',
    ])
  })
})
