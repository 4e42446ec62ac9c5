/** When a new value may be written over the old one: of a state from step to step, and of a carry from iteration to iteration. */
import { type BufferId, bodiesOf, buffersRead, type Kernel, sameView } from './kernel.ts'

/** Whether the writer of `fresh` may write over `own`: it reads `own` at the very element that it writes, in the same code, or not at all. */
export const overwritesItself = (writer: Kernel, own: BufferId, fresh: BufferId): boolean => {
  if (writer.kind === 'scan') return !buffersRead(writer).includes(own)
  if (writer.kind === 'contract' && (writer.x.buffer === own || writer.y.buffer === own)) return false
  const bodies = bodiesOf(writer).map(({ body }) => body)
  const stores = bodies.flatMap((body) => body.stores.filter((s) => s.view.buffer === fresh))
  const home = bodies.find((body) => body.stores.some((s) => s.view.buffer === fresh))
  const reads = bodies.flatMap((body) =>
    body.instructions.flatMap((i) => ((i.op === 'load' || i.op === 'gather') && i.view.buffer === own ? [{ body, at: i }] : [])),
  )
  const [only] = stores
  return (
    reads.length === 0 ||
    (stores.length === 1 &&
      only !== undefined &&
      reads.every(({ body, at }) => body === home && at.op === 'load' && sameView({ ...at.view, buffer: fresh }, only.view)))
  )
}
