import { fileURLToPath } from 'node:url';
import { installTools } from './lib/tools.ts';

// npm test, npm run test:long: what the tests need from the system, then Vitest in this process.
// The first argument names the project of vitest.config.ts, the others are Vitest's.

const [project = 'ordinary', ...args] = process.argv.slice(2);
const missing = await installTools();
if (missing.length > 0) {
  for (const line of missing) console.error(line);
  console.error('The tests need what is missing above, so none was run.');
  process.exit(1);
}

const root = new URL('..', import.meta.url);
process.chdir(fileURLToPath(root));
process.argv = [process.execPath, 'vitest', 'run', '--project', project, ...args];
await import(new URL('node_modules/vitest/vitest.mjs', root).href);
