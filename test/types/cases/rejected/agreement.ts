/** What JavaScript refused and the compiler did not, or in other words; found by random applications. */
import { classes, dataset, dropout, greater, iota, key, meanSquaredError, pipe, samples, softmaxCrossEntropy, statistic, type Tensor, zeros } from 'shapewright'

declare const counts: Tensor<[3], 'i32'>
declare const flags: Tensor<['batch', 4, 2, 3], 'bool'>
declare const n: number
declare const numbers: Float32Array
const points = samples(numbers, [3])

// ~ iota: axis 1 is out of range for [2] @ iota([2], 1)
greater(iota([2], 1), 0)
// ~ iota: axis -3 is out of range for [batch, 4] @ iota(['batch', 4], -3)
greater(iota(['batch', 4], -3), 0)
// ~ iota: axis 1.5 is out of range for [2, 3, 4, 5] @ iota([2, 3, 4, 5], 1.5)
greater(iota([2, 3, 4, 5], 1.5), 0)
// ~ iota: the axis is not a literal @ iota([2, 3], n)
greater(iota([2, 3], n), 0)
// ~ iota: axis 0 is out of range for [] @ iota([])
greater(iota([]), 0)
// statistic: expected f32, got i32 @ counts
statistic(counts)
// statistic: expected f32, got bool @ statistic
pipe(flags, statistic)
// dropout: expected f32, got i32 @ dropout(0.5, key(0))
pipe(counts, dropout(0.5, key(0)))
// dropout: expected f32, got bool @ flags
dropout(0.5, key(0))(flags)
// meanSquaredError: expected f32, got i32 @ meanSquaredError(zeros([3]))
pipe(counts, meanSquaredError(zeros([3])))
// softmaxCrossEntropy: expected f32, got bool @ flags
softmaxCrossEntropy(counts)(flags)
// classes: expected at least one class, got 0 @ classes(numbers, 0)
dataset(points, classes(numbers, 0))
// classes: expected at least one class, got -3 @ classes(numbers, -3)
dataset(points, classes(numbers, -3))
// classes: expected at least one class, got 2.5 @ classes(numbers, 2.5, [4])
dataset(points, classes(numbers, 2.5, [4]))
// classes: a size must be a whole number, got -1 @ classes(numbers, 2, [4, -1])
dataset(points, classes(numbers, 2, [4, -1]))
// classes: a size is not a literal; write dim('name', n) @ classes(numbers, 2, [n])
dataset(points, classes(numbers, 2, [n]))
