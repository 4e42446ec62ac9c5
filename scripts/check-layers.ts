/** `npm run check:layers`: import direction, cycles, sizes and foreign imports of src/ and types/. */
import { breaches, showBreach } from './layers.ts'
import { readModules } from './typescript/modules.ts'

const modules = readModules(process.cwd(), ['src', 'types'])
const found = breaches(modules)
for (const breach of found) console.error(showBreach(breach))
console.log(`check:layers: ${modules.length} modules, ${found.length} breaches`)
process.exitCode = found.length === 0 ? 0 : 1
