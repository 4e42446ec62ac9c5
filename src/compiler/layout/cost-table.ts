/**
 * What a register tile of a contraction costs, measured offline and committed: layout chooses tiles by it, never by the host.
 * `npm run tune -- --write` measures it anew, through our own emitter, with operands in the first cache.
 */

/** Nanoseconds: for a tile by itself (its sums set up and stored), and for each k of it. */
export interface TileCost {
  readonly perTile: number
  readonly perK: number
}
export interface TileCosts {
  /** Where it was measured. */
  readonly engine: string
  /** [rows - 1][vectors - 1], a vector being four columns; null for tiles that are never chosen. */
  readonly tiles: readonly (readonly (TileCost | null)[])[]
}
/** With products and sums rounded apart, and together. */
export interface CostTable {
  readonly strict: TileCosts
  readonly fast: TileCosts
  /** A loop whose lanes run along what a contraction is batched over: for four sums beside each other, and for each term of them. */
  readonly direct: TileCost & { readonly engine: string }
  /** Nanoseconds to transform a tile of an image, or of results, for four channels of it. */
  readonly transform: { readonly engine: string; readonly perVector: number }
}

export const costTable: CostTable = {
  strict: {
    engine: 'V8 11.3.244.8-node.38',
    tiles: [
      [
        { perTile: 0.677, perK: 0.626 },
        { perTile: 2.15, perK: 0.688 },
        { perTile: 1.87, perK: 0.905 },
        { perTile: 2.59, perK: 1.07 },
        { perTile: 1.21, perK: 1.34 },
        { perTile: 1.36, perK: 1.55 },
        { perTile: 0, perK: 1.73 },
        { perTile: 0, perK: 2.66 },
      ],
      [
        { perTile: 1.86, perK: 0.695 },
        { perTile: 2.01, perK: 1.04 },
        { perTile: 1.34, perK: 1.41 },
        { perTile: 1.05, perK: 1.9 },
        { perTile: 0, perK: 2.72 },
        { perTile: 0, perK: 3.76 },
        { perTile: 3.22, perK: 4.54 },
        { perTile: 4.12, perK: 5.74 },
      ],
      [
        { perTile: 1.34, perK: 0.925 },
        { perTile: 2.11, perK: 1.41 },
        { perTile: 1.39, perK: 2.12 },
        { perTile: 1.94, perK: 3.29 },
        { perTile: 3.3, perK: 4.57 },
        null,
        null,
        null,
      ],
      [
        { perTile: 0.934, perK: 1.13 },
        { perTile: 2.23, perK: 1.89 },
        { perTile: 1.36, perK: 3.37 },
        { perTile: 0, perK: 5.43 },
        null,
        null,
        null,
        null,
      ],
      [{ perTile: 1.84, perK: 1.33 }, { perTile: 1.46, perK: 2.63 }, { perTile: 3.62, perK: 5.02 }, null, null, null, null, null],
      [{ perTile: 2.79, perK: 1.53 }, { perTile: 3.05, perK: 3.52 }, null, null, null, null, null, null],
      [{ perTile: 0, perK: 1.8 }, { perTile: 3.41, perK: 4.82 }, null, null, null, null, null, null],
      [{ perTile: 3.45, perK: 2.17 }, { perTile: 8.89, perK: 5.84 }, null, null, null, null, null, null],
    ],
  },
  fast: {
    engine: 'V8 14.6.202.34-node.34',
    tiles: [
      [
        { perTile: 0, perK: 0.899 },
        { perTile: 0, perK: 0.913 },
        { perTile: 0, perK: 1.07 },
        { perTile: 0, perK: 1.2 },
        { perTile: 0, perK: 1.36 },
        { perTile: 0, perK: 1.34 },
        { perTile: 0, perK: 1.49 },
        { perTile: 0, perK: 2.84 },
      ],
      [
        { perTile: 0, perK: 0.94 },
        { perTile: 0, perK: 1.16 },
        { perTile: 0, perK: 1.4 },
        { perTile: 0, perK: 2.43 },
        { perTile: 0, perK: 2.72 },
        { perTile: 0, perK: 2.85 },
        { perTile: 1.15, perK: 3.85 },
        { perTile: 1.61, perK: 5.22 },
      ],
      [
        { perTile: 0, perK: 1.05 },
        { perTile: 0, perK: 1.46 },
        { perTile: 0, perK: 1.71 },
        { perTile: 0, perK: 2.88 },
        { perTile: 1.91, perK: 3.44 },
        null,
        null,
        null,
      ],
      [
        { perTile: 0, perK: 1.18 },
        { perTile: 0, perK: 1.61 },
        { perTile: 0, perK: 2.83 },
        { perTile: 1.83, perK: 4.13 },
        null,
        null,
        null,
        null,
      ],
      [{ perTile: 0, perK: 1.34 }, { perTile: 0, perK: 1.83 }, { perTile: 26.8, perK: 2.86 }, null, null, null, null, null],
      [{ perTile: 0, perK: 1.45 }, { perTile: 1.23, perK: 2.05 }, null, null, null, null, null, null],
      [{ perTile: 0.415, perK: 1.54 }, { perTile: 0, perK: 3.15 }, null, null, null, null, null, null],
      [{ perTile: 1.79, perK: 1.62 }, { perTile: 0.637, perK: 3.89 }, null, null, null, null, null, null],
    ],
  },
  direct: { engine: 'V8 11.3.244.8-node.38', perTile: 0.45, perK: 0.37 },
  transform: { engine: 'V8 11.3.244.8-node.38', perVector: 11.1 },
}
