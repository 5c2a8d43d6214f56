import type { TestProject } from 'vitest/node';
import { findChromium, findHeadlessShell } from '../../scripts/lib/tools.ts';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** For `createDatabase` and `makeTemplate` of postgres.ts. */
    postgresUrl: string;
    chromiumPath: string;
    /** The same as `chromiumPath` where there is no other. */
    headlessPath: string;
  }
}

/** Once in a run, before any worker: the server and the browser that the tests share. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const chromium = await findChromium();
  if (!chromium) throw new Error('There is no Chromium for the tests: npm test installs one.');
  const postgres = await startPostgres();
  project.provide('chromiumPath', chromium);
  project.provide('headlessPath', findHeadlessShell() ?? chromium);
  project.provide('postgresUrl', postgres.url);
  return postgres.stop;
}
