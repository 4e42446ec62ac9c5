/** What a file holds, declared: a `.d.ts` that was written from its header. */
import type { Declared, DeclaredTensor } from '../../../types/weights.ts'
import type { StoredArray } from '../../formats/stored-array.ts'

/** The name of a file whose tensors are declared. */
export type DeclaredFile<W> = string & Declared<W>
/** Tensors of a file whose names and shapes are declared. */
export type DeclaredTensors<W> = ReadonlyMap<string, StoredArray> & Declared<W>

export interface DeclaredFunction {
  <W extends { readonly [K in keyof W]: DeclaredTensor }>(file: string): DeclaredFile<W>
  <W extends { readonly [K in keyof W]: DeclaredTensor }>(tensors: ReadonlyMap<string, StoredArray>): DeclaredTensors<W>
}

/**
 * Says what stands in a file, by the type that `npx shapewright-types model.safetensors` wrote from its header: `loadParams` and
 * `paramsFrom` are then refused by the compiler where the model has other tensors. It changes nothing, and when a file is read it
 * is held against the model as ever.
 *
 * @example
 * interface Weights {
 *   readonly 'out.weight': { readonly type: 'f32'; readonly shape: readonly [2, 1] }
 *   readonly 'out.bias': { readonly type: 'f32'; readonly shape: readonly [1] }
 * }
 * const params = paramsFrom(pipe(input([2]), dense(1, 'out')), declared<Weights>(new Map()))
 * E.isLeft(params) && params.left.missing.length // => 2
 */
// what is declared is a type and nothing else
export const declared: DeclaredFunction = (given: unknown) => given as never
