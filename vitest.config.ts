import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

if (Number(process.versions.node.split('.')[0]) < 22) {
  throw new Error(`vitest must run on Node 24 (npm test), this is ${process.versions.node}`)
}

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    setupFiles: ['tests/setup.ts'],
    // Native drivers, child processes and signals want a process of their own, not a thread.
    pool: 'forks',
    maxWorkers: Math.max(1, Math.min(4, availableParallelism())),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    // As long as anything may take on a machine that does many things.
    expect: { poll: { timeout: 10_000 } },
    reporters: ['default', './scripts/vitest-summary.mjs'],
  },
})
