import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** For Stryker, which `npm run test:long -- mutation` starts in the root of the checkout, once for each of `rooms.ts`. */
export default {
  testRunner: 'vitest',
  plugins: [here('node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
  vitest: { configFile: 'test/mutation/vitest.ts', related: false },
  ignorePatterns: ['data', 'docs', 'test/browser', 'test/bench'],
  // TypeScript 7 has none of the functions by which Stryker would rewrite one.
  tsconfigFile: 'none.json',
  ignoreStatic: true,
  // Of a room that falls below, the run fails.
  thresholds: { high: 95, low: 90, break: 90 },
  concurrency: 2,
  // A busy machine is no reason to call a mutant dead.
  timeoutMS: 60_000,
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  // Not inside node_modules: Node strips no types there, and a thread is started from the copy.
  tempDirName: '.stryker-tmp',
};
