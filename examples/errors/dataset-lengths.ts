/*
error TS2345: Argument of type 'Tensor<[3, 1], "f32">' is not assignable to parameter of type '"dataset: 4 inputs and 3 targets"'.
*/
import { dataset, tensor } from 'shapewright'

const inputs = tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
const targets = tensor([[0], [1], [1]])

// dataset: 4 inputs and 3 targets @ targets
export const xor = dataset(inputs, targets)
