/** How another library lays out the weights of a layer: what a table of it holds for each kind that has any. */

import type { LayerKind } from '../../tensor/kind.ts'
import type { JsonRecord } from '../../tensor/protocol.ts'
import type { Block } from './f32-block.ts'

/** The kinds of layers that have weights of their own. */
export type WeightedKind = Extract<
  LayerKind,
  | 'attention'
  | 'batchNorm'
  | 'bidirectional'
  | 'conv1d'
  | 'conv2d'
  | 'convTranspose1d'
  | 'convTranspose2d'
  | 'dense'
  | 'depthwiseConv2d'
  | 'embedding'
  | 'groupNorm'
  | 'gru'
  | 'instanceNorm'
  | 'layerNorm'
  | 'learnedPositions'
  | 'lstm'
  | 'rmsNorm'
  | 'rnn'
>

/** The parts of a transformer's block: layers, each with its own layouts. */
export const blockParts = {
  attentionNorm: 'layerNorm',
  attention: 'attention',
  feedForwardNorm: 'layerNorm',
  hidden: 'dense',
  output: 'dense',
} as const satisfies Readonly<Record<string, WeightedKind>>
export type BlockPart = keyof typeof blockParts

/** A layer of ours: its options, the sizes of its parameters by their names, and where in a stack of theirs it stands. */
export interface OwnLayer {
  readonly options: JsonRecord
  readonly shapes: Readonly<Record<string, readonly number[]>>
  /** Of several layers that they keep in one module: 0 unless said. */
  readonly level: number
  /** What theirs is called. */
  readonly module: string
}

/** A tensor of theirs. */
export interface TheirPart {
  /** Below the name of the module: `weight`. */
  readonly name: string
  readonly shape: readonly number[]
  /** Whether a layer may be made without it, which is then as if it were zeros. */
  readonly isBias?: boolean
}

export interface Layout {
  readonly parts: readonly TheirPart[]
  /** Our parameters by their names, from theirs. */
  readonly read: (given: (name: string) => Block) => Readonly<Record<string, Block>>
}

/** The layouts that a layer may have, the usual one first. */
export type LayoutsOf = (layer: OwnLayer) => readonly Layout[]

/** What a library calls things, and how. Total over the kinds: a new layer is none here before it has joined. */
export interface Library {
  readonly op: 'fromPyTorch' | 'fromKeras'
  /** Between the names of modules and tensors. */
  readonly separator: '.' | '/'
  /** Tensors beside the weights that nobody asks for. */
  readonly ignored: RegExp
  readonly channelsFirst: boolean
  /** What the parts of a transformer's block are called where the block alone was named, beside our own words. */
  readonly blocks: readonly Readonly<Record<BlockPart, string>>[]
  readonly layouts: Readonly<Record<WeightedKind, LayoutsOf>>
}

export const sizes = (layer: OwnLayer, name: string): readonly number[] => layer.shapes[name] as readonly number[]

/** Of `bidirectional`: those parameters that lie below a name, and the options of the layer inside. */
export const inside = ({ options, shapes, level, module }: OwnLayer, name: string): OwnLayer => ({
  options: options.layer as JsonRecord,
  shapes: Object.fromEntries(
    Object.entries(shapes).flatMap(([key, shape]) => (key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), shape]] : [])),
  ),
  level,
  module,
})
export const below = (name: string, parts: Readonly<Record<string, Block>>): Readonly<Record<string, Block>> =>
  Object.fromEntries(Object.entries(parts).map(([key, part]) => [`${name}.${key}`, part]))
