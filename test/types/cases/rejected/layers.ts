/**
 * Mistakes in models. Above each statement stands the sentence that every compiler ends its error with and, after `@`,
 * the text under the squiggle; `~`: the words are TypeScript's own, or a second error follows from the first.
 */
import {
  type BoundDim,
  block,
  compose,
  dense,
  dim,
  dropout,
  input,
  type Model,
  named,
  type Params,
  pipe,
  relu,
  residual,
  sequential,
  softmax,
  type Tensor,
} from 'shapewright'
import { classifier, initial } from '../accepted/classifier.ts'

declare const hidden: Tensor<['batch', 256]>
declare const wrongRows: Tensor<['batch', 783]>
declare const n: number
declare const text: string
declare const three: 3 | 4
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any

// -- shapes that do not fit
// dense: expected last dim 128, got 256 @ dense(128, 10)
pipe(input([784]), dense(784, 256), dense(128, 10))
// dense: expected last dim 128, got 256 @ dense(128, 10)
sequential(input([784]), dense(784, 256), relu, dense(128, 10), relu)
// dense: expected last dim 31, got 32 @ dense(31, 8)
block(dense(64, 32), relu, dense(31, 8))
// dense: expected last dim 64, got 32 @ block(dense(64, 32), relu, dense(32, 8))
pipe(input([32]), block(dense(64, 32), relu, dense(32, 8)))
// residual: the block maps [64] to [32] @ residual(dense(32))
pipe(input([64]), residual(dense(32)))
// residual: the block maps [64] to [10] @ residual(block(dense(128), relu, dense(10)))
pipe(input([64]), residual(block(dense(128), relu, dense(10))))
// dense: expected last dim 784, got hidden @ dense(784, 10)
pipe(input([784]), dense(dim('hidden', n)), dense(784, 10))
// dense: expected last dim 784, got hidden @ dense(784, 10)
pipe(input([784]), block(dense(dim('hidden', n)), relu), dense(784, 10))
// softmax: in a model the axis counts from the end, as -1; got 0 @ softmax(0)
pipe(input([10]), softmax(0))
// compose: the first model gives [10], the second takes [12] @ pipe(input([12]), dense(2))
compose(classifier, pipe(input([12]), dense(2)))

// -- names
// dense: the name 'fc' is already used @ dense(8, 'fc')
pipe(input([8]), dense(8, 'fc'), relu, dense(8, 'fc'))
// block: the name 'fc' is already used @ named('fc')(block(dense(8), relu))
pipe(input([8]), dense(8, 'fc'), named('fc')(block(dense(8), relu)))
// dense: the name is not a literal @ dense(10, text)
pipe(input([8]), dense(10, text))

// -- a layer on a tensor, and the reverse
// dense: this layer extends a model @ dense(10)
pipe(hidden, dense(10))
// dropout: on a tensor it needs a key; write dropout(rate, key) @ dropout(0.5)
pipe(hidden, dropout(0.5))
// apply: the model takes samples of [784], x is [batch, 783] @ wrongRows
classifier.apply(initial.params, wrongRows)
// ~ is not assignable @ wrongClasses
export const wrongClasses: Model<[784], [12], Params<typeof classifier>> = classifier

// -- sizes that are not literal, or no sizes
// dense: the size is not a literal; write dense(dim('name', n)) @ dense(n)
pipe(input([784]), dense(n), relu, dense(10))
// dense: the size is not a literal; write dense(dim('name', n)) @ dense(three)
pipe(input([784]), dense(three), relu, dense(10))
// dense: the size is not a literal; write dense(dim('name', n)) @ dense(anything)
pipe(input([784]), dense(anything), relu, dense(10))
// dense: the size is not a literal; write dense(dim('name', n)) @ dense(784, n)
pipe(input([784]), dense(784, n), relu, dense(10))
// dense: a size must be a whole number, got -5 @ dense(-5)
sequential(input([784]), dense(-5), relu)
// dense: a size must be a whole number, got 2.5 @ dense(2.5)
pipe(input([784]), dense(2.5))
// input: a size is not a literal; write dim('name', n) @ dense(10)
pipe(input([n]), dense(10))
// input: a size is not a literal; write dim('name', n) @ relu
pipe(input([three]), relu, dense(10))
// input: the last dim time has no size; write dim('time', n) @ dense(10)
pipe(input([4, 'time']), dense(10))
// ~ dim: the name is not a literal @ dim(text, n)
pipe(input([8]), dense(dim(text, n)))
declare const open: BoundDim<string>
// dense: the size is not a literal; write dense(dim('name', n)) @ dense(open)
pipe(input([8]), dense(open))
