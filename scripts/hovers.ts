/** `npx tsx scripts/hovers.ts` writes test/golden/hovers.txt: what an editor shows on the public types. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readHovers } from './typescript/hovers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
export const hoversPath = 'test/golden/hovers.txt'

export const hoversText = (): string =>
  readHovers(root, ['test/types/cases/*/hovers.ts'])
    .map(({ code, shown }) => [code, ...shown.map((line) => `    ${line}`)].join('\n'))
    .join('\n\n')
    .concat('\n')

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(`${root}${hoversPath}`, hoversText())
