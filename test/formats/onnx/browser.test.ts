/** A page writes the same file as Node. */
import { expect, it } from 'vitest'
import { findChromium, runInChromium } from '../../../scripts/browser.ts'
import * as program from '../../programs/onnx.ts'

const chromium = findChromium()
if (chromium === null) console.log('no Chromium on the path: ONNX files of pages are not checked here')

it.skipIf(chromium === null)('a page writes the same file, byte for byte', { timeout: 90_000 }, async () => {
  const here = await program.run()
  expect(here.length).toBeGreaterThan(1000)
  expect(await runInChromium(chromium ?? '', `${process.cwd()}/test/programs/onnx.ts`)).toEqual(here)
})
