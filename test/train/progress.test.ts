import { describe, expect, it } from 'vitest'
import { progress, type TrainingEvent } from '../../src/train/progress.ts'

const events: readonly TrainingEvent[] = [
  { tag: 'Step', epoch: 1, epochs: 2, step: 5, steps: 10, loss: 0.75, batchLoss: 0.5 },
  {
    tag: 'Epoch',
    scores: { epoch: 1, loss: 0.5, metrics: { accuracy: 0.875 }, validation: { loss: 0.25, metrics: { accuracy: 1 } }, learningRate: null },
    epochs: 2,
    steps: 10,
    seconds: 1.23,
  },
]
const shown = (isTTY: boolean | undefined): readonly string[] => {
  const written: string[] = []
  const show = progress({ isTTY, write: (text) => written.push(text) })
  for (const event of events) show(event)
  return written
}

describe('progress', () => {
  const line = 'epoch 1/2  loss 0.5000  accuracy 0.8750  | validation  loss 0.2500  accuracy 1.0000  1.2 s\n'
  it('moves a bar on a terminal', () => {
    expect(shown(true)).toEqual([`\r\x1b[Kepoch 1/2  [############............] 50%  loss 0.7500`, `\r\x1b[K${line}`])
  })
  it('writes one plain line an epoch elsewhere', () => {
    expect(shown(false)).toEqual([line])
    expect(shown(undefined)).toEqual([line])
  })
})
