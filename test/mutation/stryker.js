import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** For Stryker, which `npm run test:long -- mutation` starts in the root of the checkout. */
export default {
  testRunner: 'vitest',
  plugins: [here('node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
  vitest: { configFile: 'test/mutation/vitest.ts', related: false },
  // Words, pages and routes are for journeys to judge: what mutates there is mostly how something looks.
  mutate: [
    'src/{factors,sessions,sign-in,throttle}/**/*.ts',
    '!src/**/*.test.ts',
    '!src/**/*{words,pages,routes}*.ts',
  ],
  ignorePatterns: ['data', 'docs', 'test/browser', 'test/bench'],
  // TypeScript 7 has none of the functions by which Stryker would rewrite one.
  tsconfigFile: 'none.json',
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  // Not inside node_modules: Node strips no types there, and a thread is started from the copy.
  tempDirName: '.stryker-tmp',
};
