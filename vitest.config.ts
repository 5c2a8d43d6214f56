import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/kit/slow-first.ts';

// `npm test` runs the project "ordinary", `npm run test:long` the project "long".
export default defineConfig({
  test: {
    pool: 'threads',
    // Files share a worker's modules: a test leaves no state behind in them. Worth a third of the time.
    isolate: false,
    // Two for each processor: one of two always waits for a process, a page or a database. More than eight have not been
    // tried together.
    maxWorkers: Math.min(8, 2 * Math.max(2, availableParallelism())),
    sequence: { sequencer: SlowFirst },
    globalSetup: 'test/kit/global-setup.ts',
    // Many times what any of them takes: a machine that others use too is no reason to fail.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'ordinary', include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'long', include: ['test/**/*.long.ts'], testTimeout: 30 * 60_000 },
      },
    ],
  },
});
