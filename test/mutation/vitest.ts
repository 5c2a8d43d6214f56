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
    // They read the source, or ask for a database server.
    testNamePattern:
      /^(?!.*(only three places give out a cookie|nobody else writes the table|where PostgreSQL is set|on postgres))/,
    include: [
      'src/{factors,sessions,sign-in,throttle}/**/*.test.ts',
      'test/{attacks,journeys}/**/*.test.ts',
      'test/contracts/factors.test.ts',
      'test/oidc/*.test.ts',
    ],
    // They judge what is not mutated here, slowly, or need a database server.
    exclude: [
      'test/attacks/{app-store-files,clock-jump,headers,json-clients,lock-order,malformed,passwords}.test.ts',
      'test/journeys/{admin-apps,admin-groups,admin-invite-many,admin-people,admin-records,api-documented,api-store,overview}.test.ts',
    ],
  },
});
