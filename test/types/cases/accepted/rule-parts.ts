/** The rules that came later, by themselves, where a program would show only one of their branches. */
import { type Conv1dParams, type Conv2dParams, classes, type Dim, dim, type Key, maxPool1d, maxPool2d, type Model, type Operation, reshape, type Sgd, type SgdState, stack, type Tensor, type Trained, zeros } from 'shapewright'
import * as ops from 'shapewright/ops'
import type { Samples } from '../../../../src/data/samples.ts'
import type { Refusal } from '../../../../src/tensor/size.ts'
import type { Convolve1d, Convolve2d, RefusedConvolution } from '../../../../src/tensor/convolution.ts'
import type { Continued } from '../../../../types/from.ts'
import type { DeclaredFault } from '../../../../types/block.ts'
import type { AddBranches, ConcatBranches, JoinedShape } from '../../../../types/branches.ts'
import type { CompileOptions } from '../../../../types/compile.ts'
import type { ComposeMessage } from '../../../../types/compose.ts'
import type * as conv from '../../../../types/convolution.ts'
import type { SampleFault, TargetFault } from '../../../../types/fit.ts'
import type { Reported, ShapeFault } from '../../../../types/layer.ts'
import type { Typed } from '../../../../types/model.ts'
import type { Named } from '../../../../types/named.ts'
import type * as pool from '../../../../types/pool.ts'
import type { ReduceFn } from '../../../../types/rearrange.ts'
import type { Borders1d, Borders2d, Places } from '../../../../types/window.ts'
import type { CountMessage, OptionOf, PaddingMessage } from '../../../../types/window-options.ts'
import type { Counts } from '../../../../types/reshape.ts'
import type { Residual } from '../../../../types/residual.ts'
import type { SplitShapes } from '../../../../types/split.ts'
import type { TileShape } from '../../../../types/tile.ts'
import type { Told } from '../../../../types/shape-error.ts'
import type { Show } from '../../../../types/show.ts'
import type { DimFault, SizeFault } from '../../../../types/size.ts'
import { type Eq, is } from '../eq.ts'

declare const labels: number[]
declare const text: string
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
type Any = any

// -- places
type Words = { op: 'conv1d'; what: 'kernel'; size: 3; whole: 'sequence'; shape: [8, 1] }
type Long = 'conv1d: windows over [8, 1] reach 2^53 elements or more'
is<Eq<[Places<[8], [3], [1], [1], [readonly [9007199254740991, 1]], Words>, Places<[8], [3], [1], [1], [readonly [1, 2]], Words>], [Long, [9]]>>()
is<Eq<Places<[8], [9007199254740991], [1], [9007199254740991], ['valid'], Words>, Long>>()
is<Eq<[Borders1d<2>, Borders1d<readonly [1, 2]>, Borders1d<'same'>], [[[2, 2]], [readonly [1, 2]], ['same']]>>()
is<Eq<[Borders2d<2>, Borders2d<readonly [readonly [1, 2], readonly [3, 4]]>], [[[2, 2], [2, 2]], readonly [readonly [1, 2], readonly [3, 4]]]>>()
is<Eq<Borders2d<'same'>, ['same', 'same']>>()

// -- options
is<Eq<[OptionOf<{ a: 2 }, 'a', 1, number>, OptionOf<{ a?: 2 }, 'a', 1, number>, OptionOf<{ b: 2 }, 'a', 1, number>], [2, number, 1]>>()
is<Eq<[conv.StrideOf<{}>, conv.PaddingOf<{}>, conv.DilationOf<{}>, conv.GroupsOf<{}>], [1, 'valid', 1, 1]>>()
is<Eq<[conv.StrideOf<{ stride?: 2 }>, conv.PaddingOf<{ padding?: 2 }>], [number, string]>>()
is<Eq<[conv.DilationOf<{ dilation?: 2 }>, conv.GroupsOf<{ groups?: 2 }>], [number, number]>>()
is<Eq<[pool.StrideOf<{}, 3>, pool.PaddingOf<{}>, pool.StrideOf<{ stride?: 2 }, 3>, pool.PaddingOf<{ padding?: 2 }>], [3, 'valid', number, string]>>()
type Kernel<V> = CountMessage<'conv2d', 'kernel', V>
is<Eq<[Kernel<3>, Kernel<readonly [1, 3]>], [null, null]>>()
is<Eq<[Kernel<readonly [0, 3]>, Kernel<readonly [3, 0]>], Two<'conv2d: kernel must be a whole number, at least 1, got 0'>>>()
is<Eq<[Kernel<readonly number[]>, Kernel<readonly [1, 2, 3]>], Two<'conv2d: kernel is not a literal'>>>()
type Padding<V> = PaddingMessage<'conv2d', V>
is<Eq<[Padding<'same'>, Padding<'valid'>, Padding<2>, Padding<readonly [0, 1]>, Padding<readonly [readonly [0, 1], readonly [2, 3]]>], [null, null, null, null, null]>>()
is<Eq<[Padding<readonly [-1, 0]>, Padding<readonly [0, -1]>], Two<"conv2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got -1">>>()
is<Eq<[Padding<readonly number[]>, Padding<string>], Two<'conv2d: padding is not a literal'>>>()
type Pooled<P> = pool.PoolMessage<'maxPool1d', 2, { padding: P }, 'padding', [P], [2]>
is<Eq<[Pooled<readonly [1, 1]>, Pooled<'same'>], [null, null]>>()
is<Eq<[Pooled<readonly [2, 0]>, Pooled<readonly [0, 2]>], Two<'maxPool1d: padding 2 is not smaller than the window 2'>>>()
type Layer<O extends { readonly filters: unknown; readonly kernel: unknown }> = conv.ConvMessage<'conv2d', O, 'filters' | 'kernel' | 'groups'>
is<Eq<[Layer<{ filters: 8; kernel: 3 }>, Layer<{ filters: -1; kernel: 3; strides: 2 }>], [null, "conv2d: there is no option 'strides'"]>>()
type Two<T> = [T, T]

// -- weights
is<Eq<[Conv1dParams<3, 2, 8>['weight'], Conv1dParams<3, 2, 8>['bias']], [Tensor<[3, 2, 8]>, Tensor<[8]>]>>()
is<Eq<[Conv2dParams<3, 5, 2, 8>['weight'], Conv2dParams<3, 5, 2, 8>['bias']], [Tensor<[3, 5, 2, 8]>, Tensor<[8]>]>>()

export const channelled = <C extends Dim>(x: Tensor<[9, C]>, w: Tensor<[3, C, 8]>): Tensor<[7, 8]> => ops.conv1d(w)(x)

// -- branches
is<Eq<[JoinedShape<'concatBranches', [[], [2]]>, JoinedShape<'concatBranches', [[2], []]>], Two<'concatBranches: needs rank >= 1, got []'>>>()
is<Eq<[AddBranches<[{ from: [3] }]>['from'], ConcatBranches<[unknown, { from: [3] }]>['from'], AddBranches<[unknown]>['from']], [[3], [3], null]>>()

// -- what a reduction is not
type Median<Notation extends 'out' | 'wholeOut'> = (ReduceFn<'a b -> a', 'median', {}> & { in: [2, 3]; whole: [2, 3] })[Notation]
is<Eq<[Median<'out'>, Median<'wholeOut'>], Two<"reduce: expected sum, mean, max or min, got 'median'">>>()

// -- products that are too long to count
is<Eq<[Counts<[4], [9007199254740991, 2]>, Counts<[9007199254740991, 2], [4]>, Counts<[8], [4]>], [null, null, [2, []]]>>()

// -- sizes and names
type Branded = number & { readonly brand: 1 }
is<Eq<[SizeFault<`a${string}`>, SizeFault<Branded>, SizeFault<number>, SizeFault<string>], ['wide', 'wide', 'wide', 'wide']>>()
is<Eq<[SizeFault<-1e21>, SizeFault<-1.5>, SizeFault<1e999>, SizeFault<1e21>, SizeFault<1e-7>], ['bad', 'bad', 'large', 'large', 'bad']>>()
is<Eq<[DimFault<'02*b'>, DimFault<'1.5*b'>, DimFault<'1*b'>, DimFault<'2*'>, DimFault<'2*b*3'>, DimFault<'2*b'>], ['product', 'product', 'product', 'product', 'product', null]>>()
is<Eq<[DimFault<'a*3*b'>, DimFault<'a**b'>, DimFault<'2*3*b'>, DimFault<'a*b'>], ['product', 'product', 'product', null]>>()
is<Eq<Show<[1, ...number[]]>, '[1, ...?]'>>()

// -- layers and models
type Tokens = { in: unknown; kind: 'tokens'; out: [2]; params: null; takes: 'i32' }
is<Eq<[ShapeFault<Tokens, Reported>, ShapeFault<Tokens, [2]>], [null, 'tokens: expected i32, got f32']>>()
type Composed<D> = ComposeMessage<Typed<['t'], 'i32'>, ['t'], D>
is<Eq<[Composed<'i32'>, Composed<'f32'>], [null, 'compose: the first model gives i32 [t], the second takes [t]']>>()
export const refused = [ops.conv1d(zeros([3, 1, 8]), { stride: 0 }), ops.conv2d(zeros([3, 3, 1, 8]), { groups: 0 })] as const
is<Eq<(typeof refused)[0], RefusedConvolution<'conv1d: stride must be a whole number, at least 1, got 0'>>>()
is<Eq<(typeof refused)[1], RefusedConvolution<'conv2d: groups must be a whole number, at least 1, got 0'>>>()

is<Eq<[Residual<{ in: unknown; kind: 'f'; out: [3]; params: null; from: [3] }>['from'], Residual<Tokens>['from']], [[3], null]>>()

is<Eq<Named<Tokens & { label: 'a'; from: [3] }, 'b'>['from' & keyof Named<Tokens & { label: 'a'; from: [3] }, 'b'>], [3]>>()

// -- what a model is trained on
type Open = 'fit: the shape that the model gives is not known'
is<Eq<[SampleFault<'fit', [2], Any, [3]>, TargetFault<'fit', 'loss', Any, [2], [3]>], [Open, Open]>>()
is<Eq<SampleFault<'fit', [2], 'told', [3]>, 'told'>>()
is<Eq<TargetFault<'fit', 'loss', 'told', [2], [3]>, 'told'>>()
is<Eq<[TargetFault<'fit', 'loss', Reported, [2], [3]>, TargetFault<'fit', 'loss', [2], never, [3]>, TargetFault<'fit', 'loss', [2], [2], unknown>], [null, null, null]>>()
is<Eq<TargetFault<'fit', 'loss', [2], [2], Any>, null>>()

// -- names that a state has bound
type State = { readonly w: readonly [Tensor<['n', 2]>] }
type Bindable<X> = CompileOptions<(state: State, x: X) => readonly [State, X], [], State, {}>
is<Eq<[{} extends Pick<Bindable<Tensor<['n']>>, 'bind'> ? 1 : 0, {} extends Pick<Bindable<Tensor<['m']>>, 'bind'> ? 1 : 0], [1, 0]>>()

// -- what an earlier run ended with
type Weights<N> = { readonly w: Tensor<[N]> }
type Before<N, O> = { readonly params: Weights<N>; readonly optimizer: O; readonly key: Key; readonly epoch: 1; readonly history: [] }
type Ended<N, O, Q = unknown> = Continued<Before<N, O>, Trained<Model<[2], [2], Weights<4>>, Sgd>, Q>
is<Eq<Ended<3, SgdState>['params' & keyof Ended<3, SgdState>], { readonly w: 'fit: from.params.w is [3], the model has [4]' }>>()
is<Eq<Ended<3, Tensor<[]>>['optimizer' & keyof Ended<3, Tensor<[]>>], 'fit: from.optimizer is a tensor, the optimizer has several there'>>()
type Whole = Trained<Model<[2], [2], Weights<4>>, Sgd>
is<Eq<[Continued<Whole, Whole, Weights<4> | undefined>, Continued<Whole, Whole, Any>], [Whole, Whole]>>()
is<Eq<Continued<undefined, Whole, Weights<4>>, undefined>>()

// -- names and sizes
export const names = [dim('a*b', 2), dim('7', 2), dim(text, 2)] as const
is<Eq<(typeof names)[0], Refusal<"dim: expected one name, which is no number, got 'a*b'">>>()
is<Eq<(typeof names)[1], Refusal<"dim: expected one name, which is no number, got '7'">>>()
is<Eq<(typeof names)[2], Refusal<'dim: the name is not a literal'>>>()
export const reshaped = reshape([dim('n', 2), 3])(zeros([dim('n', 2), 3, 1]))
is<Eq<typeof reshaped, Tensor<['n', 3]>>>()
export const counts = [classes(labels, 9007199254740992), classes(labels, -1), classes(labels, 0)] as const
is<Eq<(typeof counts)[0], Samples<'classes: expected at least one class, got 9007199254740992'>>>()
is<Eq<(typeof counts)[1], Samples<'classes: expected at least one class, got -1'>>>()
is<Eq<(typeof counts)[2], Samples<'classes: expected at least one class, got 0'>>>()

// -- what a declared shape says, with and without one more dim before it
type Image = conv.Conv2d<8, 3, 1, 'valid', 1, 1>
is<Eq<DeclaredFault<'block', Image, [[28, 28], [2, 28, 28]]>, null>>()

// -- names, sizes and what is told of what is not even a tensor
is<Eq<Named<Tokens, 'b'>, Tokens & { label: 'b' }>>()
is<Eq<[SizeFault<1e309>, SizeFault<1e30>], ['large', 'large']>>()
is<Eq<[Told<'neg: no', { readonly dtype: Any }>, Told<'neg: no', { readonly dtype: unknown }>], ['neg: no', 'neg: expected a tensor']>>()
is<Eq<[TileShape<[4, 5, 6], [3]>, TileShape<['n', 5], [2]>, TileShape<[4], [2, 3, 1]>], [[4, 5, 18], ['n', 10], [2, 3, 4]]>>()
is<Eq<SplitShapes<[1026], 513, 0>, 'split: the number of parts must be from 1 to 512, got 513'>>()
is<Eq<SplitShapes<[8, 'n'], 2, 1>, 'split: axis 1 of [8, n] is named, and a part of a name has no size'>>()

// -- a list without an end stays a refusal until it is used
declare const several: Tensor<[3]>[]
is<Eq<typeof stacked, Refusal<'stack: the number of tensors is not known'>>>()
export const stacked = stack(several)

// -- windows and kernels without options
export const [halves, quarters, slid, swept] = [maxPool1d(2), maxPool2d(2), ops.conv1d(zeros([3, 2, 8])), ops.conv2d(zeros([3, 3, 2, 8]))] as const
is<Eq<typeof halves, Operation<pool.Pool1d<'maxPool1d', 2, 2, 'valid'>>>>()
is<Eq<typeof quarters, Operation<pool.Pool2d<'maxPool2d', 2, 2, 'valid'>>>>()
is<Eq<typeof slid, Convolve1d<[3, 2, 8], 1, 'valid', 1, 1>>>()
is<Eq<typeof swept, Convolve2d<[3, 3, 2, 8], 1, 'valid', 1, 1>>>()
