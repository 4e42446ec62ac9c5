/** Law 5, across hosts: the weights after training are the same bits in Node and in Chromium. */
import { expect, it } from 'vitest'
import { findChromium, runInChromium } from '../../scripts/browser.ts'
import * as classifier from '../programs/classifier.ts'
import * as threads from '../programs/threads.ts'
import * as xor from '../programs/xor.ts'

const chromium = findChromium()
if (chromium === null) console.log('no Chromium on the path: the law about Node and Chromium is not checked here')

const programs: Readonly<Record<string, () => Promise<unknown>>> = { xor: xor.run, classifier: classifier.run }

it.skipIf(chromium === null).each(Object.keys(programs))('%s: the same bits in Node and in Chromium', { timeout: 90_000 }, async (name) => {
  const there = await runInChromium(chromium ?? '', `${process.cwd()}/test/programs/${name}.ts`)
  expect(there).toEqual(await programs[name]?.())
})

const runThreads = async (isIsolated: boolean) =>
  (await runInChromium(chromium ?? '', `${process.cwd()}/test/programs/threads.ts`, isIsolated)) as Awaited<ReturnType<typeof threads.run>>

it.skipIf(chromium === null)('the same bits on one thread and on two, in Node and in Chromium', { timeout: 90_000 }, async () => {
  const here = await threads.run()
  const there = await runThreads(true)
  expect(there).toEqual(here)
  for (const [one, two] of Object.values(here)) {
    expect([one?.threads, two?.threads, two?.notice]).toEqual([1, 2, null])
    expect(two?.hash).toBe(one?.hash)
  }
})

it.skipIf(chromium === null)('a page that is not isolated runs on one thread, and says why', { timeout: 90_000 }, async () => {
  const isolated = await threads.run()
  for (const [name, [one, two]] of Object.entries(await runThreads(false))) {
    expect([one?.hash, two?.hash]).toEqual([isolated[name]?.[0]?.hash, isolated[name]?.[1]?.hash])
    expect([one?.threads, two?.threads, one?.notice]).toEqual([1, 1, null])
    expect(two?.notice).toContain('threads: this page is not cross-origin isolated')
  }
})
