/** A short run of `npm run test:kill`. */
import { expect, it } from 'vitest'
import { killRuns } from './kill.ts'

it('a run that is killed four times ends with the same weights, and every checkpoint can be read', { timeout: 120_000 }, async () => {
  const lines: string[] = []
  const { passed, failed } = await killRuns({ kills: 4, seed: Date.now() % 2 ** 31, epochs: 8, say: (line) => lines.push(line) })
  expect(failed, lines.join('\n')).toBe(0)
  expect(passed).toBeGreaterThanOrEqual(5)
})
