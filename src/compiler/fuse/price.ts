/**
 * What fusion costs, in bytes moved: the one place where it is decided whether a value is kept in memory or computed again, and
 * which kernels are worth being one. Contractions are never computed twice, so they are not priced.
 */
import type { Op } from '../../graph/op.ts'

/**
 * What a simple vector operation on one element weighs, in bytes. Measured: a loop over buffers in the second cache moves 28
 * bytes a nanosecond, and the polynomial of exp takes 0.9 nanoseconds for its 20 operations on an element.
 */
const bytesPerOperation = 1
/** Floats, integers and bools alike. */
const bytesPerElement = 4

/** A value that several kernels want, for one of its elements. */
export interface Wanted {
  /** Operations that make it from what is in memory. */
  readonly operations: number
  /** Elements in memory that it is made from. */
  readonly loads: number
  /** For each reader, how many elements it sees for one of the value: more than 1 where it is stretched. */
  readonly readers: readonly number[]
}
/** Made once, written once, read by all. */
export const bytesToKeep = ({ operations, loads, readers }: Wanted): number =>
  bytesPerOperation * operations + bytesPerElement * (loads + 1 + sum(readers))
/** Made by every reader, from what lies in memory. */
export const bytesToRecompute = ({ operations, loads, readers }: Wanted): number =>
  (bytesPerOperation * operations + bytesPerElement * loads) * sum(readers)

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** Streams of one loop beyond which it outgrows registers and write-combining: a merged loop would move as many bytes, slower. */
export const mostStreams = 16
/**
 * Full-size operands that an epilogue of a contraction may read. It saves writing and reading the product, 8 bytes an element, but
 * comes between the tiles: measured, from two operands on (momentum, Adam) a pass of its own is as fast or faster.
 */
export const mostEpilogueLoads = 1
/** Elements of a row up to which phases gain by being run row by row: rows of a few buffers stay in the first cache. */
export const longestRow = 4096
/**
 * Points of a kernel that is hardly more than a call of it, and not worth dividing among threads: two of them are run as one.
 * A call takes as long as 100 bytes moved, a barrier between threads as long as 3000.
 */
export const fewPoints = 256

/** Work for one element, in simple vector operations (counted in the emitted code, rounded; divisions as long as they take). */
export const work: { readonly [O in Op]: number } = {
  constant: 0,
  data: 0,
  parameter: 0,
  size: 0,
  iota: 1,
  random: 90,
  neg: 1,
  abs: 1,
  sign: 3,
  floor: 1,
  reciprocal: 6,
  sqrt: 8,
  exp: 20,
  log: 25,
  sin: 30,
  cos: 30,
  tanh: 30,
  sigmoid: 28,
  erf: 40,
  add: 1,
  sub: 1,
  mul: 1,
  div: 6,
  pow: 80,
  maximum: 2,
  minimum: 2,
  and: 1,
  or: 1,
  xor: 1,
  shiftLeft: 1,
  shiftRight: 1,
  equal: 1,
  notEqual: 1,
  less: 1,
  lessEqual: 1,
  greater: 1,
  greaterEqual: 1,
  select: 1,
  cast: 1,
  stopGradient: 0,
  reshape: 0,
  permute: 0,
  broadcast: 0,
  slice: 0,
  pad: 0,
  concat: 0,
  window: 0,
  windowTranspose: 0,
  sum: 0,
  max: 0,
  min: 0,
  argmax: 0,
  dot: 0,
  gather: 4,
  scatterAdd: 0,
  scan: 0,
}
