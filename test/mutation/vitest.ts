import { defineConfig } from 'vitest/config';
import { ROOMS } from './rooms.ts';

// What Stryker runs against each mutant: the tests of the room at hand, on SQLite, without what needs a browser or a
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
    include: [...(ROOMS[process.env['MUTATION_ROOM'] ?? ''] ?? [])],
  },
});
