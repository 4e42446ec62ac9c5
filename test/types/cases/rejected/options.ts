/** Options that are misspelt, missing or not of their type. The comments are those of `layers.ts`. */
import { avgPool1d, conv1d, conv2d, input, maxPool2d, pipe, type Tensor, zeros } from 'shapewright'
import * as ops from 'shapewright/ops'

declare const image: Tensor<['batch', 8, 8, 1]>
const wide = { filters: 8, kernel: 3, padding: 'same' }
const filtersOf = (filters: 8) => ({ filters, kernel: 3, padding: 'same' }) as const
const padded = { padding: 'same' }

// -- convolutions
// conv2d: there is no option 'kernelSize' @ conv2d({ filters: 8, kernelSize: 3 })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernelSize: 3 }))
// conv1d: there is no option 'kernel_size' @ conv1d({ filters: 8, kernel_size: 3 })
pipe(input([8, 1]), conv1d({ filters: 8, kernel_size: 3 }))
// conv2d: the option 'kernel' is missing @ conv2d({ filters: 8 })
pipe(input([8, 8, 1]), conv2d({ filters: 8 }))
// conv2d: the option 'filters' is missing @ conv2d({})
pipe(input([8, 8, 1]), conv2d({}))
// conv2d: padding must be 'same', 'valid' or whole numbers, got SAME @ conv2d({ filters: 8, kernel: 3, padding: 'SAME' })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, padding: 'SAME' }))
// conv2d: expected one record of options, as { filters: 8, kernel: 3 } @ conv2d(8, 3)
pipe(input([8, 8, 1]), conv2d(8, 3))
// conv1d: expected one record of options, as { filters: 8, kernel: 3 } @ conv1d({ filters: 8, kernel: 3 }, 'first')
pipe(input([8, 1]), conv1d({ filters: 8, kernel: 3 }, 'first'))
// conv2d: filters is not a literal @ conv2d(wide)
pipe(input([8, 8, 1]), conv2d(wide))
// conv1d: filters is not a literal @ conv1d({ ...wide })
pipe(input([8, 1]), conv1d({ ...wide }))
// conv2d: padding is not a literal @ conv2d({ ...filtersOf(8), ...padded })
pipe(input([8, 8, 1]), conv2d({ ...filtersOf(8), ...padded }))
// conv2d: kernel must be a whole number, at least 1, got 3 @ conv2d({ filters: 8, kernel: '3' })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: '3' }))
// conv2d: kernel must be a whole number, at least 1, got [3, 3, 3] @ conv2d({ filters: 8, kernel: [3, 3, 3] })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: [3, 3, 3] }))
// conv1d: kernel must be a whole number, at least 1, got [3, 3] @ conv1d({ filters: 8, kernel: [3, 3] })
pipe(input([8, 1]), conv1d({ filters: 8, kernel: [3, 3] }))
// conv2d: filters must be a whole number, at least 0, got many @ conv2d({ filters: 'many', kernel: 3 })
pipe(input([8, 8, 1]), conv2d({ filters: 'many', kernel: 3 }))
// conv2d: the name is not a literal @ conv2d({ filters: 8, kernel: 3, name: 7 })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, name: 7 }))
// conv2d: weight must be an initializer @ conv2d({ filters: 8, kernel: 3, weight: 1 })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, weight: 1 }))
// conv2d: padding must be 'same', 'valid' or whole numbers, got SAME @ ops.conv2d(zeros([3, 3, 1, 8]), { padding: 'SAME' })
pipe(image, ops.conv2d(zeros([3, 3, 1, 8]), { padding: 'SAME' }))
// conv1d: expected one record of options, as { stride: 2 } @ ops.conv1d(zeros([3, 8, 8]), 2)
pipe(zeros([9, 8]), ops.conv1d(zeros([3, 8, 8]), 2))

// -- pools
// maxPool2d: padding must be 'same', 'valid' or whole numbers, got SAME @ maxPool2d(2, { padding: 'SAME' })
pipe(image, maxPool2d(2, { padding: 'SAME' }))
// maxPool2d: padding is not a literal @ maxPool2d(2, padded)
pipe(image, maxPool2d(2, padded))
// maxPool2d: there is no option 'strides' @ maxPool2d(2, { strides: 2 })
pipe(image, maxPool2d(2, { strides: 2 }))
// avgPool1d: expected one record of options, as { stride: 2 } @ avgPool1d(2, 2)
pipe(input([8, 1]), avgPool1d(2, 2))
