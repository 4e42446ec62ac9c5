/** Axes of a loop space that lie side by side in every view, walked as one. */
import { type Body, type Instruction, product, viewsRead } from '../kernel.ts'

/** Groups of adjacent axes that can be walked as one, the outermost first; axes of size 1 are in none. `mayJoin` can forbid. */
export const groupsOf = (
  extents: readonly number[],
  strides: readonly (readonly number[])[],
  mayJoin: (axis: number) => boolean = () => true,
): readonly (readonly number[])[] => {
  const groups: number[][] = []
  extents.forEach((d, axis) => {
    if (d === 1) return
    const last = groups[groups.length - 1]
    const before = last?.[last.length - 1]
    const adjacent = before !== undefined && strides.every((s) => s[before] === (s[axis] as number) * d)
    if (last !== undefined && adjacent && mayJoin(axis)) last.push(axis)
    else groups.push([axis])
  })
  return groups
}
export const joinedExtents = (extents: readonly number[], groups: readonly (readonly number[])[]): readonly number[] =>
  groups.map((g) => product(g.map((i) => extents[i] as number)))
/** A group is stepped over as its innermost axis is. */
export const joinedStrides = (strides: readonly number[], groups: readonly (readonly number[])[]): readonly number[] =>
  groups.map((g) => strides[g[g.length - 1] as number] as number)

export const stridesOf = (body: Body): readonly (readonly number[])[] => [
  ...viewsRead(body).map((v) => v.strides),
  ...body.instructions.flatMap((i) => (i.op === 'index' ? [i.strides] : [])),
  ...body.stores.map((s) => s.view.strides),
]
export const mapStrides = (body: Body, f: (strides: readonly number[]) => readonly number[]): Body => ({
  instructions: body.instructions.map(
    (i): Instruction =>
      i.op === 'load' || i.op === 'gather'
        ? { ...i, view: { ...i.view, strides: f(i.view.strides) } }
        : i.op === 'index'
          ? { ...i, strides: f(i.strides) }
          : i,
  ),
  stores: body.stores.map((s) => ({ ...s, view: { ...s.view, strides: f(s.view.strides) } })),
})
