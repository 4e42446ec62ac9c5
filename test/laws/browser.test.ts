/** Law 5, across hosts: the weights after training are the same bits in Node and in Chromium. */
import { expect, it } from 'vitest'
import { findChromium, runInChromium } from '../../scripts/browser.ts'
import * as classifier from '../programs/classifier.ts'
import * as xor from '../programs/xor.ts'

const chromium = findChromium()
if (chromium === null) console.log('no Chromium on the path: the law about Node and Chromium is not checked here')

const programs: Readonly<Record<string, () => Promise<unknown>>> = { xor: xor.run, classifier: classifier.run }

it.skipIf(chromium === null).each(Object.keys(programs))('%s: the same bits in Node and in Chromium', { timeout: 90_000 }, async (name) => {
  const there = await runInChromium(chromium ?? '', `${process.cwd()}/test/programs/${name}.ts`)
  expect(there).toEqual(await programs[name]?.())
})
