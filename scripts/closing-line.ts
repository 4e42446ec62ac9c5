/** A vitest reporter that ends a run with one plain line: `N passed, N failed` (and `, N skipped`). */
import type { Reporter } from 'vitest/node'

export const closingLine: Reporter = {
  onTestRunEnd: (modules, errors) => {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length
    const broken = errors.length + modules.filter((module) => module.errors().length > 0).length
    const skipped = count('skipped')
    const line = `${count('passed')} passed, ${count('failed') + broken} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
    process.on('exit', () => console.log(line))
  },
}
