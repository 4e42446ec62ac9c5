/**
 * Loops over time: where carries and results lie, and the region that a loop becomes. A carry that is stacked too is a history: the
 * loop reads one row of it and writes the next. Another is written over itself where its readers are done, else in two places in turns.
 */
import type { Graph } from '../../graph/graph.ts'
import { InternalError } from '../../graph/internal-error.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import {
  type Buffer,
  type BufferId,
  contiguous,
  hasWork,
  type Kernel,
  overBuffers,
  product,
  type Row,
  type ScanKernel,
  type View,
} from '../kernel.ts'
import { leanest } from '../lean.ts'
import { orderOf } from '../order.ts'
import { overwritesItself } from '../overwrite.ts'
import { bytesOf } from '../plan.ts'
import { orStored, type Surroundings, viewOf } from './body.ts'
import { mergeKernels } from './merge.ts'
import { copyInto, inStorage } from './nest.ts'
import { resolve } from './view.ts'

/** What is known of an input of a graph, and how it lies in its buffer, unless row-major from the start. */
export interface Told extends Pick<Buffer, 'role' | 'path' | 'storage'> {
  readonly place?: Pick<View, 'offset' | 'strides'>
}
/** A graph as kernels, not yet merged: what the body of a loop becomes too. Inputs have the first buffers. */
export type Separate = (
  graph: Graph,
  told: readonly Told[],
) => {
  readonly unfused: readonly Kernel[]
  readonly buffers: readonly Buffer[]
  readonly placeOf: Surroundings['placeOf']
}

/** A loop whose outputs have their places. */
export interface LoopPlaces {
  readonly loop: NodeOf<'scan'>
  readonly places: ReadonlyMap<Node, View>
  readonly carries: readonly Carry[]
  /** The buffer for the rows of each node of the body that is stacked and no carry. */
  readonly stacks: ReadonlyMap<Node, BufferId>
}
interface Carry {
  readonly buffer: BufferId
  readonly isHistory: boolean
}

const shapeOf = (n: Node): readonly number[] => n.shape as readonly number[]
const lengthOf = (loop: NodeOf<'scan'>): number => loop.attributes.shape[0] as number

/** Places for the outputs of a loop that are read, in new buffers. */
export const loopPlaces = (siblings: readonly NodeOf<'scan'>[], buffers: Buffer[]): LoopPlaces => {
  const loop = siblings[0] as NodeOf<'scan'>
  const { body, carries: count, reverse } = loop.attributes
  const length = lengthOf(loop)
  const add = (n: Node, rows: readonly number[]): BufferId =>
    buffers.push({ id: buffers.length, role: 'temporary', path: 'scan', shape: [...rows, ...shapeOf(n)], dtype: n.dtype }) - 1
  const stacked = siblings.flatMap(({ attributes: { output } }) => (output < count ? [] : [body.outputs[output] as Node]))
  const carryOf = (n: Node): number => {
    const read = body.inputs.slice(0, count).indexOf(n)
    return read >= 0 ? read : body.outputs.slice(0, count).indexOf(n)
  }
  const kept = new Set(stacked.map(carryOf))
  const carries = body.inputs
    .slice(0, count)
    .map((n, c): Carry => ({ buffer: add(n, kept.has(c) ? [length + 1] : []), isHistory: kept.has(c) }))
  const stacks = new Map([...new Set(stacked)].flatMap((n) => (carryOf(n) < 0 ? [[n, add(n, [length])] as const] : [])))
  const placeOf = (n: NodeOf<'scan'>): View => {
    const { output } = n.attributes
    const row = body.outputs[output] as Node
    const c = output < count ? output : carryOf(row)
    const { buffer, isHistory } = carries[c] ?? { buffer: stacks.get(row) as BufferId, isHistory: false }
    const last = reverse ? 0 : length
    const first = (body.inputs[c] === row) === reverse ? 1 : 0
    const at = isHistory ? (output < count ? last : first) : 0
    return { buffer, offset: at * product(shapeOf(row)), strides: contiguous(shapeOf(n)) }
  }
  return { loop, places: new Map(siblings.map((n) => [n, placeOf(n)])), carries, stacks }
}

/** A loop that finds its operands: sequences and constants as views. */
export interface Prepared {
  readonly loop: LoopPlaces
  readonly sequences: readonly View[]
  readonly constants: readonly View[]
}
export const prepared = (loop: LoopPlaces, around: Surroundings): Prepared => {
  const { inputs, attributes } = loop.loop
  const { carries, sequences } = attributes
  const view = (n: Node): View => viewOf(n, around.placeOf, (leaf, chain) => orStored(resolve(leaf, chain), around.mustStore, n))
  for (const initial of inputs.slice(0, carries)) copyInto(initial, nowhere(initial), around)
  return {
    loop,
    sequences: inputs.slice(carries, carries + sequences).map(view),
    constants: inputs.slice(carries + sequences).map(view),
  }
}
const nowhere = (n: Node): View => ({ buffer: -1, offset: 0, strides: contiguous(shapeOf(n)) })

/** The loop as a record; its buffers join `buffers`. */
export const regionOf = (given: Prepared, around: Surroundings, buffers: Buffer[], separate: Separate): ScanKernel => {
  const { loop, carries } = given.loop
  const { reverse } = loop.attributes
  const length = lengthOf(loop)
  const inside = insideOf(given, buffers, separate)
  const { kernels, inPlace } = ordered(inside, carries)
  const { rows, image } = named(given, inside, inPlace, buffers)
  const before = carries.map(({ buffer, isHistory }, c) => {
    const initial = loop.inputs[c] as Node
    const row = isHistory ? (reverse ? length : 0) : inPlace[c] === true ? 0 : length % 2
    const to = { buffer, offset: row * product(shapeOf(initial)), strides: contiguous(shapeOf(initial)) }
    return inStorage(copyInto(initial, to, around), buffers)
  })
  return {
    kind: 'scan',
    length,
    reverse,
    rows,
    before: before.filter(hasWork),
    kernels: kernels.filter(hasWork).map((k) => overBuffers(k, image)),
  }
}

/** One iteration over buffers of its own. */
interface Inside {
  readonly kernels: readonly Kernel[]
  readonly buffers: readonly Buffer[]
  /** The buffer of each next carry, and of each row that is stacked: one for each, and nothing else in it. */
  readonly next: readonly BufferId[]
  readonly stacked: readonly BufferId[]
}

const insideOf = (given: Prepared, outer: readonly Buffer[], separate: Separate): Inside => {
  const { loop, stacks } = given.loop
  const { body, carries } = loop.attributes
  const { unfused, buffers: made, placeOf } = separate(body, toldOf(given, outer))
  const buffers = [...made]
  const kernels = [...unfused]
  const taken = new Set<BufferId>()
  const ownOf = (n: Node): BufferId => {
    const place = placeOf(n)
    if (place === undefined) throw new InternalError('an output without a place', `${n.op} -> fuse`)
    if (n.op !== 'parameter' && n.op !== 'scan' && !taken.has(place.buffer)) {
      taken.add(place.buffer)
      return place.buffer
    }
    const id = buffers.push({ id: buffers.length, role: 'temporary', path: 'copy', shape: shapeOf(n), dtype: n.dtype }) - 1
    const copy = copyInto(n, { buffer: id, offset: 0, strides: contiguous(shapeOf(n)) }, { placeOf, mustStore: () => {} })
    kernels.push(inStorage(copy, buffers))
    return id
  }
  const next = body.outputs.slice(0, carries).map(ownOf)
  const stacked = [...stacks.keys()].map(ownOf)
  return { kernels: mergeKernels(kernels, buffers, new Set([...next, ...stacked])), buffers, next, stacked }
}

const toldOf = ({ loop: { loop }, sequences, constants }: Prepared, outer: readonly Buffer[]): readonly Told[] => {
  const storageOf = ({ buffer }: View) => {
    const { storage } = outer[buffer] as Buffer
    return storage === undefined ? {} : { storage }
  }
  return [
    ...Array.from({ length: loop.attributes.carries }, (): Told => ({ role: 'row', path: 'carry' })),
    ...sequences.map((v): Told => ({ role: 'row', path: 'row', ...storageOf(v), place: { offset: 0, strides: v.strides.slice(1) } })),
    ...constants.map((v): Told => ({ role: 'row', path: 'constant', ...storageOf(v), place: { offset: v.offset, strides: v.strides } })),
  ]
}

interface Ordered {
  readonly kernels: readonly Kernel[]
  /** Of each carry, whether the next one is written over it. */
  readonly inPlace: readonly boolean[]
}
/** The kernels of an iteration in an order in which as many carries as can be are written over themselves. */
const ordered = ({ kernels, buffers, next }: Inside, carries: readonly Carry[]): Ordered => {
  const order = orderOf(kernels)
  const inPlace = carries.map(({ isHistory }, own) => {
    const fresh = next[own] as BufferId
    const writer = order.writerOf(fresh)
    if (isHistory || writer === undefined || !overwritesItself(writer, own, fresh)) return false
    return order.putBefore(
      order.readersOf(own).filter((k) => k !== writer),
      writer,
    )
  })
  const leaves = new Set(next)
  const spanOf = (id: BufferId) => {
    const buffer = buffers[id] as Buffer
    return buffer.role !== 'temporary' || leaves.has(id) ? null : { bytes: bytesOf(buffer), stays: false }
  }
  return { kernels: leanest(kernels, order, spanOf), inPlace }
}

/** What each buffer of an iteration is outside: a buffer, a row of one, or a new one that only the iteration has. */
const named = (
  { loop: { loop, carries, stacks }, sequences, constants }: Prepared,
  { buffers: own, next, stacked }: Inside,
  inPlace: readonly boolean[],
  buffers: Buffer[],
): { readonly rows: readonly Row[]; readonly image: (id: BufferId) => BufferId } => {
  const { reverse } = loop.attributes
  const rows: Row[] = []
  const images = new Map<BufferId, BufferId>()
  const row = (id: BufferId, place: Omit<Row, 'id' | 'turns'>, turns = false): void => {
    const { path } = buffers[place.of] as Buffer
    const image = buffers.push({ ...(own[id] as Buffer), id: buffers.length, role: 'row', path }) - 1
    rows.push({ id: image, ...place, turns })
    images.set(id, image)
  }
  carries.forEach(({ buffer: of, isHistory }, c) => {
    const fresh = next[c] as BufferId
    const step = product((own[c] as Buffer).shape)
    // two places end with the last carry in the first of them
    const first = isHistory ? (reverse ? 1 : 0) : lengthOf(loop) % 2
    const [from, to] = [first * step, (1 - first) * step]
    if (inPlace[c] === true) {
      images.set(c, of).set(fresh, of)
      return
    }
    row(c, { of, offset: from, step: isHistory ? step : to - from }, !isHistory)
    row(fresh, { of, offset: to, step: isHistory ? step : from - to }, !isHistory)
    if (!isHistory) buffers[of] = { ...(buffers[of] as Buffer), shape: [2, ...(own[c] as Buffer).shape] }
  })
  sequences.forEach(({ buffer, offset, strides: [step = 0] }, i) => {
    row(carries.length + i, { of: buffer, offset, step })
  })
  constants.forEach(({ buffer }, i) => {
    images.set(carries.length + sequences.length + i, buffer)
  })
  for (const [i, of] of [...stacks.values()].entries()) {
    const id = stacked[i] as BufferId
    row(id, { of, offset: 0, step: product((own[id] as Buffer).shape) })
  }
  const image = (id: BufferId): BufferId => {
    const known = images.get(id) ?? buffers.push({ ...(own[id] as Buffer), id: buffers.length }) - 1
    images.set(id, known)
    return known
  }
  return { rows, image }
}
