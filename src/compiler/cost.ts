/** What one run of a kernel costs whatever the host: arithmetic, and the memory that it touches. Computed from laid kernels alone. */
import { type Body, type BufferId, type ElementOp, elementBytes, type Instruction, inputsOf, product, type View } from './kernel.ts'
import type { LaidContract, LaidKernel, LaidLoop } from './layout/laid.ts'
import type { EntryBuffers } from './plan.ts'
import { timesOf } from './regions.ts'

export interface Cost {
  /** Operations on floats that the emitted code does for the elements that count; a multiply-add is two. */
  readonly flops: number
  /** Operations on integers likewise: counters, indices, random bits. Addresses and masks count nothing. */
  readonly integerOps: number
  /** Distinct bytes, however often they are read. What data choose (a gather) counts as often as it is read. */
  readonly bytesRead: number
  readonly bytesWritten: number
}

/** A multiply-add for each m, n and k, and the epilogue; or every body as often as its values change. Panels stay in cache and are free. */
export const costOf = (kernel: LaidKernel): Cost => {
  const parts = kernel.kind === 'contract' ? contractParts(kernel) : kernel.phases.flatMap((phase) => phaseParts(kernel, phase))
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0)
  return {
    flops: sum(({ flops }) => flops),
    integerOps: sum(({ integerOps }) => integerOps),
    bytesRead: distinct(parts.flatMap(({ reads }) => reads)) + sum(({ gathered }) => gathered),
    bytesWritten: distinct(parts.flatMap(({ writes }) => writes)) + sum(({ scattered }) => scattered),
  }
}

/** What a kernel costs in a step: as often as its loops over time run it, each time with the bytes that it touches then. */
export const costIn = ({ kernels, regions }: Pick<EntryBuffers, 'kernels' | 'regions'>, at: number): Cost => {
  const { flops, integerOps, bytesRead, bytesWritten } = costOf(kernels[at] as LaidKernel)
  const times = timesOf(regions, at)
  return { flops: times * flops, integerOps: times * integerOps, bytesRead: times * bytesRead, bytesWritten: times * bytesWritten }
}

/**
 * Operations on floats for one element, as the vector math writes them: polynomials term by term, and two halves in f64 where
 * it needs them. A test counts the emitted instructions.
 */
export const flopsOfOp: Readonly<Record<ElementOp, number>> = {
  neg: 1,
  abs: 0,
  sign: 1,
  floor: 1,
  reciprocal: 1,
  sqrt: 1,
  exp: 23,
  log: 20,
  sin: 27,
  cos: 27,
  tanh: 22,
  sigmoid: 26,
  erf: 36,
  add: 1,
  sub: 1,
  mul: 1,
  multiplyAdd: 2,
  div: 1,
  pow: 36,
  maximum: 2,
  minimum: 2,
  and: 0,
  or: 0,
  xor: 0,
  shiftLeft: 0,
  shiftRight: 0,
  equal: 0,
  notEqual: 0,
  less: 0,
  lessEqual: 0,
  greater: 0,
  greaterEqual: 0,
  select: 0,
  cast: 0,
}
/** Integer operations for one random word: two are enciphered at once, and one of them is kept. */
export const integersOfRandom = 122

/** A body with its space: what it does and where. */
interface Part {
  readonly flops: number
  readonly integerOps: number
  readonly reads: readonly Region[]
  readonly writes: readonly Region[]
  /** Bytes at places that data choose. */
  readonly gathered: number
  readonly scattered: number
}
interface Region {
  readonly view: View
  readonly extents: readonly number[]
}

const contractParts = (k: LaidContract): readonly Part[] => {
  const points = product([...k.batch, k.m, k.n])
  const work = 2 * points * k.k
  const products: Part = {
    ...nothing,
    flops: k.dtype === 'f32' ? work : 0,
    integerOps: k.dtype === 'f32' ? 0 : work,
    reads: points === 0 ? [] : [region(k.x, [...k.batch, k.m, ...k.kAxes]), region(k.y, [...k.batch, k.n, ...k.kAxes])],
  }
  return [products, bodyPart(k.after, [...k.batch, k.m, k.n])]
}
const phaseParts = (k: LaidLoop, { inner, body, accumulate, after }: LaidLoop['phases'][number]): readonly Part[] => {
  const space = [...k.outer, ...inner]
  const floats = accumulate.filter(({ dtype }) => dtype === 'f32').length
  const points = product(space)
  const sums: Part = { ...nothing, flops: floats * points, integerOps: (accumulate.length - floats) * points }
  return [bodyPart(body, space), sums, bodyPart(after, k.outer)]
}
const nothing: Part = { flops: 0, integerOps: 0, reads: [], writes: [], gathered: 0, scattered: 0 }

/** Each instruction runs where the last axis that it depends on turns: what does not change further in is computed before. */
const bodyPart = ({ instructions, stores }: Body, space: readonly number[]): Part => {
  if (stores.length === 0 && instructions.length === 0) return nothing
  const depths: number[] = []
  let [flops, integerOps, gathered] = [0, 0, 0]
  for (const i of instructions) {
    const depth = Math.max(ownDepth(i, space.length), ...inputsOf(i).map((input) => depths[input] as number))
    depths.push(depth)
    const times = product(space.slice(0, depth))
    if (i.op === 'gather') gathered += elementBytes(i.view) * times
    if (i.op === 'random') integerOps += integersOfRandom * times
    if (i.op !== 'apply') continue
    if (i.dtype === 'f32') flops += flopsOfOp[i.apply] * times
    else if (i.dtype === 'i32') integerOps += times
  }
  const direct = stores.filter(({ addAt }) => addAt === undefined)
  const scattered = (stores.length - direct.length) * product(space)
  return {
    flops: flops + scattered,
    integerOps,
    reads: instructions.flatMap((i) => (i.op === 'load' ? [region(i.view, space)] : [])),
    writes: direct.map(({ view }) => region(view, space)),
    gathered: gathered + 4 * scattered,
    scattered: 4 * scattered,
  }
}
/** Axes up to the last one that an instruction itself turns with. */
const ownDepth = (i: Instruction, rank: number): number => {
  if (i.op === 'accumulator') return rank
  const strides = i.op === 'load' || i.op === 'gather' ? i.view.strides : i.op === 'index' ? i.strides : []
  return strides.findLastIndex((s) => s !== 0) + 1
}

const region = (view: View, extents: readonly number[]): Region => ({ view, extents })

/** Bytes under all these views together, each counted once: exact unless views of one buffer interleave. */
const distinct = (regions: readonly Region[]): number => {
  const byBuffer = new Map<BufferId, { readonly width: number; readonly patches: Map<string, Patch> }>()
  for (const { view, extents } of regions) {
    const patch = patchOf(view, extents)
    if (patch.count === 0) continue
    const known = byBuffer.get(view.buffer) ?? { width: elementBytes(view), patches: new Map<string, Patch>() }
    known.patches.set(patch.key, patch)
    byBuffer.set(view.buffer, known)
  }
  let bytes = 0
  for (const { width, patches } of byBuffer.values()) {
    const all = [...patches.values()]
    bytes +=
      width *
      Math.min(
        all.reduce((sum, { count }) => sum + count, 0),
        covered(all),
      )
  }
  return bytes
}

/** The elements of one view: how many, between which, and a key that is equal for equal ones. */
interface Patch {
  readonly key: string
  readonly count: number
  readonly from: number
  readonly to: number
  /** Bytes of one. */
  readonly width: number
}
const patchOf = ({ offset, strides, storage }: View, extents: readonly number[]): Patch => {
  const axes = extents.flatMap((d, i) => (d === 1 || strides[i] === 0 ? [] : [{ d, stride: strides[i] as number }]))
  const reach = (of: (distance: number) => number): number => axes.reduce((sum, { d, stride }) => sum + of((d - 1) * stride), offset)
  const [from, to] = [reach((x) => Math.min(0, x)), reach((x) => Math.max(0, x)) + 1]
  const count = extents.includes(0) ? 0 : Math.min(product(axes.map(({ d }) => d)), to - from)
  return { key: `${offset} ${axes.map(({ d, stride }) => `${d}:${stride}`).join()}`, count, from, to, width: elementBytes({ storage }) }
}
/** Elements that lie between the ends of one of the patches. */
const covered = (patches: readonly Patch[]): number => {
  let [elements, end] = [0, Number.NEGATIVE_INFINITY]
  for (const { from, to } of [...patches].sort((a, b) => a.from - b.from)) {
    elements += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return elements
}
