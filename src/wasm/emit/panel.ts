/** Columns of a matrix copied side by side, row after row, so that a tile reads them without gaps. */
import { contiguous, product } from '../../compiler/kernel.ts'
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import { emitTerms } from './terms.ts'

/** What is copied, in elements: `extents x columns` from `start` on, with these distances between them. */
export interface Copy {
  readonly from: Local
  readonly to: Local
  readonly start: number
  readonly column: number
  readonly extents: readonly number[]
  readonly strides: readonly number[]
  readonly columns: number
}

/** Elements from one row to the next in a panel: whole vectors. */
const panelWidth = (columns: number): number => Math.ceil(columns / 4) * 4
/** The same along each axis of its rows. */
export const panelSteps = (extents: readonly number[], columns: number): readonly number[] =>
  contiguous([...extents, panelWidth(columns)]).slice(0, -1)

export const emitPanel = (code: Code, copy: Copy): void => {
  const { extents, strides, columns } = copy
  const [from, to] = [code.local('i32'), code.local('i32')]
  code.get(copy.from).set(from).get(copy.to).set(to)
  const steps = panelSteps(extents, columns)
  const over = (counts: readonly number[], rows: number, step: () => void): void => {
    const walkers = [
      { pointer: from, steps: strides.map((s) => rows * s) },
      { pointer: to, steps: steps.map((s) => rows * s) },
    ]
    if (product(counts) > 0) emitTerms(code, counts, walkers, step)
  }
  const [rows = 0] = extents
  const turned = extents.length === 1 && strides[0] === 1 && copy.column !== 1 ? Math.floor(rows / 4) : 0
  if (turned > 0) over([turned], 4, () => emitTurned(code, copy, from, to))
  over(turned > 0 ? [rows % 4] : extents, 1, () => emitRow(code, copy, from, to))
  code.release(from, to)
}

const emitRow = (code: Code, { start, column, columns }: Copy, from: Local, to: Local): void => {
  for (let j = 0; 4 * j < columns; j++) {
    code.get(to)
    emitVector(code, from, (start + 4 * j * column) * 4, column * 4, Math.min(4, columns - 4 * j))
    code.store('v128.store', 16 * j)
  }
}

/** Four rows at once where a column's elements lie side by side: blocks of four by four are read along columns and turned. */
const emitTurned = (code: Code, { start, column, columns }: Copy, from: Local, to: Local): void => {
  const width = panelWidth(columns)
  const block = Array.from({ length: 4 }, () => code.local('v128'))
  const pairs = Array.from({ length: 4 }, () => code.local('v128'))
  const [a, b, c, d] = block as [Local, Local, Local, Local]
  const [ab, cd, ab2, cd2] = pairs as [Local, Local, Local, Local]
  const low = [0, 4, 1, 5] as const
  const high = [2, 6, 3, 7] as const
  for (let j = 0; 4 * j < columns; j++) {
    block.forEach((local, i) => {
      // columns beyond the last are never looked at: the last one stands for them
      const at = Math.min(4 * j + i, columns - 1)
      code
        .get(from)
        .load('v128.load', (start + at * column) * 4)
        .set(local)
    })
    code.get(a).get(b).shuffle(low).set(ab).get(c).get(d).shuffle(low).set(cd)
    code.get(a).get(b).shuffle(high).set(ab2).get(c).get(d).shuffle(high).set(cd2)
    const row = (i: number, x: Local, y: Local, lanes: readonly number[]): void => {
      code
        .get(to)
        .get(x)
        .get(y)
        .shuffle(lanes)
        .store('v128.store', (i * width + 4 * j) * 4)
    }
    row(0, ab, cd, [0, 1, 4, 5])
    row(1, ab, cd, [2, 3, 6, 7])
    row(2, ab2, cd2, [0, 1, 4, 5])
    row(3, ab2, cd2, [2, 3, 6, 7])
  }
  code.release(...block, ...pairs)
}

/** Four elements `stride` bytes apart; side by side they are read whole, past the end too. */
export const emitVector = (code: Code, pointer: Local, offset: number, stride: number, count: number): void => {
  if (stride === 4) {
    code.get(pointer).load('v128.load', offset)
    return
  }
  const gathered = code.local('v128')
  code.get(pointer).load('v128.load32_zero', offset).set(gathered)
  for (let lane = 1; lane < count; lane++)
    code
      .get(pointer)
      .get(gathered)
      .loadLane('v128.load32_lane', lane, offset + lane * stride)
      .set(gathered)
  code.get(gathered)
  code.release(gathered)
}
