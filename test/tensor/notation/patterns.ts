/** The oracle of patterns: every element is carried from its place on the left to its place on the right, by plain loops. */
import fc from 'fast-check'
import { count, type Filled, filled } from './loops.ts'

export interface DrawnPattern {
  readonly pattern: string
  readonly sizes: Readonly<Record<string, number>>
  readonly operand: Filled
  /** Axes in the order of the left side and of the right. */
  readonly left: readonly string[]
  readonly right: readonly (readonly string[])[]
  readonly all: Readonly<Record<string, number>>
}

const names = ['a', 'b', 'width', 'h2', 'c_', 'é'] as const
/** A list cut into groups: some of one axis, some of several, some of none. */
const grouped = (axes: readonly string[], cuts: readonly number[], dotsJoin: boolean): readonly (readonly string[])[] => {
  const groups: string[][] = []
  axes.forEach((axis, i) => {
    if (cuts[i] === 3) groups.push([])
    const joins = dotsJoin || (axis !== '...' && groups.at(-1)?.[0] !== '...')
    if (cuts[i] === 1 && groups.length > 0 && joins) groups.at(-1)?.push(axis)
    else groups.push([axis])
  })
  return groups
}
const written = (groups: readonly (readonly string[])[]): string =>
  groups.map((group) => (group.length === 1 ? group[0] : group.length === 0 ? '1' : `(${group.join(' ')})`)).join(' ')
const cuts = fc.array(fc.constantFrom(0, 0, 1, 1, 3), { minLength: 8, maxLength: 8 })

/** Patterns with groups, dims of size 1, and `...` of up to two dims; `drops` says that the right may lack axes. */
export const patterns = (drops: boolean): fc.Arbitrary<DrawnPattern> =>
  fc
    .record({
      chosen: fc.shuffledSubarray([...names], { minLength: 0 }),
      drawn: fc.tuple(...names.map(() => fc.constantFrom(1, 2, 3, 2))),
      dots: fc.option(fc.array(fc.constantFrom(1, 2, 3), { maxLength: 2 }), { nil: null }),
      at: fc.tuple(fc.nat(5), fc.nat(5)),
      order: fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }),
      kept: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      cuts: fc.tuple(cuts, cuts),
      merges: fc.boolean(),
    })
    .map(({ chosen, drawn, dots, at, order, kept, cuts: [leftCuts, rightCuts], merges }) => {
      const all: Record<string, number> = Object.fromEntries([
        ...names.map((name, i) => [name, drawn[i] as number]),
        ...(dots ?? []).map((size, i) => [`.${i}`, size]),
      ])
      const place = (axes: readonly string[], where: number, what: readonly string[]) =>
        axes.toSpliced(Math.min(where, axes.length), 0, ...what)
      const dotted = dots === null ? [] : ['...']
      const leftAxes = place(chosen, at[0], dotted)
      const moved = chosen
        .filter((_, i) => !drops || kept[i])
        .sort((a, b) => (order[names.indexOf(a)] as number) - (order[names.indexOf(b)] as number))
      const rightAxes = place(moved, at[1], drops && kept[5] ? [] : dotted)
      const left = grouped(leftAxes, leftCuts, false)
      const right = grouped(rightAxes, rightCuts, true)
      const expand = (axis: string): readonly string[] => (axis === '...' ? (dots ?? []).map((_, i) => `.${i}`) : [axis])
      const stands = (group: readonly string[]) => group.length === 1 && group[0] === '...'
      // In parentheses, `...` is one dim.
      const text = right.map((group) => (stands(group) && merges ? '(...)' : written([group]))).join(' ')
      const groups = right.flatMap((group) => (stands(group) && !merges ? expand('...').map((axis) => [axis]) : [group.flatMap(expand)]))
      return {
        pattern: `${written(left)} -> ${text}`,
        sizes: Object.fromEntries(
          left.flatMap((group) => (group.length < 2 ? [] : group.slice(1).map((axis) => [axis, all[axis] as number]))),
        ),
        operand: filled(
          left.flatMap((group) => (group[0] === '...' ? (dots ?? []) : [count(group.map((axis) => all[axis] as number))])),
          3,
        ),
        left: leftAxes.flatMap(expand),
        right: groups,
        all,
      }
    })

/** Each element of the result from all that come to its place. */
export const byLoops = ({ operand, left, right, all }: DrawnPattern, from: (values: readonly number[]) => number): Filled => {
  const size = (axis: string): number => all[axis] as number
  const shape = right.map((group) => count(group.map(size)))
  const places: number[][] = Array.from({ length: count(shape) }, () => [])
  operand.values.forEach((value, n) => {
    const at: Record<string, number> = {}
    let rest = n
    for (const axis of left.toReversed()) {
      at[axis] = rest % size(axis)
      rest = Math.floor(rest / size(axis))
    }
    places[right.flat().reduce((offset, axis) => offset * size(axis) + (at[axis] as number), 0)]?.push(value)
  })
  return { shape, values: places.map(from) }
}
