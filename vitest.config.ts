/** How the tests run: one process a file, with `gc` at hand for the law about garbage. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { closingLine } from './scripts/closing-line.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^shapewright$/, replacement: at('src/index.ts') },
      { find: /^shapewright\/csv$/, replacement: at('src/data/csv/index.ts') },
      { find: /^shapewright\/data$/, replacement: at('src/data/index.ts') },
      { find: /^shapewright\/files$/, replacement: at('src/files/index.ts') },
      { find: /^shapewright\/images$/, replacement: at('src/data/images/index.ts') },
      { find: /^shapewright\/onnx$/, replacement: at('src/formats/onnx/index.ts') },
      { find: /^shapewright\/ops$/, replacement: at('src/ops.ts') },
      { find: /^shapewright\/parquet$/, replacement: at('src/data/parquet/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // they need a Python: `npm run test:peers`
    exclude: ['test/peers/**', '**/node_modules/**'],
    pool: 'forks',
    // Vitest would leave one processor idle: with two, that is half the time
    maxWorkers: '100%',
    execArgv: ['--expose-gc'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', closingLine],
  },
})
