import { defineConfig } from 'vitest/config';

// What Stryker runs against each mutant: the tests of the core, on SQLite, without what needs a browser or a
// database server, or reads the source, which is another one here.
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    pool: 'threads',
    isolate: false,
    env: { TEST_ENGINES: 'sqlite' },
    testTimeout: 30_000,
    // It reads the source.
    testNamePattern: /^(?!.*only three places give out a cookie)/,
    include: [
      'src/{factors,sessions,sign-in,throttle}/**/*.test.ts',
      'test/attacks/{complete,complete-leaves,guess-model,guess-limits,guess-budget,every-door,replay,rule-doors,own-security,recovery-codes}.test.ts',
      'test/journeys/{second-step,trusted-browsers,new-browser,accepted-methods,newcomer,security-keys}.test.ts',
    ],
  },
});
