/** The debug ladder: how much a compilation tells about itself, read from SHAPEWRIGHT_DEBUG in this file alone. */

import { describe } from '../graph/describe.ts'
import type { Node } from '../graph/node.ts'

/** 1 timings and memory, 2 schedule, 3 graph after each pass, 4 arena map, 5 module text, 6 every rewrite. */
export type Level = 1 | 2 | 3 | 4 | 5 | 6

const level = Number((typeof process === 'undefined' ? undefined : process.env?.SHAPEWRIGHT_DEBUG) ?? 0)

export const debug = {
  at: (least: Level): boolean => level >= least,
  /** Writes a titled block when the ladder stands at `least` or above; the text is made only then. */
  say: (least: Level, title: string, text: () => string): void => {
    if (level >= least) console.error(`== ${title}\n${text()}`)
  },
  rewrite: (rule: string, from: Node, to: Node): void => {
    if (level >= 6) console.error(`${rule}: ${describe(from)} -> ${describe(to)}`)
  },
}
