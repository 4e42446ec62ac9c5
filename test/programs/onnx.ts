/** A small network as an ONNX file, written in whatever host this runs in. */

import { exportOnnx } from '../../src/formats/onnx/index.ts'
import { batchNorm, conv2d, dense, flatten, input, key, pipe, relu } from '../../src/index.ts'
import { orThrow } from './digest.ts'

export const run = async (): Promise<readonly number[]> => {
  const model = pipe(input([6, 6, 2]), conv2d({ filters: 3, kernel: 3 }), batchNorm(), relu, flatten, dense(4))
  return [...orThrow(exportOnnx(model, model.init(key(0))))]
}
