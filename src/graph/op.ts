/**
 * The closed set of operations, and what they make: nodes, and graphs of nodes. Every table over the set is total: a new op does
 * not compile until every room knows it. The three stand in one file, since a loop's op has a graph in its attributes.
 */
import type { Dims, DType, Sizes } from '../../types/dim.ts'

export const unaryOps = ['neg', 'abs', 'sign', 'floor', 'reciprocal', 'sqrt', 'exp', 'log', 'sin', 'cos', 'tanh', 'sigmoid', 'erf'] as const
/** f32 -> f32, an element at a time. `neg`, `abs` and `sign` take i32 too. */
export type UnaryOp = (typeof unaryOps)[number]

export const binaryOps = ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum'] as const
/** Two operands of one shape and one dtype (f32 or i32; `div` of i32 truncates, `pow` is f32 only). */
export type BinaryOp = (typeof binaryOps)[number]

export const bitOps = ['and', 'or', 'xor', 'shiftLeft', 'shiftRight'] as const
/** i32 x i32 -> i32, or bool x bool -> bool for `and`, `or`, `xor`. `shiftRight` brings in zeros. */
export type BitOp = (typeof bitOps)[number]

export const compareOps = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const
/** Two operands of one shape and dtype -> bool. Any comparison with NaN is false, except `notEqual`. */
export type CompareOp = (typeof compareOps)[number]

export const reduceOps = ['sum', 'max', 'min'] as const
export type ReduceOp = (typeof reduceOps)[number]

/** Elements of a captured tensor: f32, i32, or bool as 0 and 1. */
export type Elements = Float32Array | Int32Array | Uint8Array

export type None = Readonly<Record<never, never>>
/** Removes the axes, which ascend. The maximum of nothing is -Infinity. */
export type Axes = { readonly axes: readonly number[] }
/**
 * Windows that slide along `axes`, which ascend; the other lists have one entry for each of them. Element i of window p is
 * element `p * stride + i * dilation - low` of the axis, zero (0, false) where there is none.
 */
export interface Windows extends Axes {
  readonly size: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  /** Elements of the border, before and after. */
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/** What an op knows beside its inputs. Dims that may be names stand under `shape`, and nowhere else. */
export type Attributes = { readonly [O in UnaryOp | BinaryOp | BitOp | CompareOp]: None } & {
  /** A scalar. f64 in the evaluator, rounded to f32 in a program. */
  readonly constant: { readonly value: number; readonly dtype: DType }
  /** Elements that were given; tracing turns it into an input of the graph. */
  readonly data: { readonly values: Elements; readonly shape: Dims; readonly dtype: DType }
  /** An input of the graph. */
  readonly parameter: { readonly name: string; readonly shape: Dims; readonly dtype: DType }
  /** The product of `shape`, an f32 scalar: the count of a mean over a named dim. Binding replaces it by a constant. */
  readonly size: { readonly shape: Dims }
  /** i32: the index along `axis`. */
  readonly iota: { readonly axis: number; readonly shape: Dims }
  /** i32 bits of Threefry-2x32 under the key (i32 [2]): element i is word i % 2 of block (0, i >> 1). */
  readonly random: { readonly shape: Dims }
  /** condition, x, y -> x where the condition holds, else y. */
  readonly select: None
  /** f32 -> i32 truncates and saturates (NaN gives 0); a number is true unless it is 0. */
  readonly cast: { readonly dtype: DType }
  /** The identity, through which no gradient goes. */
  readonly stopGradient: None
  readonly reshape: { readonly shape: Dims }
  /** Axis i of the result is axis `permutation[i]` of the input. */
  readonly permute: { readonly permutation: readonly number[] }
  /** NumPy's alignment: leading axes are added, axes of size 1 are stretched. */
  readonly broadcast: { readonly shape: Dims }
  /** Axis i of the result is `start[i] .. start[i] + shape[i]` of the input. */
  readonly slice: { readonly start: readonly number[]; readonly shape: Dims }
  /** Zeros (0, false) before and after each axis. */
  readonly pad: { readonly low: readonly number[]; readonly high: readonly number[] }
  readonly concat: { readonly axis: number }
  /** The windows' places stand where their axes stood, the elements of a window in axes behind all others. */
  readonly window: Windows
  /** The transpose of `window` over `shape`: elements go back to where they came from, and are added up there. */
  readonly windowTranspose: Windows & { readonly shape: Dims }
} & { readonly [O in ReduceOp]: Axes } & {
  /** i32 index of the first maximum; removes the axis. */
  readonly argmax: { readonly axis: number }
  /** Contraction. Result: batch dims, free dims of x, free dims of y, each in its operand's order. Batch axes lead in both. */
  readonly dot: { readonly batch: number; readonly contract: readonly [x: readonly number[], y: readonly number[]] }
  /** x, i32 indices along `axis` -> `x[..., indices, ...]`: the axis gives way to the indices' axes. What is no index gives 0. */
  readonly gather: {
    readonly axis: number
    /** Each index is a place in a sequence, for which there is a row: binding refuses a longer one, and leaves this out. */
    readonly places?: true
  }
  /**
   * What `gather` is the transpose of. Updates, i32 indices -> zeros of `shape`, to which each update is added at its index,
   * in row-major order of the indices. What is no index is left out.
   */
  readonly scatterAdd: { readonly axis: number; readonly shape: Dims }
  readonly scan: Loop
}
export type Op = keyof Attributes

/**
 * One output of a loop over time, whose other outputs are siblings: nodes of equal inputs and the very same `body`. Inputs:
 * the initial carries, then the sequences, each with `shape`, the length, in front, then constants, which stay the same.
 * The body's inputs are parameters in the same order: the carries, one row of each sequence, the constants. Its outputs: the
 * next carries, then the rows of results.
 */
export interface Loop {
  readonly body: Graph
  readonly carries: number
  readonly sequences: number
  /** The length, which may be a name. */
  readonly shape: Dims
  /** Walk from the last row to the first; row t of the results belongs to row t of the sequences all the same. */
  readonly reverse: boolean
  /** Which output of the body: a final carry, the initial one after no steps, or the rows of a result, stacked in front. */
  readonly output: number
}

export interface NodeOf<O extends Op> {
  readonly op: O
  readonly inputs: readonly Node[]
  readonly attributes: Attributes[O]
  readonly shape: Dims
  readonly dtype: DType
  /** Sizes of the names in its shape and below it, as far as `dim` bound them. */
  readonly sizes: Sizes
  /** A leaf that is not trained. */
  readonly statistic?: true
}
export type Node = { [O in Op]: NodeOf<O> }[Op]

/** The graph of one function. */
export interface Graph {
  /** Every node that an output needs, and every input; operands come before their users. */
  readonly nodes: readonly Node[]
  /** Nodes of op `parameter`, in the order in which values are given. */
  readonly inputs: readonly Node[]
  readonly outputs: readonly Node[]
}
