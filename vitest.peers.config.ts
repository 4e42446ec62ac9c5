/** `npm run test:peers`: what other implementations say, in a Python that has safetensors and numpy. Where it lacks them, it fails and says so. */
import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

export default defineConfig({ ...base, test: { ...base.test, include: ['test/peers/**/*.test.ts'], exclude: [] } })
