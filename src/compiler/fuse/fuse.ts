/** fuse: Graph -> Kernels. Every node that needs memory gets a kernel; kernels over one space become one. */
import { areSiblings, type Graph } from '../../graph/graph.ts'
import { InternalError } from '../../graph/internal-error.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { type Buffer, type BufferId, contiguous, type Kernel, type NestKernel, type View } from '../kernel.ts'
import type { Surroundings } from './body.ts'
import { materialised } from './materialise.ts'
import { mergeKernels } from './merge.ts'
import { copyInto, inStorage, nestOf } from './nest.ts'
import { type LoopPlaces, loopPlaces, type Prepared, prepared, regionOf, type Separate, type Told } from './region.ts'

export interface Fused {
  readonly buffers: readonly Buffer[]
  readonly kernels: readonly Kernel[]
  /** The buffer of each output of the graph. */
  readonly outputs: readonly BufferId[]
  /** The buffer of each input of the graph. */
  readonly inputs: readonly BufferId[]
}

/** `told` says what the host knows each input as. */
export const fuse = (graph: Graph, told: readonly Told[]): Fused => {
  const { unfused, buffers: made, placeOf } = separate(graph, told)
  const buffers = [...made]
  const kernels = [...unfused]
  const around: Surroundings = { placeOf, mustStore: () => {} }
  /** The host reads whole buffers: what a loop over time leaves in a part of one is copied. */
  const own = new Map<Node, BufferId>()
  const outputOf = (n: Node): BufferId => {
    if (n.op !== 'scan') return known(placeOf, n)
    const id = own.get(n) ?? buffers.push(temporary(buffers.length, n)) - 1
    if (!own.has(n)) kernels.push(copyInto(n, wholeOf(n, id), around))
    own.set(n, id)
    return id
  }
  const outputs = graph.outputs.map(outputOf)
  return { buffers, kernels: mergeKernels(kernels, buffers, new Set(outputs)), outputs, inputs: graph.inputs.map((n) => known(placeOf, n)) }
}

const known = (placeOf: Surroundings['placeOf'], n: Node): BufferId => {
  const place = placeOf(n)
  if (place === undefined) throw new InternalError('no buffer', `${n.op} -> fuse`)
  return place.buffer
}
const shapeOf = (n: Node): readonly number[] => n.shape as readonly number[]
const temporary = (id: BufferId, n: Node): Buffer => ({ id, role: 'temporary', path: n.op, shape: shapeOf(n), dtype: n.dtype })
/** A buffer that holds a node and nothing else. */
const wholeOf = (n: Node, buffer: BufferId): View => ({ buffer, offset: 0, strides: contiguous(shapeOf(n)) })

/**
 * A kernel for each node in memory. Views that strides can't say send their nodes to memory too, until all can be said. What a
 * kernel sends there is in memory at once as far as that kernel is concerned: so one turn finds all, however deep they lie.
 */
const separate: Separate = (graph, told) => {
  const forced = new Set<Node>()
  for (;;) {
    const memory = memoryOf(graph, materialised(graph, forced), forced, told)
    const before = forced.size
    const around: Surroundings = {
      placeOf: (n) => memory.places.get(n) ?? (forced.has(n) ? wholeOf(n, notYet) : undefined),
      mustStore: (n) => forced.add(n),
    }
    const made = memory.written.map((n): NestKernel | Prepared => {
      const loop = n.op === 'scan' ? memory.loops.get(n) : undefined
      return loop === undefined ? settled(forced, () => nestOf(n, around)) : settled(forced, () => prepared(loop, around))
    })
    if (forced.size > before) continue
    const { buffers } = memory
    const kernels = made.map((k) => ('loop' in k ? regionOf(k, around, buffers, separate) : inStorage(k, buffers)))
    return { unfused: [...memory.copies.map((k) => inStorage(k, buffers)), ...kernels], buffers, placeOf: around.placeOf }
  }
}

interface Memory {
  readonly buffers: Buffer[]
  readonly places: ReadonlyMap<Node, View>
  /** The nodes that kernels are made for; of the outputs of a loop over time, the first. */
  readonly written: readonly Node[]
  readonly loops: ReadonlyMap<Node, LoopPlaces>
  /** Inputs that lie in a way that no view can say are copied first. */
  readonly copies: readonly NestKernel[]
}

/** A place for every node in memory. */
const memoryOf = (graph: Graph, stored: ReadonlySet<Node>, forced: ReadonlySet<Node>, told: readonly Told[]): Memory => {
  const buffers: Buffer[] = []
  const places = new Map<Node, View>()
  const loops = new Map<Node, LoopPlaces>()
  const written: Node[] = []
  const add = (n: Node): View => wholeOf(n, buffers.push(temporary(buffers.length, n)) - 1)
  const addLoop = (n: NodeOf<'scan'>): void => {
    const siblings = graph.nodes.filter((other) => areSiblings(n, other))
    const loop = loopPlaces(siblings as readonly NodeOf<'scan'>[], buffers)
    for (const [output, place] of loop.places) places.set(output, place)
    loops.set(n, loop)
    written.push(n)
  }
  const inputs = new Map(graph.inputs.map((n, i) => [n, told[i] as Told]))
  for (const n of graph.nodes) {
    const input = inputs.get(n)
    if (input !== undefined) {
      const { place, ...role } = input
      const whole = add(n)
      buffers[whole.buffer] = { ...(buffers[whole.buffer] as Buffer), ...role }
      places.set(n, { ...whole, ...place })
    } else if (!stored.has(n) || places.has(n)) continue
    else if (n.op === 'scan') addLoop(n)
    else {
      places.set(n, add(n))
      written.push(n)
    }
  }
  const given = new Map(places)
  const copies = graph.inputs.flatMap((n) => {
    if (!forced.has(n)) return []
    const own = add(n)
    places.set(n, own)
    return [copyInto(n, own, { placeOf: (input) => given.get(input), mustStore: () => {} })]
  })
  return { buffers, places, written, loops, copies }
}

/** Stands for the buffer that a node will get in the next turn. */
const notYet: BufferId = -1
/** The kernel as soon as it sends nothing more to memory. */
const settled = <K>(forced: ReadonlySet<Node>, make: () => K): K => {
  for (;;) {
    const before = forced.size
    const kernel = make()
    if (forced.size === before) return kernel
  }
}
