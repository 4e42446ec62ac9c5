/** Phases that each go over the same rows, as one loop over rows: a border and what it is around. Threads then share the rows. */
import { type Body, type LoopKernel, product, type View, viewsRead } from '../kernel.ts'

/** Shorter rows are better walked as one. */
const leastRow = 64

/** The kernel over its phases' first axis, where nothing that it writes leaves its row; else as it is. */
export const overRows = (k: LoopKernel): LoopKernel => {
  const [first, ...more] = k.phases
  const rows = first?.inner[0]
  if (k.outer.length > 0 || rows === undefined || rows === 1 || more.length === 0) return k
  const maps = k.phases.every((p) => p.inner[0] === rows && p.accumulate.length === 0 && p.after.stores.length === 0)
  if (!maps || k.phases.every((p) => product(p.inner.slice(1)) < leastRow) || !staysInRows(k)) return k
  return { ...k, outer: [rows], phases: k.phases.map((p) => ({ ...p, inner: p.inner.slice(1) })) }
}

/** Whether all that the phases do to a buffer that they write is, at each index of the first axis, inside of a row of its own. */
const staysInRows = ({ phases }: LoopKernel): boolean => {
  const seen = phases.flatMap(({ inner, body }) => viewsOf(body).map((view) => ({ view, inner })))
  const written = new Set(phases.flatMap(({ body }) => body.stores.map(({ view }) => view.buffer)))
  const steps = new Map<number, number>()
  return (
    seen.every(({ view: { buffer, offset, strides }, inner }) => {
      if (!written.has(buffer)) return true
      const [step = 0, ...within] = strides
      const reach = within.reduce((sum, s, i) => sum + s * ((inner[i + 1] as number) - 1), offset % step)
      const isSame = (steps.get(buffer) ?? step) === step
      steps.set(buffer, step)
      return isSame && step > 0 && within.every((s) => s >= 0) && offset < step && reach < step
    }) && phases.every(({ body }) => !goesAnywhere(body, written))
  )
}
/** Whether data say where in what is written it reads or writes. */
const goesAnywhere = ({ instructions, stores }: Body, written: ReadonlySet<number>): boolean =>
  stores.some(({ addAt }) => addAt !== undefined) || instructions.some((i) => i.op === 'gather' && written.has(i.view.buffer))
const viewsOf = (body: Body): readonly View[] => [...viewsRead(body), ...body.stores.map(({ view }) => view)]
