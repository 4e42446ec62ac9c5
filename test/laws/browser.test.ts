/** Law 5, across hosts: the weights after training are the same bits in Node and in Chromium. */
import { expect, it } from 'vitest'
import { findChromium, runInChromium } from '../../scripts/browser.ts'
import { run } from '../programs/xor.ts'

const chromium = findChromium()
if (chromium === null) console.log('no Chromium on the path: the law about Node and Chromium is not checked here')

it.skipIf(chromium === null)('XOR has the same weights in Node and in Chromium', { timeout: 90_000 }, async () => {
  const there = await runInChromium(chromium ?? '', `${process.cwd()}/test/programs/xor.ts`)
  expect(there).toEqual(await run())
})
