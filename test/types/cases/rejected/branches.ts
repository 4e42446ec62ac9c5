/** Mistakes in branches. The comments are those of `layers.ts`. */
import { addBranches, block, concatBranches, dense, dim, flatten, input, type Layer, named, pipe, relu, residual, sequential } from 'shapewright'

declare const n: number
declare const text: string
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const untyped: Layer<any>
const list = [dense(8), dense(8)]
const either = n > 3 ? dense(3) : dense(4)
const model = pipe(input([64]), dense(32))

// -- shapes that do not join, at ranks 1, 2 and 4
// addBranches: branch 1 gives [32], branch 2 gives [64] @ addBranches(dense(32), relu)
pipe(input([64]), addBranches(dense(32), relu))
// addBranches: branch 1 gives [8, 32], branch 3 gives [8, 64] @ addBranches(dense(32), dense(32), relu)
pipe(input([8, 64]), addBranches(dense(32), dense(32), relu), dense(10))
// addBranches: branch 1 gives [2, time, 4, 3], branch 2 gives [2, time, 4, 5] @ addBranches(relu, dense(5))
pipe(input([2, 'time', 4, 3]), addBranches(relu, dense(5)))
// addBranches: branch 1 gives [12], branch 2 gives [4, 3] @ addBranches(flatten, relu)
sequential(input([4, 3]), addBranches(flatten, relu))
// concatBranches: [8, 32] and [512] differ outside the last axis @ concatBranches(dense(32), flatten)
pipe(input([8, 64]), concatBranches(dense(32), flatten))
// concatBranches: [4, 3] and [12] differ outside the last axis @ concatBranches(relu, dense(2), flatten)
pipe(input([4, 3]), concatBranches(relu, dense(2), flatten))
// concatBranches: needs rank >= 1, got [] @ concatBranches(relu, relu)
pipe(input([]), concatBranches(relu, relu))
// concatBranches: the last axis of [hidden] is named, and a sum of names has no size @ concatBranches(relu, dense(dim('hidden', n)))
pipe(input([64]), concatBranches(relu, dense(dim('hidden', n))))
// concatBranches: the last axis of [7, hidden] is named, and a sum of names has no size @ concatBranches(dense(dim('hidden', n)), relu)
pipe(input([7, 64]), concatBranches(dense(dim('hidden', n)), relu))
// addBranches: branch 1 gives [hidden], branch 2 gives [other] @ addBranches(dense(dim('hidden', n)), dense(dim('other', n)))
pipe(input([64]), addBranches(dense(dim('hidden', n)), dense(dim('other', n))))
// dense: expected last dim 50, got 48 @ dense(50, 10)
pipe(input([64]), concatBranches(dense(32), dense(16)), dense(50, 10))
// residual: the block maps [64] to [128] @ residual(concatBranches(relu, relu))
pipe(input([64]), residual(concatBranches(relu, relu)))

// -- a mistake inside a branch is told once, in its own words
// dense: expected last dim 64, got 32 @ concatBranches(dense(64, 8), relu)
pipe(input([32]), concatBranches(dense(64, 8), relu))
// dense: expected last dim 64, got 32 @ addBranches(relu, block(relu, dense(64, 32)))
sequential(input([32]), relu, addBranches(relu, block(relu, dense(64, 32))))
// residual: the block maps [32] to [8] @ block(concatBranches(relu, residual(dense(8))))
pipe(input([32]), block(concatBranches(relu, residual(dense(8)))))
// dense: expected f32, got i32 @ concatBranches(dense(3), dense(4))
pipe(input(['time'], 'i32'), concatBranches(dense(3), dense(4)))
// dense: a size must be a whole number, got -5 @ addBranches(dense(-5), relu)
pipe(input([3]), addBranches(dense(-5), relu))
// dense: the size is not a literal; write dense(dim('name', n)) @ concatBranches(dense(n), relu)
pipe(input([3]), concatBranches(dense(n), relu))
// dense: the name is not a literal @ concatBranches(dense(3, text), relu)
pipe(input([3]), concatBranches(dense(3, text), relu))

// -- where branches are made: sizes, names
// dense: expected last dim 63, got 64 @ dense(63, 8)
concatBranches(dense(64, 32), dense(63, 8))
// dense: expected last dim 63, got 64 @ block(dense(63, 8), relu)
addBranches(relu, dense(64, 8), block(dense(63, 8), relu))
// dense: expected last dim 63, got 64 @ dense(63, 8)
pipe(input([64]), addBranches(dense(64, 8), dense(63, 8)), dense(99, 2))
// dense: expected last dim 5, got 4 @ dense(5, 6)
pipe(input([64]), concatBranches(relu, block(dense(3, 4), dense(5, 6))), dense(99, 2))
// dense: expected last dim 8, got 9 @ dense(8, 2)
block(concatBranches(dense(3, 4), dense(3, 5)), dense(8, 2))
// dense: the name 'a' is already used @ dense(3, 'a')
concatBranches(dense(4, 'a'), relu, dense(3, 'a'))
// block: the name 'a' is already used @ named('a')(block(relu))
pipe(input([3]), addBranches(dense(3, 'a'), named('a')(block(relu))))
// concatBranches: the name 'x' is already used @ named('x')(concatBranches(relu))
pipe(input([3]), dense(3, 'x'), named('x')(concatBranches(relu)))
// addBranches: the name is not a literal @ named(text)(addBranches(relu))
pipe(input([3]), named(text)(addBranches(relu)))
// addBranches: a name must not be empty, a number, or have a dot, got 'a.b' @ named('a.b')(addBranches(relu))
pipe(input([3]), named('a.b')(addBranches(relu)))

// -- what are no branches
// concatBranches: expected at least one branch @ concatBranches()
pipe(input([3]), concatBranches())
// addBranches: expected at least one branch @ addBranches()
sequential(input([3]), addBranches())
// concatBranches: the number of branches is not known @ ...list
pipe(input([3]), concatBranches(...list))
// addBranches: the number of branches is not known @ ...list
addBranches(relu, ...list)
// layer: its type is any or a union, so its shape is not known @ either
concatBranches(either, relu)
// layer: its type is any or a union, so its shape is not known @ untyped
pipe(input([3]), addBranches(relu, untyped))
// concatBranches: expected a layer @ model
concatBranches(relu, model)
// addBranches: expected a layer @ 5
addBranches(relu, 5)
// concatBranches: expected a layer @ () => relu
concatBranches(() => relu)
// concatBranches: this layer extends a model @ concatBranches(relu)
pipe(model.apply(null as never, null as never), concatBranches(relu))
