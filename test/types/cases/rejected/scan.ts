/**
 * Mistakes in loops over time. Above each statement stands the sentence that every compiler ends its error with and, after `@`,
 * the text under the squiggle; `~`: the words are TypeScript's own, or a second error follows from the first.
 */
import { add, cast, concat, type Dim, iota, matmul, pipe, scalar, scan, sum, type Tensor, zeros } from 'shapewright'

const state = zeros([32, 8])
const xs = zeros([28, 32, 8])
declare const unlike: Tensor<[1013, 8]> | Tensor<[1014, 8]>

// scan: the next carry is [32], the step takes [32, 8] @ pipe(add(h, x), sum(1))
scan((h, x) => [pipe(add(h, x), sum(1)), null], state, xs)
// scan: the next carry is [64, 8], the step takes [32, 8] @ concat([h, x])
scan((h, x) => [concat([h, x]), x], state, xs)
// scan: the next carry is i32 [32, 8], the step takes [32, 8] @ cast('i32')(h)
scan((h) => [cast('i32')(h), null], state, xs)
// scan: the next carry is [], the step takes [2, 3, 4, 5] @ scalar(0)
scan(() => [scalar(0), null], zeros([2, 3, 4, 5]), xs)
// scan: the next carry is [time, 8], the step takes [batch, 8] @ x
scan((_, x) => [x, null], zeros(['batch', 8]), zeros([5, 'time', 8]))
// scan: the next carry.c is [32], the step takes [32, 8] @ c
scan(({ h, c }) => [{ h, c: sum(1)(c) }, null], { h: state, c: state }, xs)
// scan: the next carry.c is missing @ { h }
scan(({ h }) => [{ h }, null], { h: state, c: state }, xs)
// scan: the next carry is no list of 2 @ [h]
scan(([h]) => [[h], null], [state, state], xs)
// scan: the next carry is a tensor, the step takes several there @ h
scan(([h]) => [h, null], [state, state], xs)
// scan: the next carry is no tensor, the step takes [32, 8] @ { h }
scan((h) => [{ h }, null], state, xs)
// scan: the step must give [next carry, result] @ add(h, x)
scan((h, x) => add(h, x), state, xs)
// scan: the step must give [next carry, result] @ [h]
scan((h) => [h], state, xs)
// scan: the step must give [next carry, result] @ [h, h, h]
scan((h) => [h, h, h], state, xs)
// scan: the step must give [next carry, result] @ ({ h })
scan((h) => ({ h }), state, xs)
// scan: the sequences are of different lengths @ { x: xs, i: iota([27]) }
scan((h, { x }) => [add(h, x), null], state, { x: xs, i: iota([27]) })
// scan: the sequences are of different lengths @ { xs, ys: zeros(['time', 2]) }
scan((h) => [h, null], state, { xs, ys: zeros(['time', 2]) })
// scan: the sequences are of different lengths @ unlike
scan((h) => [h, null], state, unlike)
// scan: a sequence is a scalar; rows lie along a first axis @ scalar(1)
scan((h) => [h, null], state, scalar(1))
// scan: a sequence is a scalar; rows lie along a first axis @ { xs, factor: scalar(1) }
scan((h) => [h, null], state, { xs, factor: scalar(1) })
// scan: there is no sequence; write iota([n]) for n steps @ {}
scan((h) => [h, null], state, {})
// scan: there is no sequence; write iota([n]) for n steps @ 28
scan((h) => [h, null], state, 28)
// scan: there is no sequence; write iota([n]) for n steps @ null
scan((h) => [h, null], state, null)
// matmul: [32, 8] x [9, 8]: expected last dim 9, got 8 @ zeros([9, 8])
scan((h) => [matmul(h, zeros([9, 8])), null], state, xs)
// ~ Did you mean to write 'reverse'? @ revers
scan((h) => [h, null], state, xs, { revers: true })

// scan: the sequences are of different lengths @ { rows, i: iota([6]) }
export const helper = <B extends Dim>(h: Tensor<[B, 8]>, rows: Tensor<[5, B, 8]>) =>
  scan((state) => [state, null], h, { rows, i: iota([6]) })
// scan: the sequences are of different lengths @ [xs, iota([27])]
scan((h, [x]) => [add(h, x), null], state, [xs, iota([27])])
